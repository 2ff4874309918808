"""What was promised in the year, worked out without the code that keeps the promises."""
