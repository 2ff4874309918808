"""Place names in free text, looked up in a gazetteer."""
