"""What every engine compares in the same way: embedding models, and articles with their passages."""

from collections.abc import Sequence
from typing import NamedTuple

from index.errors import ArticleError, ModelMismatchError
from index.store.base import Counts, EmbeddingModel
from index.types import Article, Passage


class AskedModel(NamedTuple):
    """The embedding model that a program works with; its dimension is None before it is loaded."""

    name: str
    dimension: int | None


def require_same_model(where: str, asked: AskedModel, *, there: EmbeddingModel | None, held: Counts) -> None:
    """Raise ModelMismatchError if the store ``where`` holds vectors of another model than is ``asked`` for."""
    if there is None or not held.passages or (there.name == asked.name and asked.dimension in (None, there.dimension)):
        return
    wanted = asked.name if asked.dimension is None else f"{asked.name} ({asked.dimension} dimensions)"
    articles = f"{held.articles} article{'s' * (held.articles != 1)}"
    raise ModelMismatchError(
        f"{where} was built with {there.name} ({there.dimension} dimensions); you asked for {wanted}.",
        remedy=f"Run `pullquote reindex` to rebuild its vectors ({articles}), or set"
        f" PULLQUOTE_EMBEDDING_MODEL to {there.name}.",
    )


def require_bound(where: str, bound: str | None, *, there: EmbeddingModel | None) -> EmbeddingModel:
    """Return the model of the store ``where``. Raises ModelMismatchError unless a program is bound to it."""
    if there is None or there.name != bound:
        raise ModelMismatchError(
            f"{where} holds vectors of {there.name if there else 'no model'} by now, not of {bound}.",
            remedy="Start this program again.",
        )
    return there


def same_key(article: Article) -> ArticleError:
    """Return the error that another article has the key that ``article`` is to have: its address."""
    return ArticleError(
        f"Another article has the address {article.key}.", remedy="Give another, or remove one of the two."
    )


def tile(article: Article, passages: Sequence[Passage]) -> bool:
    """Whether an article's passages add up to its text, each with its sentences inside it."""
    edges = [0, *(passage.end for passage in passages)]
    starts = [*(passage.start for passage in passages), len(article.text)]
    return edges == starts and all(
        passage.start <= start < end <= passage.end for passage in passages for start, end in passage.sentences
    )
