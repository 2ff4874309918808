"""What a mail says: its words without quotes, its files, who sent it and whether a person did. Pure."""
