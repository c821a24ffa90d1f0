"""Errors that Ledby raises, and nothing else.

LedbyError                 one plain line for the user, exit code 2
|- UsageError              a wrong option, an empty folder, a missing path
|- CatalogueError          corpus/catalogue.toml is wrong; the message carries the line number
|- DocumentError           a file cannot be read (encrypted, damaged, empty, too large)
|- IndexError_             the index is missing, damaged or of another version
|  `- BusyError            another ingest holds the index
`- ServiceError            a Chroma server or a language model does not answer

Exceptions of chromadb, pypdf and other libraries are mapped to these where the library is called,
so that nothing above that seam knows which library it was.
"""

from __future__ import annotations


class LedbyError(Exception):
    """Base of all errors; ``str(error)`` is one line that says what is wrong and what to do next."""


class UsageError(LedbyError):
    """The request itself is wrong: option, path, empty input."""


class CatalogueError(LedbyError):
    """The catalogue file cannot be used; the message names the line."""


class DocumentError(LedbyError):
    """A document cannot be read; the message names the file and the reason."""


class IndexError_(LedbyError):
    """The index is missing, damaged, or was written by another version."""


class BusyError(IndexError_):
    """Another process is writing this index."""


class ServiceError(LedbyError):
    """A service that Ledby was configured to use does not answer."""
