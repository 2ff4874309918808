"""Moving to another database, copies, and getting them back."""
