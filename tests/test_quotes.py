from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.types import Attribution, Span
from service.answering.quoting.selection import take_quotes
from service.answering.quoting.selectors import position, source_link
from service.answering.types import ScoredSpan
from tests.conftest import hit_of, make_article


def spans_of(*texts: str) -> list[ScoredSpan]:
    """One article for each text, quoted whole."""
    articles = [make_article(text, id=number) for number, text in enumerate(texts, 1)]
    return [ScoredSpan(hit_of(each), Span(0, len(each.text)), 0.9) for each in articles]


def test_near_duplicates_are_shown_once() -> None:
    spans = spans_of(
        "The FSB recorded 261,000 men leaving in four days, said the outlet.",
        "The FSB recorded 261,000 men leaving in four days, the outlet said.",
        "The FSB recorded 300,000 men leaving in four days, said the outlet.",
        "Border guards turned men away.",
    )
    taken = take_quotes(spans, most=9)
    assert [quote.article.id for quote in taken] == [1, 3, 4]
    assert [quote.number for quote in taken] == [1, 2, 3]


@pytest.mark.parametrize("other", ["will not close", "won’t close", "will never close"])
def test_the_opposite_is_no_duplicate(other: str) -> None:
    texts = (
        f"Russia {verb} the border for all men of military age this week, he said." for verb in ("will close", other)
    )
    assert len(take_quotes(spans_of(*texts), most=9)) == 2


def test_overlapping_spans_of_one_article_are_shown_once() -> None:
    article = make_article("A cat sat. A dog ran. A bird flew.", id=1)
    spans = [ScoredSpan(hit_of(article), Span(*edges), 0.9) for edges in ((0, 21), (11, 21), (22, 34))]
    assert [quote.span for quote in take_quotes(spans, most=9)] == [(0, 21), (22, 34)]


def test_no_more_are_taken_than_asked_for() -> None:
    spans = spans_of("A cat sat.", "A dog ran.", "A bird flew.")
    assert len(take_quotes(spans, most=2)) == 2


def test_of_two_with_the_same_short_answer_one_that_tells_whose_words_it_is_comes_first() -> None:
    silent = make_article("Sept. 28 is not the only date.", id=1)
    telling = make_article("Sept. 28 is the date, Meduza said.", id=2)
    said = Attribution("Meduza", Span(22, 28), Span(29, 33), (Span(0, 20),))

    def taken(confidence: float, *lit: int) -> list[int]:
        spans = [
            ScoredSpan(hit_of(silent), Span(0, len(silent.text)), 0.9, (Span(0, 8),)),
            ScoredSpan(hit_of(telling), Span(0, len(telling.text)), confidence, (Span(*lit),), (said,)),
        ]
        return [quote.article.id for quote in take_quotes(spans, most=1)]

    assert taken(0.8, 0, 8) == [2]
    assert taken(0.5, 0, 8) == [1], "it is much less sure"
    assert taken(0.8, 16, 20) == [1], "it is another answer"


def test_a_position_counts_utf16_and_occurrences() -> None:
    text = "👍🏽 yes. Then yes. And yes."
    article = make_article(text)
    start = text.index("yes.", 12)
    at = position(article, Span(start, start + 4))
    assert (at.start_utf16, at.end_utf16) == (start + 2, start + 6)
    assert at.occurrence == 2
    assert (at.prefix, at.suffix) == (text[:start], " And yes.")


@given(st.text(min_size=1), st.data())
def test_any_position_leads_back_to_its_words(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    at = position(make_article(text), Span(start, end))
    units = text.encode("utf-16-le", "surrogatepass")
    exact = units[2 * at.start_utf16 : 2 * at.end_utf16].decode("utf-16-le", "surrogatepass")
    assert exact == text[start:end]
    assert text[:start].endswith(at.prefix)
    assert text[end:].startswith(at.suffix)
    found = -1
    for _ in range(at.occurrence):
        found = text.index(exact, found + 1)
    assert found == start


@pytest.mark.parametrize(
    ("text", "directive"),
    [
        ("Sept. 28, the most-likely date & time.", "Sept.%2028%2C%20the%20most%2Dlikely%20date%20%26%20time."),
        (
            "one two three four five " + "more " * 40 + "six seven eight nine ten",
            "one%20two%20three%20four%20five,six%20seven%20eight%20nine%20ten",
        ),
        ("Two\nlines of a text", "Two%20lines%20of%20a%20text"),
    ],
)
def test_a_source_link_opens_the_page_at_the_words(text: str, directive: str) -> None:
    article = make_article(text, url="https://x.org/a#top")
    link = source_link(article, Span(0, len(text)))
    assert link == f"https://x.org/a#top:~:text={directive}"
    assert unquote(directive.partition(",")[0]).split()[0] == text.split()[0]


def test_without_a_page_there_is_no_source_link() -> None:
    assert source_link(make_article("Words."), Span(0, 6)) is None
