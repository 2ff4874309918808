"""Word, slides and sheets, and the zipped XML that they are made of."""
