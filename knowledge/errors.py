"""Errors of the library.

KnowledgeError
├── LibraryMissing      there is no edition to answer from
├── LibraryStale        an index was made by another embedder or analyser
├── LibraryChanged      another edition was made while this one was being prepared
├── StoreUnavailable    the database or the vector store cannot be opened, read or written
├── EmbedderMissing     the embedding model is missing or is not the one it claims to be
├── WriterFailed        the language model failed, stalled or wrote nothing usable
├── GlossaryBroken      a glossary file cannot be read
├── PhrasesBroken       a side file of known questions cannot be read
└── ExamBroken          an exam file cannot be read
"""


class KnowledgeError(Exception):
    """A sentence for the person who can act on it."""


class LibraryMissing(KnowledgeError):
    """There is no edition to answer from, or none of the number asked for."""


class LibraryStale(KnowledgeError):
    """An index was made by another embedder or analyser than the one in use."""


class DocumentUnknown(KnowledgeError):
    """The edition has no document of this id."""


class LibraryChanged(KnowledgeError):
    """Another edition was made active while this one was being prepared."""


class StoreUnavailable(KnowledgeError):
    """The database or the vector store cannot be opened, read or written."""


class EmbedderMissing(KnowledgeError):
    """The embedding model is missing or is not the one it claims to be."""


class WriterFailed(KnowledgeError):
    """The language model failed, stalled or wrote nothing usable."""


class GlossaryBroken(KnowledgeError):
    """A glossary file cannot be read."""


class PhrasesBroken(KnowledgeError):
    """A side file of known questions cannot be read; names the file."""


class ExamBroken(KnowledgeError):
    """An exam file cannot be read; names the file and the entry."""
