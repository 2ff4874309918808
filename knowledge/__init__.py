"""What the sources say: from a question to a checked, cited Answer."""
