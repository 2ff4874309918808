"""A year of the case desk in a minute: `make simulate`. See docs/cases.md."""
