"""The command line: a contract that tests hold and others build on."""

from adapters.cli.app import main

__all__ = ["main"]
