"""What is kept of people apart from their talks and cases: consents, blocks, what an export has."""
