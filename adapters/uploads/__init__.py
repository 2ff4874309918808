"""The library while it serves: the edition that answers is kept, and admins upload to it."""
