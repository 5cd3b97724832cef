"""What one speaker said, across all articles, in order of day."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence, Set
from dataclasses import dataclass, replace

from index.search import Searcher
from index.speakers import Speaker
from index.store.base import Saying, SayingPlace, Store
from index.store.catalogue import Choice
from index.text.words import meaning_words, stem, stems
from index.types import Article, Attribution, Filters, Passage, Span, Stance

_SEARCHED = 100
_BATCH = 200


@dataclass(frozen=True)
class Said:
    """Words of an article that it attributes to a speaker: the sentences at ``span``, which hold all of them."""

    article: Article
    span: Span
    attribution: Attribution
    stances: tuple[Stance, ...]
    place: SayingPlace


class Sayings:
    """Find what speakers said in a store."""

    def __init__(self, store: Store, searcher: Searcher) -> None:
        """Take the store, and what searches it."""
        self._store = store
        self._searcher = searcher

    def of(
        self, speaker: Speaker, *, filters: Filters, limit: int, after: SayingPlace | None = None
    ) -> tuple[list[Said], SayingPlace | None]:
        """Return at most ``limit`` sayings by day, and the place of the last where more follow. Raises StoreError."""
        found = self._store.sayings(speaker.names, filters=filters, limit=limit + 1, after=after)
        shown = found[:limit]
        return self._said(shown), shown[-1].place if len(found) > limit else None

    def about(self, speaker: Speaker, topic: str, *, filters: Filters, limit: int) -> list[Said]:
        """Return at most ``limit`` sayings in passages that have a word of ``topic``, the best passage first."""
        theirs = replace(filters, speakers=(speaker.name,), speaker_names=speaker.names)
        hits = [hit for hit in self._searcher.search(topic, k=_SEARCHED, filters=theirs).hits if hit.lexical]
        rank = {hit.article.id: at for at, hit in reversed(list(enumerate(hits)))}
        spans: dict[int, list[Span]] = {}
        for hit in hits:
            spans.setdefault(hit.article.id, []).append(hit.passage.span)
        if not spans:
            return []
        within = Filters(article_ids=tuple(spans))
        found = [
            each
            for each in self._store.sayings(speaker.names, filters=within, limit=_SEARCHED)
            if any(place.overlap(words) for place in spans[each.article.id] for words in each.attribution.contents)
        ]
        return self._said(sorted(found, key=lambda each: rank[each.article.id])[:limit])

    def on(
        self, speaker: Speaker, topic: str, *, filters: Filters, limit: int, after: SayingPlace | None = None
    ) -> tuple[list[Said], SayingPlace | None]:
        """Return at most ``limit`` sayings on a topic by day, and the place of the last where more follow.

        They stand in passages that have all words of ``topic``, or those that the article's title has not. Raises
        StoreError.
        """
        words = meaning_words(topic)
        if not words:
            return self.of(speaker, filters=filters, limit=limit, after=after)
        choice = Choice(" ".join(words), filters.publishers, filters.published_from, filters.published_to)
        ids = self._store.catalogue().ids(choice)
        within = replace(filters, article_ids=tuple(ids))
        asked = {stem(word) for word in words}
        found: list[Saying] = []
        while ids and len(found) <= limit:
            batch = self._store.sayings(speaker.names, filters=within, limit=_BATCH, after=after)
            passages = {each: self._store.passages(each) for each in {one.article.id for one in batch}}
            found += [each for each in batch if _is_on(each, asked, passages[each.article.id])]
            if len(batch) < _BATCH:
                break
            after = batch[-1].place
        shown = found[:limit]
        return self._said(shown), shown[-1].place if len(found) > limit else None

    def _said(self, sayings: Sequence[Saying]) -> list[Said]:
        ids = {each.article.id for each in sayings}
        stances = {each: tuple(self._store.stances(each)) for each in ids}
        sentences = {
            each: [span for passage in self._store.passages(each) for span in passage.sentences] for each in ids
        }
        return [
            Said(
                article,
                _sentences_around(attribution.contents, sentences[article.id]),
                attribution,
                stances[article.id],
                place,
            )
            for article, attribution, place in sayings
        ]


def _is_on(saying: Saying, asked: Set[str], passages: Sequence[Passage]) -> bool:
    article, contents = saying.article, saying.attribution.contents
    around = (each.span for each in passages if any(each.span.overlap(words) for words in contents))
    return asked <= stems(" ".join([article.title, *(article.text[slice(*span)] for span in around)]))


def _sentences_around(contents: Sequence[Span], sentences: Sequence[Span]) -> Span:
    """Return the span of the whole sentences that hold ``contents``."""
    start, end = min(each.start for each in contents), max(each.end for each in contents)
    first = max(bisect_right([each.start for each in sentences], start) - 1, 0)
    last = min(bisect_left([each.end for each in sentences], end), len(sentences) - 1)
    return Span(min(sentences[first].start, start), max(sentences[last].end, end))
