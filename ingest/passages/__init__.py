"""From a Document to its Passages."""
