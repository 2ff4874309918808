"""Known questions that grow by use: proposed by people's choices or a model, approved by an admin."""
