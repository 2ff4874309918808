"""The command line. Its options, JSON keys and exit codes are a contract; tests hold it."""

from adapters.cli.app import main

__all__ = ["main"]
