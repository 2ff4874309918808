"""What an edition's indexes are made of: how often its texts have which words and letters."""
