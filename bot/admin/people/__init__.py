"""What admins do about people who are not staff."""
