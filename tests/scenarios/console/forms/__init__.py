"""What the console gives and takes over HTTP, without a browser."""
