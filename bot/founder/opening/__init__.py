"""What opens together with a founder's case: its first thread, and cases of other troubles."""
