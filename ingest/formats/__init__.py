"""Readers of file formats, a module each; all but text are run in a child process."""
