"""Places in free text: the gazetteer."""
