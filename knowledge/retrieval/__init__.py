"""Finding passages and judging whether they answer."""
