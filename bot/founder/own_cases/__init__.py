"""What founders do with cases of theirs beyond writing in them."""
