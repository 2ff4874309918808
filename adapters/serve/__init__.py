"""The long-running process: channels, workers, HTTP, scheduled sources."""
