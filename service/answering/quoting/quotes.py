"""From spans to quotes: numbering them, showing near-duplicates once, and telling where they stand."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple
from urllib.parse import quote as percent_encode

from index.text.words import NEGATION, plain_words, stems
from index.types import Article, Hit, Span
from service.answering.quoting.dates import resolve_dates
from service.answering.quoting.speakers import cited_near, said_in
from service.answering.types import Copy, Quote, ScoredSpan

CONTEXT_CHARACTERS = 32
_ALIKE = 0.85
_CONSIDERED = 12
_ABOUT = 0.8
_WHOLE_FRAGMENT = 120
_END_WORDS = 5


class Position(NamedTuple):
    """Where a quote stands, in every measure that a reader of the article may need."""

    start_utf16: int
    end_utf16: int
    prefix: str
    suffix: str
    occurrence: int


def take_quotes(spans: Iterable[ScoredSpan], hits: Sequence[Hit], *, most: int) -> tuple[Quote, ...]:
    """Take the first ``most`` spans and number them, leaving out overlaps and near-duplicates of an earlier one.

    ``hits`` are the passages that they were read in, with who is cited there. Of spans with the same short answer and
    about the same confidence, one that tells whose words it is comes first.
    """
    taken: list[ScoredSpan] = []
    for candidate in _told_first(list(spans), hits):
        if len(taken) == most:
            break
        if not any(_overlap(candidate, other) or _alike(candidate, other) for other in taken):
            taken.append(candidate)
    return tuple(
        Quote(
            each.article,
            each.span,
            each.confidence,
            each.highlights,
            number,
            said_in(each, cited_near(each, hits)),
            resolve_dates(each.article, each.span),
            _copies(each, hits),
        )
        for number, each in enumerate(sorted(taken, key=lambda each: -each.confidence), start=1)
    )


def _copies(span: ScoredSpan, hits: Sequence[Hit]) -> tuple[Copy, ...]:
    """Find the very same words in the articles that are nearly the same as the span's; where they first stand."""
    articles = next((hit.copies for hit in hits if hit.article.id == span.article.id), ())
    places = ((each, each.text.find(span.text)) for each in articles)
    return tuple(Copy(each, Span(at, at + len(span.text))) for each, at in places if at >= 0)


def _told_first(spans: list[ScoredSpan], hits: Sequence[Hit]) -> list[ScoredSpan]:
    ordered = spans[:_CONSIDERED]
    for at, span in enumerate(ordered):
        same = [each for each in ordered[at + 1 :] if _lit(span) and _lit(each) == _lit(span)]
        near = [each for each in same if each.confidence >= _ABOUT * span.confidence]
        if near and not said_in(span, cited_near(span, hits)):
            told = next((each for each in near if said_in(each, cited_near(each, hits))), None)
            if told:
                ordered.remove(told)
                ordered.insert(at, told)
    return [*ordered, *spans[_CONSIDERED:]]


def _lit(span: ScoredSpan) -> tuple[str, ...]:
    return tuple(plain_words(span.article.text[start:end]) for start, end in span.highlights)


def _overlap(one: ScoredSpan, other: ScoredSpan) -> bool:
    return one.article.id == other.article.id and bool(one.span.overlap(other.span))


def _alike(one: ScoredSpan, other: ScoredSpan) -> bool:
    """Tell whether two spans say the same: 85% of their content words in common (Jaccard), numbers and "not" alike."""
    if NEGATION.findall(one.text.lower()) != NEGATION.findall(other.text.lower()):
        return False
    left, right = (stems(each.text) for each in (one, other))
    if any(word[0].isdigit() for word in left ^ right):
        return False
    return len(left & right) >= _ALIKE * len(left | right)


def position(article: Article, span: Span) -> Position:
    """Tell where ``span`` stands: UTF-16 offsets, 32 characters on either side, and which occurrence it is.

    ``occurrence`` counts the places up to and with this one where the article has the same words, from 1.
    """
    text = article.text
    start_utf16 = _utf16_length(text[: span.start])
    exact = text[span.start : span.end]
    occurrence, at = 0, text.find(exact)
    while 0 <= at <= span.start:
        occurrence += 1
        at = text.find(exact, at + 1)
    return Position(
        start_utf16=start_utf16,
        end_utf16=start_utf16 + _utf16_length(exact),
        prefix=text[max(0, span.start - CONTEXT_CHARACTERS) : span.start],
        suffix=text[span.end : span.end + CONTEXT_CHARACTERS],
        occurrence=occurrence,
    )


def _utf16_length(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def on_pages(article: Article, span: Span) -> str:
    """Say on which pages words stand: "p. 3", "pp. 3–4"; "" where the article has no pages."""
    first, last = article.pages_of(span) or (0, 0)
    if first == last:
        return f"p. {first}" if first else ""
    return f"pp. {first}–{last}"


def reader_link(article_id: int, span: Span) -> str:
    """Give the address, on this service, of the article opened at its quoted words."""
    return f"/articles/{article_id}#q={span.start}-{span.end}"


def source_link(article: Article, span: Span) -> str | None:
    """Give the publisher's page opened at the quoted words, as a URL text fragment; None where no page is known.

    A long quote, or one across lines, is named by its first and last five words, if it has ten. Source: the WICG
    draft "URL Fragment Text Directives".
    """
    if article.url is None:
        return None
    text = article.text[span.start : span.end]
    words = text.split()
    is_short = len(text) <= _WHOLE_FRAGMENT and "\n" not in text
    if is_short or len(words) < 2 * _END_WORDS:
        directive = _fragment(" ".join(words))
    else:
        directive = ",".join(_fragment(" ".join(end)) for end in (words[:_END_WORDS], words[-_END_WORDS:]))
    page, _, fragment = article.url.partition("#")
    return f"{page}#{fragment}:~:text={directive}"


def _fragment(words: str) -> str:
    # The directive's own syntax uses the dash, the comma and the ampersand.
    return percent_encode(words, safe="").replace("-", "%2D")
