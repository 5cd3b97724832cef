import pytest

from index.attribution.naming.names import names_in, tidy_name
from index.attribution.naming.people import People
from index.attribution.naming.speakers import attribute
from index.attribution.rules import RuleTagger
from index.text.sentences import split_sentences
from index.types import Article, Attribution, Span, Statement


def tagged(text: str) -> list[tuple[str, str, list[str]]]:
    found = RuleTagger().tag(text, split_sentences(text))
    return [
        (text[slice(*each.source)], text[slice(*each.cue)], [text[slice(*one)] for one in each.contents])
        for each in found
    ]


def attributed(text: str) -> list[Attribution]:
    return attribute(text, RuleTagger().tag(text, split_sentences(text)))


@pytest.mark.parametrize(
    ("text", "source", "cue", "contents"),
    [
        ("The mayor said that the bridge is safe.", "The mayor", "said that", ["the bridge is safe."]),
        ("“The bridge is safe,” the mayor said.", "the mayor", "said", ["“The bridge is safe,”"]),
        ("“The bridge is safe,” said the mayor.", "the mayor", "said", ["“The bridge is safe,”"]),
        ("The bridge is safe for now, the mayor said Monday.", "the mayor", "said", ["The bridge is safe for now"]),
        (
            "“It is safe,” the mayor said. “Nobody was hurt. We are glad.”",
            "the mayor",
            "said",
            ["“It is safe,”", "“Nobody was hurt. We are glad.”"],
        ),
        ("According to the mayor, the bridge is safe.", "the mayor", "According to", ["the bridge is safe."]),
        ("The bridge is safe, according to the mayor.", "the mayor.", "according to", ["The bridge is safe"]),
        ("Ms. Diaz told reporters the bridge is safe.", "Ms. Diaz", "told", ["the bridge is safe."]),
        ("Ali, who saw it, reported that two cars burned.", "Ali", "reported that", ["two cars burned."]),
        ("ROME (AP) — Doctors say that the pope is well.", "Doctors", "say that", ["the pope is well."]),
    ],
)
def test_statements_are_found_in_each_shape(text: str, source: str, cue: str, contents: list[str]) -> None:
    assert tagged(text) == [(source, cue, contents)]


@pytest.mark.parametrize(
    "text",
    [
        "The bridge fell into the river on Monday.",
        "She found a coin in the street.",
        "“The Long Way” is a novel about trains.",
        "It is said to be old.",
        "",
    ],
)
def test_where_nobody_is_cited_nothing_is_found(text: str) -> None:
    assert attributed(text) == []


def test_the_seed_article_names_its_speakers(seed: Article) -> None:
    given = {
        (each.speaker, each.via, each.resolved, seed.text[each.contents[0].start :][:30])
        for each in attributed(seed.text)
    }
    assert given >= {
        ("Meduza", None, False, "Sept. 28 is named as the most "),
        ("Khodorkovsky Live", None, False, "Sept. 28 is named as the most "),
        ("Meduza", None, True, "the potential border closures "),
        ("Khodorkovsky Live", None, True, "the potential border closures "),
        ("an unnamed Kremlin source", "Meduza", False, "authorities could introduce so"),
        ("Meduza", None, False, "authorities could introduce so"),
        ("an unnamed source", "Khodorkovsky Live", False, "lawmakers could over the next "),
        (
            "a retired Federal Security Service (FSB) officer",
            "Mozhem Obyasnit",
            False,
            "the travel ban could be impose",
        ),
        ("Vyorstka", None, False, "Putin would make his final dec"),
        ("Novaya Gazeta. Europe", None, False, "The FSB recorded 261,000 men l"),
        ("Media in Kazakhstan", None, False, "Russian border guards had alre"),
    }
    assert "Western governments" not in {speaker for speaker, *_ in given}


def test_a_source_is_where_the_article_names_it(seed: Article) -> None:
    for each in attributed(seed.text):
        if not each.resolved and each.speaker[0].isupper():
            assert each.speaker.split()[0] in seed.text[slice(*each.source)]


@pytest.mark.parametrize(
    ("second", "speaker"),
    [("He added that it would last.", "Omar Bashir"), ("She added that it would last.", "Omar Bashir")],
)
def test_a_pronoun_means_the_person_last_cited(second: str, speaker: str) -> None:
    # Nobody else is there to be meant: the text, not the given name, tells whether a person is a woman.
    given = attributed(f"The minister, Omar Bashir, said that the truce holds. {second}")
    assert (given[-1].speaker, given[-1].resolved) == (speaker, True)


def test_a_pronoun_that_means_nobody_cited_stays_as_it_is() -> None:
    (only,) = attributed("He said that it would last.")
    assert (only.speaker, only.resolved) == ("He", False)


def test_it_is_not_a_person_and_the_outlet_is_one() -> None:
    text = "Omar Bashir said that the truce holds. The news agency Interfax reported that it broke. {} said it is so."
    assert attributed(text.format("The agency"))[-1].speaker == "Interfax"
    assert attributed(text.format("It"))[-1].speaker == "Interfax"
    assert attributed(text.format("He"))[-1].speaker == "He", "someone else was named since"


def test_both_outlets_need_two_to_be_meant() -> None:
    (*_, last) = attributed("The outlet Meduza reported that it rains. Both outlets said that it snows.")
    assert (last.speaker, last.resolved) == ("Both outlets", False)


def test_a_deed_is_nobodys_words() -> None:
    assert attributed("Western leaders have condemned the long war.") == []
    assert [each.speaker for each in attributed("Putin threatened that he would strike.")] == ["Putin"]


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("the independent outlets Meduza and Khodorkovsky Live", ["Meduza", "Khodorkovsky Live"]),
        ("The news website Mozhem Obyasnit", ["Mozhem Obyasnit"]),
        ("Another independent outlet, Vyorstka", ["Vyorstka"]),
        ("a retired FSB officer", []),
        ("officials in Kazakhstan", []),
        ("Media in Kazakhstan", []),
        ("Sean Spicer, a White House spokesman", ["Sean Spicer"]),
        ("White House spokesman Sean Spicer", ["Sean Spicer"]),
        ("the Bank of England", ["Bank of England"]),
        ("he", []),
    ],
)
def test_names_are_taken_from_a_source(words: str, names: list[str]) -> None:
    assert names_in(words) == names


def test_a_last_name_is_completed_where_one_full_name_stands_before() -> None:
    assert People("Yesterday Maria Diaz won.").called("Diaz") == "Maria Diaz"
    assert People("Maria Diaz met Cameron Diaz.").called("Diaz") is None
    assert People("In Diaz they trust.").called("Diaz") is None


def test_a_name_keeps_its_own_full_stop() -> None:
    assert [tidy_name(each) for each in ("“Novaya Gazeta. Europe.”", "Apple Inc.", "The outlet", "The Hague")] == [
        "Novaya Gazeta. Europe",
        "Apple Inc.",
        "the outlet",
        "The Hague",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "“We go home now,” said (in Russian) the minister.",
        "“We go home now,” said “Big Al” Jones.",
        "“We go home now,” said – after a pause – Bob.",
        "“We go home now,” said .",
        "According to Bob.",
        "” said “ ( ”",
    ],
)
def test_odd_sentences_are_read_too(text: str) -> None:
    for each in attributed(text):
        assert each.speaker and all(start < end for start, end in each.contents)


@pytest.mark.parametrize(
    "between",
    ["Putin arrived in Moscow.", "The actor Ann Lee met him.", "Sen. Diaz left."],
)
def test_he_means_nobody_once_another_is_named(between: str) -> None:
    text = f"“The talks go on,” Volodymyr Zelensky said. {between} “The talks have failed,” he said."
    last = attributed(text)[-1]
    assert (last.speaker, last.resolved) == ("he", False)


def test_a_weekday_is_no_first_name() -> None:
    assert People("On Friday Putin arrived.").called("Putin") is None


@pytest.mark.parametrize(
    ("text", "cue", "speakers"),
    [
        ("Polish officials hoped. In May officials authorized “exit visas” for men.", "authorized", []),
        (
            "Polish officials hoped. In May officials authorized “a new kind of visa” for men.",
            "authorized",
            ["officials"],
        ),
        ("Polish officials hoped. In May officials said “exit visas” would come.", "said", ["officials"]),
    ],
)
def test_a_term_in_quotation_marks_is_nobodys_words(text: str, cue: str, speakers: list[str]) -> None:
    source, said, content = text.index("officials", 20), text.index(cue), text.index("“")
    statement = Statement(Span(source, source + 9), Span(said, said + len(cue)), (Span(content, len(text)),))
    assert [each.speaker for each in attribute(text, [statement])] == speakers


@pytest.mark.parametrize("source", ["“”", '"', "“. ”", "Mr. ", "…"])
def test_a_source_without_a_name_is_nobody(source: str) -> None:
    text = f"{source} said the bridge is safe. He said it is old."
    first, second = text.index("said"), text.index("He")
    statements = [
        Statement(Span(0, len(source)), Span(first, first + 4), (Span(first + 5, second - 1),)),
        Statement(Span(second, second + 2), Span(second + 3, second + 7), (Span(second + 8, len(text)),)),
    ]
    assert all(any(letter.isalnum() for letter in each.speaker) for each in attribute(text, statements))
