"""Random steps of five people, and the check that no one else's words are touched."""
