"""A founder's rights over their data: what is told, asked, handed out and erased."""
