"""Questions with answers that are made from resolved cases, on their way into the library."""
