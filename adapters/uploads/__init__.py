"""Files that admins upload, and the library service over them."""
