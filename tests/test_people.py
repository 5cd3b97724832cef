"""Which person a mention is, and what of a source is a name."""

import pytest

from index.attribution.naming.names import names_in
from index.attribution.naming.people import People
from index.attribution.naming.phrases import name_phrase
from index.types import Span

TOWN = (
    "Mayor Ann Cole met Bob Conti and Alice Conti. Inspector Kurt Vogel and an inspector came too. The harbour's owner"
    " Dana “Dee” Whitlock did not. Paul Osei, its director, left. The prime minister of Norway, Ana Kovač, wrote."
    " Finance Minister Olga van der Berg spoke. Premier Jens Moe met Minister Ida Holm."
)


@pytest.mark.parametrize(
    ("mention", "name"),
    [
        ("Cole", "Ann Cole"),
        ("Mayor Cole", "Ann Cole"),
        ("Mr. Vogel", "Kurt Vogel"),
        ("Inspector Vogel", "Kurt Vogel"),
        ("K. Vogel", "Kurt Vogel"),
        ("Whitlock", "Dana “Dee” Whitlock"),
        ("VOGEL", "Kurt Vogel"),
        ("Conti", None),
        ("Bob Conti", "Bob Conti"),
        ("Carl Cole", None),
        ("Smith", None),
    ],
)
def test_a_surname_with_or_without_titles_is_the_one_person_of_that_name(mention: str, name: str | None) -> None:
    assert People(TOWN).called(mention) == name


@pytest.mark.parametrize(
    ("text", "mention", "name"),
    [
        ("Could Pope Francis come? Francis Xavier Lind did.", "Pope Francis", None),
        ("Arizona Rep. Andy Marsh spoke.", "Arizona Rep. Andy Marsh", "Andy Marsh"),
        ("The coach, J.B. Stone, spoke.", "Stone", "J.B. Stone"),
        ("Through Sears they left. Sears closed.", "Sears", None),
        ("Will Marsh spoke.", "Marsh", "Will Marsh"),
        ("Engineer Bob Lind spoke.", "Lind", "Bob Lind"),
        ("Martin Luther King Jr. spoke.", "Mr. King", "Martin Luther King"),
        ("State Senator Will Marsh spoke.", "Marsh", "Will Marsh"),
    ],
)
def test_words_before_a_name_are_no_part_of_it(text: str, mention: str, name: str | None) -> None:
    assert People(text).called(mention) == name


@pytest.mark.parametrize(
    ("role", "name"),
    [
        ("the mayor", "Ann Cole"),
        ("The mayor", "Ann Cole"),
        ("the director", "Paul Osei"),
        ("the prime minister", "Ana Kovač"),
        ("the finance minister", "Olga van der Berg"),
        ("the owner", "Dana “Dee” Whitlock"),
        ("the coach", None),
        ("a second official", None),
    ],
)
def test_a_role_is_the_one_person_who_is_introduced_with_it(role: str, name: str | None) -> None:
    assert People(TOWN).in_role(role) == name


@pytest.mark.parametrize(
    ("text", "source", "cue", "phrase"),
    [
        ("City engineer Laura Finch told councillors it fell.", "City engineer Laura Finch told councillors", "told",
         "City engineer Laura Finch"),
        ("Fort Wood Police Department responded and said so.", "Fort Wood Police Department responded and", "said",
         "Fort Wood Police Department"),
        ("After Nora Vane warned that it leaks, he left.", "After Nora Vane", "warned", "Nora Vane"),
        ("Then inspector Paul Ege said so.", "inspector Paul", "said", "inspector Paul Ege"),
        ("On Tuesday Mayor Ann Cole said so.", "Tuesday Mayor Ann Cole", "said", "Mayor Ann Cole"),
        ("Paul Ege recalled a storm.", "Paul Ege recalled", "recalled", "Paul Ege"),
        ("Nora Vane, who said so, left.", "who", "said", "Nora Vane"),
        ("The drug maker said so.", "The drug maker", "said", "The drug maker"),
        ("Court documents say so.", "Court documents", "say", "Court documents"),
        ("Critics of the plan say so.", "Critics of the plan", "say", "Critics of the plan"),
        ("People in the Bay of Biscay say so.", "People in the Bay of Biscay", "say", "People in the Bay of Biscay"),
        ("He spoke on condition of anonymity, and said so.", "anonymity", "said", None),
        ("If it rains, he said so.", "If", "said", None),
        ("Two years later he said so.", "Two years later he", "said", "he"),
        ("Police said he said so.", "Police said he", "said so", "he"),
        ("The board both said so.", "The board both", "said", "The board"),
        ("At last the said so.", "the", "said", None),
        ("In 2019, 2 said so.", "2", "said", None),
    ],
)  # fmt: skip
def test_a_speaker_is_a_name_phrase(text: str, source: str, cue: str, phrase: str | None) -> None:
    start, at = text.index(source), text.index(cue)
    span = name_phrase(text, Span(start, start + len(source)), Span(at, at + len(cue)))
    assert (text[slice(*span)] if span else None) == phrase


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("the Centers for Disease Control and Prevention", ["the Centers for Disease Control and Prevention"]),
        ("The Food and Drug Administration", ["The Food and Drug Administration"]),
        ("the Department of Health and Human Services", ["the Department of Health and Human Services"]),
        ("Ann Cole and Bob Conti", ["Ann Cole", "Bob Conti"]),
        ("Meduza and Vyorstka", ["Meduza", "Vyorstka"]),
        ("Cole and the Justice Department", ["Cole", "Justice Department"]),
        ("a lawyer for singer Ida Sow, Leo Krag", ["Leo Krag"]),
        ("the president of France, Ida Sow", ["Ida Sow"]),
        ("analyst Leo Krag of the consultancy North Lane", ["Leo Krag"]),
        ("the Federal Reserve Bank of Boston", ["Federal Reserve Bank of Boston"]),
    ],
)
def test_the_names_in_a_source_are_those_who_speak(source: str, names: list[str]) -> None:
    assert names_in(source) == names


@pytest.mark.parametrize(
    ("text", "source", "cue", "phrase"),
    [
        ("Trump’s official said it rains.", "s official", "said", "Trump’s official"),
        ("The count says 14% of voters said so.", "% of voters", "said", "14% of voters"),
        ("He tearfully said that.", "He tearfully", "said", "He"),
        ("A diary quotes an observer as saying so.", "quotes an observer", "saying", "an observer"),
        ("Police received calls and said so.", "Police received calls", "said", "Police"),
        ("It was vehemently said.", "vehemently", "said", None),
        ("The number, said to be five", "number", "said", None),
        ("Following the outage last year it said so.", "Following the outage last year", "said", None),
        ("There were 11 in Boston, it said.", "11 in Boston", "said", None),
        ("(The sum is undisclosed) said one.", "undisclosed)", "said", None),
        ("The police said so.", "police", "said", "police"),
        ("Shares fell, analysts said.", "analysts", "said", "analysts"),
    ],
)
def test_what_is_no_noun_phrase_is_cut_or_dropped(text: str, source: str, cue: str, phrase: str | None) -> None:
    at, said = text.index(source), text.index(cue)
    found = name_phrase(text, Span(at, at + len(source)), Span(said, said + len(cue)))
    assert (text[slice(*found)] if found else None) == phrase
