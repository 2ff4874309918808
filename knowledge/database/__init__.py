"""The database engine and process ownership, shared by all stores."""
