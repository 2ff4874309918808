"""A mail provider on loopback: an IMAP server of our own, and aiosmtpd for SMTP."""
