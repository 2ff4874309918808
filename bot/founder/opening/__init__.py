"""What opens together with a founder's case: its draft, and cases of other troubles."""
