"""What staff do from the console, decided like what they write in a case's thread."""
