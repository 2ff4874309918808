"""What all open pages share: the look for changes, and when cases are due."""
