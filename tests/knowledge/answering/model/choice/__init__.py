"""A model chooses among sections."""
