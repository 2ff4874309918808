"""Which sentences of a section are quoted, and how they are shown."""
