"""The best of many scores, without sorting them all."""
