"""The error tree.

PullquoteError
├── InputError                 what came in cannot be used
│   ├── QuestionError          the question is empty, too long or not text
│   ├── ArticleError           the article is empty or not text
│   ├── EvidenceError          the answer is not as this service gave it
│   └── FormatError            the file is of a kind that is not read, or is not what its name says
│       ├── NoArticleError     it can be read, and what it shows is no article
│       ├── UnreachableError   it cannot be fetched now, and may be later
│       ├── SupersededError    it holds an older version of a story than the store
│       └── WithdrawnError     it says that a story is to be removed
├── NotFoundError              no article has that id
│   └── EmbargoedError         it must not be quoted yet
├── StoppedError               nobody waits for the work any more, or its time is over
├── FullError                  as many answers are kept as there may be
├── SettingsError              a setting has a value that cannot be used
├── ModelError                 a model cannot be loaded or used
└── StoreError                 the store cannot do what was asked
    ├── StoreUnavailableError  it cannot be opened, read or written
    │   └── StoreFullError     its disk has no room
    ├── StoreBusyError         another process has been writing for too long
    ├── StoreCorruptError      what is on disk is not what was written
    └── ModelMismatchError     its vectors come from another embedding model
"""


class PullquoteError(Exception):
    """An error that says what happened, with which value, and what to do about it.

    ``str(error)`` is one or two sentences for a person: what happened, which ``what`` is, then the remedy.
    """

    def __init__(self, what: str, *, remedy: str = "") -> None:
        """Join what happened and the remedy into the message."""
        super().__init__(f"{what} {remedy}".strip())
        self.what = what


class InputError(PullquoteError):
    """What came in cannot be used."""


class QuestionError(InputError):
    """The question is empty, too long or not text."""


class ArticleError(InputError):
    """The article is empty or not text."""


class EvidenceError(InputError):
    """The answer is not as this service gave it."""


class FormatError(InputError):
    """The file is of a kind that is not read, or is not what its name says."""


class NoArticleError(FormatError):
    """The file can be read, and what it shows is no article."""


class UnreachableError(FormatError):
    """The address cannot be fetched now, and may be later."""


class WithdrawnError(FormatError):
    """The file says that a story is to be removed: ``key`` is what it is known by."""

    def __init__(self, what: str, *, key: str, edition: str = "", remedy: str = "Nothing of it is quoted.") -> None:
        """Take the key of the story, and which edition of it is withdrawn (see ``index/editions.py``)."""
        super().__init__(what, remedy=remedy)
        self.key = key
        self.edition = edition


class SupersededError(FormatError):
    """The file holds an older version of a story than the store: ``stored`` are the id and the version there."""

    def __init__(self, what: str, *, stored: tuple[int, int] = (0, 0), remedy: str = "Nothing was changed.") -> None:
        """Take what the store has of the story, zeros where it was withdrawn."""
        super().__init__(what, remedy=remedy)
        self.stored = stored


class NotFoundError(PullquoteError):
    """No article has that id."""


class EmbargoedError(NotFoundError):
    """The article must not be quoted yet: to whoever quotes, it is not there."""


class StoppedError(PullquoteError):
    """Nobody waits for the work any more, or its time is over."""


class FullError(PullquoteError):
    """As many answers are kept as there may be."""


class SettingsError(PullquoteError):
    """A setting has a value that cannot be used."""


class ModelError(PullquoteError):
    """A model cannot be loaded or used."""


class StoreError(PullquoteError):
    """The store cannot do what was asked."""


class StoreUnavailableError(StoreError):
    """The store cannot be opened, read or written."""


class StoreFullError(StoreUnavailableError):
    """The disk of the store has no room for what is to be written."""


class StoreBusyError(StoreError):
    """Another process has been writing for too long."""


class StoreCorruptError(StoreError):
    """What is on disk is not what was written."""


class ModelMismatchError(StoreError):
    """The store's vectors come from another embedding model than the one now set."""
