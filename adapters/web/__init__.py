"""The founders' page `/ask`: a question in a browser, its answer, and a link under which to come back."""
