from datetime import date

import pytest

from index.types import Span
from service.answering.quoting.dates import resolve_dates
from tests.conftest import make_article

MONDAY = date(2022, 9, 26)


def resolved(text: str, published: date | None = MONDAY) -> list[tuple[str, str]]:
    article = make_article(text, published=published)
    return [(text[slice(*each)], str(value)) for each, value in resolve_dates(article, Span(0, len(text)))]


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("the travel ban could be imposed as early as Monday", [("Monday", "2022-09-26")]),
        ("guards had started turning men away as of Sunday", [("Sunday", "2022-09-25")]),
        ("Sept. 28 is named as the most likely date", [("Sept. 28", "2022-09-28")]),
        ("since Putin announced it Wednesday and Saturday", [("Wednesday", "2022-09-21"), ("Saturday", "2022-09-24")]),
        ("The vote will be held Friday", [("Friday", "2022-09-30")]),
        ("The vote will be announced on Friday", [("Friday", "2022-09-30")]),
        ("The results were announced on Friday", [("Friday", "2022-09-23")]),
        ("He said Tuesday that he would go", [("Tuesday", "2022-09-20")]),
        ("It rained yesterday and snows today", [("yesterday", "2022-09-25"), ("today", "2022-09-26")]),
        ("He left three days ago", [("three days ago", "2022-09-23")]),
        ("on 3 November", [("3 November", "2022-11-03")]),
        ("It will open on 3 January", [("3 January", "2023-01-03")]),
        ("She died on April 2", [("April 2", "2022-04-02")]),
        ("He said it opens on Oct. 20", [("Oct. 20", "2022-10-20")]),
        ("“We leave tomorrow,” she said on Wednesday.", [("tomorrow", "2022-09-22"), ("Wednesday", "2022-09-21")]),
        ("“We leave tomorrow,” she said.", [("tomorrow", "2022-09-27")]),
        ("On Friday he left, and since Sunday", [("Sunday", "2022-09-25")]),
        ("on January 3, 2019, it began", [("January 3, 2019", "2019-01-03")]),
        ("on 3 January 2019", [("3 January 2019", "2019-01-03")]),
        ("on last Thursday", [("last Thursday", "2022-09-22")]),
        ("by 2022-10-01", [("2022-10-01", "2022-10-01")]),
        ("He was killed by a drone on Friday", [("Friday", "2022-09-23")]),
        ("She unveiled her peace plan on Tuesday", [("Tuesday", "2022-09-20")]),
        ("They will travel to the United States on Friday", [("Friday", "2022-09-30")]),
        ("They will vote on the proposed bill on Friday", [("Friday", "2022-09-30")]),
        ("It must end by Friday", [("Friday", "2022-09-30")]),
        ("Lawmakers have to decide on Friday", [("Friday", "2022-09-30")]),
        ("on June 1 2020", [("June 1 2020", "2020-06-01")]),
    ],
)
def test_a_day_is_resolved(text: str, days: list[tuple[str, str]]) -> None:
    assert resolved(text) == days


@pytest.mark.parametrize(
    "text",
    [
        "The painter died on Nov. 3, six weeks after his wife did.",  # the last one was almost a year ago
        "he was asked what he was doing on the night of March 10",
        "on 3 January",
        "They will march 10 kilometers",
        "A soldier will be charged over Bloody Sunday",
        "The shops will open early for Black Friday",
        "Friday prayers",  # neither behind nor ahead
        "It will be next Friday",  # this week's or the next
        "on March 26 of some year",  # half a year away on both sides
        "They may march",
        "February 30 is no day",
        "two weeks ago",  # no day
        "Sunday Times",
        "on March 3 of last year",
        "From May 1 to May 3, 2016".removesuffix(" to May 3, 2016") + " in 1999",
        "the day before yesterday",
        "April 3, 2000 people",
        "2022-13-45",
    ],
)
def test_what_is_not_sure_stays_unresolved(text: str) -> None:
    assert resolved(text) == []


def test_without_a_day_of_publication_only_full_dates_are() -> None:
    text = "He came Monday, on Sept. 28, and left on May 1, 2020"
    assert resolved(text, None) == [("May 1, 2020", "2020-05-01")]


def test_only_the_quoted_words_are_looked_at() -> None:
    article = make_article("It began on May 1, 2020. It ended on May 9, 2020.", published=MONDAY)
    (only,) = resolve_dates(article, Span(25, 49))
    assert article.text[slice(*only.span)] == "May 9, 2020"
