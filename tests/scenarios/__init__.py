"""End to end: the whole application over protocol servers."""
