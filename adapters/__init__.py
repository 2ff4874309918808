"""The edge: the command line, the settings, the wiring and the messengers."""
