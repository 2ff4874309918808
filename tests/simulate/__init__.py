"""A year of the case desk on a clock that is set: `make simulate`. See docs/cases.md."""
