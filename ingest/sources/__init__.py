"""Sources that are read on a schedule."""
