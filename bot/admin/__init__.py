"""What admins do: bind rooms, keep the library."""
