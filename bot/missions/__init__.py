"""The missions, their consultative bodies and office hours."""
