"""What a language model wrote: sentence by sentence, against the quotes it names."""

from decimal import Decimal

import pytest

from index.types import Span
from service.answering.claims import check, claims_in, numbers_in
from service.answering.types import Quote
from tests.conftest import make_article

BORDER = (
    "The FSB recorded 261,000 men leaving in the four days since Putin announced the draft, Novaya Gazeta reported."
)
DATE = "Sept. 28 is named as the most likely date, according to Meduza."
NOT = "Kazakhstan will not close its border, but it may ask for visas, “if it comes to that,” the minister said."


def quotes(*texts: str) -> list[Quote]:
    return [
        Quote(make_article(text), Span(0, len(text)), 0.9, (), number) for number, text in enumerate(texts, start=1)
    ]


GIVEN = quotes(BORDER, DATE, NOT)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("The men left [1].", [("The men left.", (1,))]),
        ("The men left. [1] Nobody stayed. [2][3]", [("The men left.", (1,)), ("Nobody stayed.", (2, 3))]),
        ("The men left [1, 2]. Nobody stayed.", [("The men left.", (1, 2)), ("Nobody stayed.", ())]),
        ("- **The men** left [1]\n- Nobody stayed (2)", [("The men left", (1,)), ("Nobody stayed", (2,))]),
        ("The men left [1], Meduza said [2].", [("The men left, Meduza said.", (1, 2))]),
        ("<think>Let me see. 42 [1]</think>The men left 【1】.", [("The men left.", (1,))]),
        ("<think>It never ends [1]", []),
        ("1. The men left [quote 1].", [("The men left.", (1,))]),
        (
            '{"sentences": [{"text": "The men left. Nobody stayed.", "quotes": [1, 2]}]}',
            [("The men left.", (1, 2)), ("Nobody stayed.", (1, 2))],
        ),
        ('Here: {"sentences": [{"text": "The men left [1].", "quotes": []}]}', [("The men left.", (1,))]),
        ('{"sentences": [{"text": "The men', [('{"sentences": [{"text": "The men', ())]),
        ('{"sentences": 14}', [('{"sentences": 14}', ())]),
        ("", []),
        ("[1] [2]", []),
        ("AT&amp;T left [1].", [("AT&T left.", (1,))]),
    ],
)
def test_what_was_written_is_split_into_claims(written: str, expected: list[tuple[str, tuple[int, ...]]]) -> None:
    assert claims_in(written) == expected


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("261,000 men", [261_000]),
        ("261000 men", [261_000]),
        ("forty million euros", [40_000_000]),
        ("1.5 million", [1_500_000]),
        ("twenty-one of 300 thousand", [21, 300_000]),
        ("on the 28th, the third time", [28, 3]),
        ("one of the men", []),
        ("two men", [2]),
        ("3.50 and 3.5", [Decimal("3.5")]),
    ],
)
def test_a_number_is_one_however_it_is_written(text: str, numbers: list[Decimal]) -> None:
    assert numbers_in(text) == set(map(Decimal, numbers))


@pytest.mark.parametrize(
    "written",
    [
        "The FSB recorded 261,000 men leaving [1].",
        "In four days, 261000 men left, Novaya Gazeta reported [1].",
        "September 28 is the most likely date, according to Meduza [2].",
        "Meduza names Sept. 28 as the most likely date [2].",
        "Kazakhstan will not close its border [3].",
        "Kazakhstan may ask for visas [3].",
        "“Sept. 28 is named as the most likely date” [2].",
        "261,000 men left in 4 days [1], and September 28 is the most likely date [2].",
    ],
)
def test_what_the_quotes_say_is_kept(written: str) -> None:
    checked = check(claims_in(written), GIVEN, "When could the border close, and how many men left?")
    assert (len(checked.kept), checked.dropped) == (1, ())


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("261,000 men left in four days.", "names no quote"),
        ("261,000 men left in four days [4].", "names a quote that there is not"),
        ("261,000 men left in four days [1][9].", "names a quote that there is not"),
        ("262,000 men left in four days [1].", "the number 262000"),
        ("261,000 men left in five days [1].", "the number 5"),
        ("261,000 men left in four days [2].", "the number"),
        ("September 29 is the most likely date [2].", "the number 29"),
        ("October 28 is the most likely date [2].", "the name October"),
        ("Reuters recorded 261,000 men leaving [1].", "the name Reuters"),
        ("The FSB recorded 261,000 men leaving for Georgia [1].", "the name Georgia"),
        ("Kazakhstan will close its border [3].", "the opposite"),
        ("Sept. 28 is not named as the most likely date [2].", "the opposite"),
        ("The border is guarded by many soldiers who wait there [2].", "says what its quotes do not say"),
        ("The quotes say that 261,000 men left [1].", "speaks of the quotes"),
        ("Sept. 28, 2022 is the most likely date [2].", "the number 2022"),
    ],
)
def test_what_the_quotes_do_not_say_is_dropped(written: str, why: str) -> None:
    checked = check(claims_in(written), GIVEN, "When could the border close, and how many men left?")
    assert checked.kept == ()
    assert why in checked.dropped[0]


def test_words_in_quotation_marks_are_exact_or_lose_their_marks() -> None:
    written = "The minister said visas may come “if it comes to that” [3]. Kazakhstan “may ask for any visas” [3]."
    checked = check(claims_in(written), GIVEN, "What about visas?")
    assert [claim.text for claim in checked.kept] == [
        "The minister said visas may come “if it comes to that”.",
        "Kazakhstan may ask for any visas.",
    ]


def test_the_same_sentence_is_said_once() -> None:
    checked = check(claims_in("Kazakhstan may ask for visas [3]. Kazakhstan may ask for visas [3]."), GIVEN, "Visas?")
    assert len(checked.kept) == 1
