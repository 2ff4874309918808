"""E-mail as a messenger: IMAP in, SMTP out."""
