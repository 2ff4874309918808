"""Runs the command line as `python -m adapters.cli`."""

from adapters.cli import main

main()
