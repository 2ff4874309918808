"""The bodies' desk played end to end."""
