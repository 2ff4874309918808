"""Cases, and what staff do with them."""
