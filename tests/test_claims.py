"""What a language model wrote: sentence by sentence, against the quotes it names."""

from decimal import Decimal

import pytest

from service.answering.checking import check
from service.answering.claims import claims_in
from service.answering.quantities import Quantity, quantities
from tests.test_checking import quotes

BORDER = (
    "The FSB recorded 261,000 men leaving in the four days since Putin announced the draft, Novaya Gazeta reported."
)
DATE = "Sept. 28 is named as the most likely date, according to Meduza."
NOT = "Kazakhstan will not close its border. Kazakhstan may ask for visas, “if it comes to that,” the minister said."


GIVEN = quotes(BORDER, DATE, NOT)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("The men left [1].", [("The men left.", (1,))]),
        ("The men left. [1] Nobody stayed. [2][3]", [("The men left.", (1,)), ("Nobody stayed.", (2, 3))]),
        ("The men left [1, 2]. Nobody stayed.", [("The men left.", (1, 2)), ("Nobody stayed.", ())]),
        ("- **The men** left [1]\n- Nobody stayed (quote 2)", [("The men left", (1,)), ("Nobody stayed", (2,))]),
        ("The men left [1], Meduza said [2].", [("The men left, Meduza said.", (1, 2))]),
        ("<think>Let me see. 42 [1]</think>The men left 【1】.", [("The men left.", (1,))]),
        ("<think>It never ends [1]", []),
        ("Let me see. 42 [1]</think>The men left [1].", [("The men left.", (1,))]),
        ("[1] The men left. [2] Nobody stayed.", [("The men left.", (1,)), ("Nobody stayed.", (2,))]),
        ("The men left. [1]. Nobody stayed \\[2\\].", [("The men left.", (1,)), ("Nobody stayed.", (2,))]),
        ("The men left [1–3, 5].", [("The men left.", (1, 2, 3, 5))]),
        ("The men left [#1]. Nobody stayed 【2†source】.", [("The men left.", (1,)), ("Nobody stayed.", (2,))]),
        ('[{"text": "The men left.", "quotes": 1}, {"text": "Nobody', [("The men left.", (1,))]),
        ('{"sentences": [{"text": "The men left.", "quotes": ["1"]}]} Is {this} it?', [("The men left.", (1,))]),
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
        ('{"sentences": []}', []),
        ('{"answer": null}', []),
        ("AT&amp;T left [1].", [("AT&T left.", (1,))]),
        ("The men left&#8238; [1].", [("The men left.", (1,))]),
        ('{"sentences": ["The men left [1]"]}', [('{"sentences": ["The men left"]}', (1,))]),
        ('{"sentences": [{"text": "The men left.", "quotes": "12"}]}', [("The men left.", (12,))]),
        ('{"sentences": [{"text": "The men left.", "quotes": [1.9, true, 2]}]}', [("The men left.", (2,))]),
        ('{"sentences": [{"text": "The men left.", "quotes": null}]}', [("The men left.", ())]),
        ('{"sentences": [{"quotes": [1]}, {"text": "The men left.", "quotes": [1]}]}', [("The men left.", (1,))]),
    ],
)
def test_what_was_written_is_split_into_claims(written: str, expected: list[tuple[str, tuple[int, ...]]]) -> None:
    assert claims_in(written) == expected


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("261,000 men", [(261_000, "")]),
        ("261000 men", [(261_000, "")]),
        ("forty million euros", [(40_000_000, "€")]),
        ("1.5 million", [(1_500_000, "")]),
        ("$1.5m, €2bn and 3k", [(1_500_000, "$"), (2_000_000_000, "€"), (3_000, "")]),
        ("twenty-one of 300 thousand", [(21, ""), (300_000, "")]),
        ("on the 28th, for the first time", [(28, "")]),
        ("one of the men", []),
        ("two men", [(2, "")]),
        ("3.50 and 3.5", [("3.5", "")]),
        ("12% and twelve percent and 12 dollars", [(12, "%"), (12, "$")]),
        ("-5 degrees, pages 3-5", [(-5, ""), (3, ""), (5, "")]),
    ],
)
def test_a_number_is_one_however_it_is_written(text: str, numbers: list[tuple[int | str, str]]) -> None:
    assert quantities(text) == {Quantity(Decimal(value), unit) for value, unit in numbers}


@pytest.mark.parametrize(
    "written",
    [
        "However, the FSB recorded 261,000 men leaving, Novaya Gazeta reported [1].",
        "The FSB recorded 261,000 men leaving, according to Novaya Gazeta [1].",
        "The FSB recorded 261000 men leaving in four days, Novaya Gazeta reported [1].",
        "September 28 is named as the most likely date, according to Meduza [2].",
        "According to Meduza, Sept. 28 is named as the most likely date [2].",
        "Kazakhstan will not close its border [3].",
        "Kazakhstan may ask for visas, the minister said [3].",
        "“Sept. 28 is named as the most likely date,” Meduza said [2].",
        "The FSB recorded 261,000 men leaving, Novaya Gazeta reported [1], "
        "and the minister said Kazakhstan may ask for visas [3].",
    ],
)
def test_what_the_quotes_say_is_kept(written: str) -> None:
    checked = check(claims_in(written), GIVEN)
    assert (len(checked.kept), checked.dropped) == (1, ())


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("261,000 men left in four days.", "names no quote"),
        ("261,000 men left in four days [4].", "names a quote that there is not"),
        ("261,000 men left in four days [1][9].", "names a quote that there is not"),
        ("262,000 men left in four days [1].", "a number"),
        ("261,000 men left in five days [1].", "a number"),
        ("261,000 men left in four days [2].", "a number"),
        ("September 29 is the most likely date [2].", "a number"),
        ("October 28 is the most likely date [2].", "a name"),
        ("Reuters recorded 261,000 men leaving [1].", "a name"),
        ("The FSB recorded 261,000 men leaving for Georgia [1].", "a name"),
        ("Kazakhstan will close its border [3].", "the opposite"),
        ("Sept. 28 is not named as the most likely date [2].", "the opposite"),
        ("Half of the 261,000 men left [1].", "a number"),
        ("261,000% of the men left [1].", "a number"),
        ("Kazakhstan may ask for visas in May [3].", "a name"),
        ("Kazakhstan asks for visas [3].", "only suppose"),
        ("261,000 [1].", "says what its quotes do not say"),
        ("The border is guarded by many soldiers who wait there [2].", "says what its quotes do not say"),
        ("The quotes say that 261,000 men left [1].", "speaks of the quotes"),
        ("Sept. 28, 2022 is the most likely date [2].", "a number"),
    ],
)
def test_what_the_quotes_do_not_say_is_dropped(written: str, why: str) -> None:
    checked = check(claims_in(written), GIVEN)
    assert checked.kept == ()
    assert why in checked.dropped[0]


def test_words_in_quotation_marks_are_exact_or_lose_their_marks() -> None:
    written = (
        "The minister said Kazakhstan may ask for visas, “if it comes to that” [3]. "
        "Kazakhstan “may ask for the visas,” the minister said [3]."
    )
    checked = check(claims_in(written), GIVEN)
    assert [claim.text for claim in checked.kept] == [
        "The minister said Kazakhstan may ask for visas, “if it comes to that”.",
        "Kazakhstan may ask for the visas, the minister said.",
    ]


def test_the_same_sentence_is_said_once() -> None:
    checked = check(
        claims_in(
            "The minister said Kazakhstan may ask for visas [3]. The minister said Kazakhstan may ask for visas [3]."
        ),
        GIVEN,
    )
    assert len(checked.kept) == 1


ROLES = quotes(
    "The mayor denied that he had closed the border.",
    "Sales rose sharply, by 5 points to 12 percent, in March.",
    "Officials told us who paid, and that the illegal tunnel cost $3 million.",
    "Anna Smith (28) of the U.S. army opened 14 bridges in Rome.",
)


@pytest.mark.parametrize(
    ("written", "fits"),
    [
        ("The mayor had closed the border [1].", False),
        ("The mayor denied that he had closed the border [1].", True),
        ("Sales fell sharply in March [2].", False),
        ("In March, sales rose by 5 points [2].", False),
        ("Sales rose by 5% in March [2].", False),
        ("Sales rose sharply, by 5 points to 12%, in March [2].", True),
        ("Officials told the US that the tunnel cost $3 million [3].", False),
        ("The tunnel cost €3 million, officials said [3].", False),
        ("Officials told who paid, and that the tunnel cost 3 million dollars [3].", False),
        ("Anna Smith (28) of the US army opened 14 bridges [4].", True),
        ("Anna Smith of the US army opened fourteen bridges in Rome [4].", True),
        ("Fourteen bridges in Rome opened Anna Smith [4].", False),
        ("Anna Smith opened 14bn bridges in Rome [4].", False),
        ("Anna Smith opened both bridges in Rome [4].", False),
        ("The corrupt Anna Smith, a convicted murderer, opened 14 bridges [4].", False),
    ],
)
def test_numbers_names_and_sense_are_held_to_the_quotes(written: str, fits: bool) -> None:
    checked = check(claims_in(written), ROLES)
    assert bool(checked.kept) is fits, checked.dropped


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        (
            "Officials told of a “legal tunnel” that cost $3 million [3].",
            "Officials told of a legal tunnel that cost $3 million.",
        ),
        (
            "Officials told that ‘the illegal tunnel’ cost $3 million [3].",
            "Officials told that ‘the illegal tunnel’ cost $3 million.",
        ),
        (
            "Officials told that the “illegal tunnel cost $3 million [3].",
            "Officials told that the illegal tunnel cost $3 million.",
        ),
    ],
)
def test_no_quotation_is_false(written: str, shown: str) -> None:
    assert [claim.text for claim in check(claims_in(written), ROLES).kept] in ([shown], [])


def test_what_steers_a_screen_is_taken_out() -> None:
    assert claims_in("The \x1b[2Jmen\u202e left\ud800 [1].")[0].text == "The [2Jmen left."


@pytest.mark.parametrize("text", ["\n" * 100_000, " " * 100_000, "[1" * 50_000, "“" * 100_000, "a [1]. " * 50_000])
def test_a_long_text_takes_no_long_time(text: str) -> None:
    import time

    began = time.process_time()
    check(claims_in(text), ROLES)
    assert time.process_time() - began < 5
