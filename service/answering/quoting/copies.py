"""Where the words of a quote stand in near-duplicates of its article."""

from collections.abc import Sequence

from index.text.sentences import split_sentences
from index.types import Article, Span
from service.answering.types import Copy, Quote, ScoredSpan


def copies_of(quote: ScoredSpan) -> tuple[Copy, ...]:
    """Return the same sentences in the articles that are nearly the same as the quote's, once for each article.

    Where a sentence stands there more than once, it is the one as far down the text as in the quote's article.
    """
    sentences = [each for each in quote.hit.passage.sentences if quote.span.holds(each)]
    places = ((each, _place(quote, sentences, each)) for each in quote.hit.copies)
    return tuple(Copy(article, place) for article, place in places if place)


def first_published(quote: Quote) -> Article | None:
    """Return the one of a quote's article and its copies that was published first.

    None where there is no copy, where the day of one is not known, or where two appeared on that day.
    """
    articles = [quote.article, *(copy.article for copy in quote.copies)]
    days = [each.published for each in articles]
    first = min((day for day in days if day), default=None)
    if len(articles) == 1 or None in days or days.count(first) > 1:
        return None
    return articles[days.index(first)]


def _place(quote: ScoredSpan, sentences: Sequence[Span], other: Article) -> Span | None:
    words = [quote.article.text[start:end] for start, end in sentences]
    if not words:
        return None
    theirs = split_sentences(other.text)
    runs = [theirs[at : at + len(words)] for at in range(len(theirs) - len(words) + 1)]
    starts = [Span(run[0].end - len(words[0]), run[-1].end) for run in runs if _same(run, words, other.text)]
    share = quote.span.start / len(quote.article.text)
    return min(starts, key=lambda each: abs(each.start / len(other.text) - share), default=None)


def _same(run: Sequence[Span], words: Sequence[str], text: str) -> bool:
    """Whether a run of sentences has these words; a dateline ("ROME (AP) —") may stand before the first."""
    (first, *others), (start, end) = words, run[0]
    begins = end - len(first)
    return (
        begins >= start
        and text.startswith(first, begins)
        and (begins == start or text[begins - 1].isspace())
        and [text[left:right] for left, right in run[1:]] == others
    )
