"""Text to vectors: the shipped encoder, read by numpy, and any sentence-transformers model."""
