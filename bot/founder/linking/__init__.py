"""One founder on two messengers."""
