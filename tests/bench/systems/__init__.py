"""The systems of the bench, a module each; each is imported only in the process that runs it."""
