"""Moving Naru to another database, and keeping copies of all it has."""
