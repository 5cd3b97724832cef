"""Question in: dense and lexical search, fused into hits."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from index.embedding import Embedder, Vectors
from index.speakers import Speakers
from index.store.base import Candidates, Store
from index.text.words import search_words
from index.types import Filters, Hit

RRF_K = 60
_DEEPER = 5
_DEEPEST = 100
# "ROME (AP) —", "WASHINGTON, Jan. 5 (Reuters) -"
_DATELINE = re.compile(
    r"^[A-Z][A-Z0-9 .,’'/]{1,40}(?:[A-Z][a-z]{2,8}\.? \d{1,2} ?)?(?:\([A-Za-z ]{2,20}\) ?)?\s?(?:—|–|--|-)\s"
)
_MOST_WORDS = 64


@dataclass(frozen=True)
class Found:
    """What a search found: hits, best first, and among how many of the store's articles it looked."""

    hits: list[Hit]
    articles_searched: int
    articles_stored: int


class Searcher:
    """Find passages for a question."""

    def __init__(self, store: Store, embedder: Embedder) -> None:
        """Take the store and the embedder. Raises ModelMismatchError if the store's vectors are of another."""
        store.bind(embedder.name, embedder.dimension)
        self._store = store
        self._embedder = embedder
        self.speakers = Speakers(store)

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """Return the vectors of several texts, embedded together, for ``search``: a row for each."""
        return self._embedder.encode_passages(texts)

    def search(
        self, question: str, *, k: int = 20, filters: Filters | None = None, vector: Vectors | None = None
    ) -> Found:
        """Return the ``k`` best passages for ``question``, best first.

        The ``k`` nearest by embedding and the ``k`` best by BM25 are joined by reciprocal rank fusion with
        constant 60 (Cormack, Clarke & Büttcher 2009); ties go to the lower passage id. Of articles that are nearly the
        same, a passage whose sentences stand in better ones is left out, as is one of furniture alone, and the next
        ones take its place. ``vector`` is the question's, where it is known. Raises StoreError.
        """
        vector = self._embedder.encode_query(question) if vector is None else vector
        words = search_words(question)[:_MOST_WORDS]
        filters = self.speakers.widened(filters or Filters())
        deep = k
        candidates = self._store.search(vector, words, k=k, filters=filters)
        hits = _distinct(_fused(candidates))
        while len(hits) < min(k, len(candidates.passages) + candidates.left_out) and deep < _DEEPEST * k:
            deep *= _DEEPER
            candidates = self._store.search(vector, words, k=deep, filters=filters)
            hits = _distinct(_fused(candidates))
        copies = {
            article_id: self._store.copies(article_id, filters=filters)
            for article_id in {hit.article.id for hit in hits[:k] if hit.story is not None}
        }
        best = [replace(hit, copies=copies[hit.article.id]) if hit.story is not None else hit for hit in hits[:k]]
        return Found(best, candidates.articles_searched, candidates.articles_stored)


def _fused(candidates: Candidates) -> list[Hit]:
    """Return the hits of both rankings, best first."""
    dense, lexical = dict(candidates.dense), dict(candidates.lexical)
    ranks: dict[int, float] = {}
    for ranking in (dense, lexical):
        for rank, passage_id in enumerate(ranking, start=1):
            ranks[passage_id] = ranks.get(passage_id, 0.0) + (RRF_K + 1) / (RRF_K + rank) / 2
    hits = []
    for passage_id in sorted(ranks, key=lambda each: (-ranks[each], each)):
        passage = candidates.passages[passage_id]
        hits.append(
            Hit(
                article=candidates.articles[passage.article_id],
                passage=passage,
                dense=min(max(dense[passage_id], 0.0), 1.0) if passage_id in dense else None,
                lexical=lexical[passage_id] / (1 + lexical[passage_id]) if passage_id in lexical else None,
                score=ranks[passage_id],
                attributions=candidates.attributions[passage_id],
                stances=candidates.stances[passage_id],
                story=candidates.stories.get(passage.article_id),
            )
        )
    return hits


def _distinct(hits: Sequence[Hit]) -> list[Hit]:
    """Return the hits without passages whose every sentence stands in better ones, in articles of the same story.

    What is put before the first sentence of such copies, "ROME (AP) —", makes no difference, nor do bits of two words.
    """
    kept: list[Hit] = []
    seen: dict[int, dict[str, int]] = {}
    for hit in hits:
        if hit.story is not None:
            first_in = seen.setdefault(hit.story, {})
            sentences = (_DATELINE.sub("", hit.article.text[start:end]) for start, end in hit.passage.sentences)
            own = {each for each in sentences if len(each.split()) > 2}
            if own and all(first_in.get(each, hit.article.id) != hit.article.id for each in own):
                continue
            for each in own:
                first_in.setdefault(each, hit.article.id)
        kept.append(hit)
    return kept


def together(found: Sequence[Found], *, k: int) -> Found:
    """Return the ``k`` passages with the highest average score over what several questions found, best first.

    A passage that a question did not find scores 0 there; ties go to the lower passage id.
    """
    if len(found) == 1:
        return found[0]
    hits: dict[int, Hit] = {}
    scores: dict[int, float] = {}
    for hit in (hit for each in found for hit in each.hits):
        hits.setdefault(hit.passage.id, hit)
        scores[hit.passage.id] = scores.get(hit.passage.id, 0.0) + hit.score / len(found)
    best = sorted(scores, key=lambda passage_id: (-scores[passage_id], passage_id))[:k]
    joined = [replace(hits[passage_id], score=scores[passage_id]) for passage_id in best]
    return Found(joined, found[0].articles_searched, found[0].articles_stored)
