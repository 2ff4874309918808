"""From passages to a checked, cited answer."""
