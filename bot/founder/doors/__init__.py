"""Technology taken, rights infringed, a mail hacked: which doors stand open, and in which order."""
