"""The pages about the library: documents and editions, FAQ drafts."""
