"""The database engine, leases and process ownership, shared by all stores."""
