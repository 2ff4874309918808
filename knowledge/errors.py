"""What can go wrong with the sources.

KnowledgeError
├── LibraryMissing      there is no edition to answer from
├── LibraryStale        an index was made by another embedder or analyser
├── LibraryChanged      another edition was made while this one was being prepared
├── CatalogueDown       the database cannot be opened, read or written
├── EmbedderMissing     the model is not there or is not the one it claims to be
├── WriterFailed        the language model failed, stalled or wrote nothing usable
└── GlossaryBroken      a glossary file cannot be read
"""


class KnowledgeError(Exception):
    """A sentence for the person who can act on it."""


class LibraryMissing(KnowledgeError):
    """There is no edition to answer from."""


class LibraryStale(KnowledgeError):
    """An index was made by another embedder or analyser than the one in use."""


class LibraryChanged(KnowledgeError):
    """Another edition was made active while this one was being prepared."""


class StoreUnavailable(KnowledgeError):
    """The database cannot be opened, read or written."""


class EmbedderMissing(KnowledgeError):
    """The embedding model is not there, or is not the one it claims to be."""


class WriterFailed(KnowledgeError):
    """The language model failed, stalled or wrote nothing usable."""


class GlossaryBroken(KnowledgeError):
    """A glossary file cannot be read."""
