"""One talk is one matter: what is kept of it, how each message is read and what it leads to."""
