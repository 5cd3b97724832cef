"""The HTTP models of what there is in the archive."""

from datetime import date

from pydantic import BaseModel


class PublisherOut(BaseModel):
    """A publisher, and how many articles there are of it."""

    name: str
    articles: int


class PublishersOut(BaseModel):
    """Publishers, the likeliest first; ``total`` is how many are found, shown or not."""

    publishers: list[PublisherOut]
    total: int


class KindOut(BaseModel):
    """In what articles came, and how many did."""

    kind: str
    articles: int


class ArchiveOut(BaseModel):
    """What there is to ask: how many articles of how many publishers, of which days and kinds.

    ``fetches_addresses`` is whether an article may be added by its address alone.
    """

    articles: int
    publishers: int
    first_day: date | None
    last_day: date | None
    kinds: list[KindOut]
    fetches_addresses: bool


class ExampleOut(BaseModel):
    """A question, and the article that answers it first."""

    question: str
    article_id: int


class ExamplesOut(BaseModel):
    """Questions that the articles answer."""

    questions: list[ExampleOut]
