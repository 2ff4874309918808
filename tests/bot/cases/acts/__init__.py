"""What staff do with a case beyond writing in it."""
