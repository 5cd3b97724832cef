"""Articles in: read → split → annotate → embed → commit."""

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from index.annotator import Annotator
from index.attribution.rules import RuleTagger
from index.embedding import Embedder, Vectors
from index.errors import ArticleError, NotFoundError
from index.formats.decoding import non_text
from index.formats.reading import Original, Parser, parsed, read
from index.store.base import NOT_ANNOTATED, EmbeddingModel, Store
from index.store.editions import check_edition, note_edition
from index.text.addresses import is_web_address
from index.text.chunking import chunk
from index.text.sentences import split_sentences
from index.text.tables import words_as_read
from index.types import Annotations, Article, Passage, PassageSpan, Stored

LONGEST_FIELD = 2_000
LONGEST_TEXT = 5_000_000
_TITLE_CHARACTERS = 200


@dataclass(frozen=True)
class Prepared:
    """An article on its way in: ``stored`` is what the store would do with it; no passages if that is nothing."""

    article: Article
    stored: Stored
    passages: Sequence[PassageSpan] = ()
    annotations: Annotations = NOT_ANNOTATED

    @property
    def texts(self) -> list[str]:
        """The texts to be embedded, one for each passage."""
        return embedding_texts(self.article, self.passages)


class Ingester:
    """Put articles into a store."""

    def __init__(
        self,
        store: Store,
        embedder: Embedder,
        annotator: Annotator | None = None,
        *,
        parser: Parser = parsed,
    ) -> None:
        """Bind the store to the embedder; without an annotator, speakers are found by rule and no stances.

        ``parser`` parses files; the default does so in this process, without limits.
        Raises ModelMismatchError if the store's vectors are of another embedder.
        """
        store.bind(embedder.name, embedder.dimension)
        self.store = store
        self._embedder = embedder
        self._annotator = annotator or Annotator(RuleTagger())
        self._parser = parser

    def read(self, original: Original, **stated: Any) -> Article:  # noqa: ANN401 - the values of an article's fields
        """Return the article in ``original``; see ``reading.read``. Raises FormatError."""
        return read(original, self._parser, **stated)

    def add(self, article: Article) -> Stored:
        """Split, annotate, embed and commit one article; nothing is done anew for one that is there already.

        The article is stored whole or not at all. Raises ArticleError, SupersededError and StoreError.
        """
        prepared = self.prepare(article)
        return self.put(prepared, self.embed([prepared])[0])

    def prepare(self, article: Article) -> Prepared:
        """Split and annotate an article, unless it is there already.

        Raises ArticleError, SupersededError for an older version of a story that is stored, and StoreError.
        """
        check_article(article)
        stored = self.store.status(article)
        check_edition(self.store, article, known=stored)
        if stored.status == "unchanged":
            return Prepared(article, stored)
        sentences = split_sentences(article.text)
        passages = [_on_page(each, article) for each in chunk(article.text, sentences)]
        return Prepared(article, stored, passages, self._annotator.annotate(article.text, sentences))

    def embed(self, batch: Sequence[Prepared]) -> list[Vectors]:
        """Embed the passages of several articles together; return each one's vectors."""
        vectors = self._embedder.encode_passages([text for each in batch for text in each.texts])
        ends = list(itertools.accumulate(len(each.passages) for each in batch))
        return [vectors[end - len(each.passages) : end] for each, end in zip(batch, ends, strict=True)]

    def put(self, prepared: Prepared, vectors: Vectors) -> Stored:
        """Commit an article, if there is anything to commit. Raises StoreError."""
        article = prepared.article
        note_edition(self.store, article.key, article.edition)
        if prepared.stored.status == "unchanged":
            return prepared.stored
        return self.store.put(article, prepared.passages, vectors, annotations=prepared.annotations)


def _on_page(passage: PassageSpan, article: Article) -> PassageSpan:
    pages = article.pages_of(passage.span)
    return replace(passage, page=pages[0]) if pages else passage


def check_article(article: Article) -> None:
    """Raise ArticleError unless the article has words, is text throughout, and its address is one of the web."""
    for name in ("text", "title", "url", "author", "publisher"):
        value = getattr(article, name)
        if value is not None and (found := non_text(value)):
            raise ArticleError(f"The article's {name} holds {found}.", remedy="Save it as text (UTF-8) and try again.")
        if value is not None and name != "text" and len(value) > LONGEST_FIELD:
            raise ArticleError(
                f"The article's {name} has {len(value):,} characters.", remedy=f"Give at most {LONGEST_FIELD:,}."
            )
    if len(article.text) > LONGEST_TEXT:
        raise ArticleError(
            f"The article's text has {len(article.text):,} characters.",
            remedy=f"Divide it into articles of at most {LONGEST_TEXT:,}.",
        )
    if not any(character.isalnum() for character in article.text):
        raise ArticleError("The article has no text to quote.", remedy="Add one with at least one word.")
    if article.url is not None and not is_web_address(article.url):
        raise ArticleError(f"The article's url is {article.url!r}.", remedy="Give one that begins with https://.")


def embedding_texts(article: Article, passages: Sequence[PassageSpan]) -> list[str]:
    """Return what is embedded for each passage: its text, under the title where one came with the article.

    Cells of a table stand behind the headers of their columns.

    Of a long title only the beginning is taken: it must not push the passage out of the model's window.
    """
    title = f"{article.title[:_TITLE_CHARACTERS]}\n" if article.title_given else ""
    return [title + words_as_read(article.text, passage.span) for passage in passages]


def annotate_anew(store: Store, annotator: Annotator, *, stopped: Callable[[], bool] = lambda: False) -> int:
    """Annotate every article anew whose annotations another tagger found; return how many there were.

    ``stopped`` is asked before each article. Stopped in the middle, it goes on where it was when called again.
    """
    done = after = 0
    while ids := store.annotated_otherwise(annotator.name, limit=100, after=after):
        for after in ids:
            if stopped():
                return done
            try:
                article = store.article(after, embargoed=True)
            except NotFoundError:  # removed meanwhile
                continue
            store.annotate(article, annotator.annotate(article.text, split_sentences(article.text)))
            done += 1
    return done


def reindex(store: Store, embedder: Embedder, *, progress: Callable[[int], None] = lambda passages: None) -> int:
    """Make every vector of the store anew with ``embedder``, in one commit; return the number of passages.

    ``progress`` is called with the number of passages done since the last call. A stop in the middle leaves
    the store as it was.
    """
    done = 0

    def embed(article: Article, passages: Sequence[Passage]) -> Vectors:
        nonlocal done
        made = embedder.encode_passages(embedding_texts(article, passages))
        done += len(passages)
        progress(len(passages))
        return made

    store.replace_vectors(EmbeddingModel(embedder.name, embedder.dimension), embed)
    return done
