"""What the bodies' desk keeps: meetings and resolutions, digests, files to send."""
