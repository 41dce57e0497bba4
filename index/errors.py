"""The errors of this package.

IndexingError
├── ArticleError            one article cannot be read: its path and the reason
├── ModelError              the embedding model cannot be loaded, or is not the expected one
├── EncoderBusyError        too many questions wait for the encoder
├── BuildInProgressError    another process is building this index
├── NoIndexError            nothing has been built yet
├── IndexMismatchError      the index was made with another model or format
├── DamagedIndexError       a part of a generation is missing or not what the manifest says
└── StoreUnavailableError   the database that keeps the generations cannot be used
"""


class IndexingError(Exception):
    """Base of every error this package raises on purpose; its text is fit for an operator."""


class ArticleError(IndexingError):
    """One article cannot be read; the text is the reason, without the path."""


class ModelError(IndexingError):
    """The embedding model cannot be loaded, or is not the one that was expected."""


class EncoderBusyError(IndexingError):
    """Too many questions wait for the encoder; ask again in a moment."""


class BuildInProgressError(IndexingError):
    """Another process is building this index."""


class NoIndexError(IndexingError):
    """No generation has been built in this folder yet."""


class IndexMismatchError(IndexingError):
    """The index was made with another model or in another format."""


class DamagedIndexError(IndexingError):
    """A file of a generation is missing, or differs from what its manifest says."""


class StoreUnavailableError(IndexingError):
    """The database that keeps the generations cannot be reached or used; nothing is damaged."""
