"""`naru demo`: the whole job played once on a terminal, with made-up people."""
