"""The founders' page, over HTTP."""
