"""Who said it, in the styles of attribution that news has, by the shipped tagger and what makes names of it."""

import pytest

from index.attribution.factory import DEFAULT_TAGGER, open_tagger
from index.attribution.finding import find_attributions
from index.attribution.tagger import Tagger
from index.text.sentences import split_sentences


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return open_tagger(DEFAULT_TAGGER)


def speakers(tagger: Tagger, text: str, words: str) -> list[str]:
    """Return those who are cited for words of a text."""
    at = text.index(words)
    found = find_attributions(text, split_sentences(text), tagger)
    return [each.speaker for each in found if any(start <= at < end for start, end in each.contents)]


@pytest.mark.parametrize(
    ("text", "words", "speaker"),
    [
        ("Rita Holm said: “The pier will open in June.”", "The pier will", "Rita Holm"),
        ("“The pier was closed before the storm,” Rita Holm added.", "The pier was", "Rita Holm"),
        ("The surveyor Ole Brun noted “sometimes they leave out the bolts.”", "sometimes", "Ole Brun"),
        ("The owners were criticised by inspector Kai Ulm because “their ropes are old and thin”.", "their", "Kai Ulm"),
        ("After Rita Holm warned that cracks “would be hard to see”, nobody spoke.", "would be hard", "Rita Holm"),
        ("“And this!” Kai Ulm screamed.", "And this!", "Kai Ulm"),
        ("A spokesperson for the owner, Baltic Lines, said it was “sorry about that”.", "sorry", "Baltic Lines"),
        ("In a statement, Baltic Lines said: “We did what we could.”", "We did", "Baltic Lines"),
        ("Rita Holm, who said “the pier is dead”, left the meeting with Kai Ulm.", "the pier is", "Rita Holm"),
        ("Rita Holm’s warning that the pier was “about to fall” was ignored by Leo Krag.", "the pier was", "Rita Holm"),
        ("In an email to Leo Krag, Rita Holm wrote that the pier was “a joke”.", "the pier was", "Rita Holm"),
        ("Protesters chanted “Open the pier!” as Leo Krag arrived.", "Open the pier", "Protesters"),
        ("“The rent will kill us,” grumbled Jo Marsh, a baker on Elm Street.", "The rent", "Jo Marsh"),
        ("“They took it all,” said Dana “Dee” Whit, who slept there for years.", "They took", "Dana “Dee” Whit"),
        ("But a second officer, who spoke on condition of anonymity, said, “We are still looking.”", "We are still",
         "a second officer"),
        ("“You could not see your own hand,” said Pfc. Darnell Oaks, 20, of Laredo.", "You could", "Darnell Oaks"),
        ("The lawsuit, filed by a widow in Delaware, says the brakes “failed without warning”.", "the brakes",
         "the lawsuit"),
        ("On Tuesday Mayor Ann Cole said shops could reopen “with doors, not windows”.", "shops could", "Ann Cole"),
        ("“We built it together and we will mend it,” said Ida Holt and Pat Nwosu in a joint statement.", "We built",
         "Ida Holt"),
        ("The opposition leader, Raj Mehta, was not convinced. “I have heard all that before,” he said.", "I have",
         "Raj Mehta"),
        ("Kai Ulm recalled Leo Krag saying: “Nobody will notice.”", "Nobody", "Leo Krag"),
        ("The diver quoted Leo Krag as saying, “Nobody will notice.”", "Nobody", "Leo Krag"),
        ("Rita Holm remembers her father telling her: “You will sail.”", "You will", "her father"),
        ("Mayor Ann Cole came late. “The budget is what it is,” the mayor told reporters.", "The budget", "Ann Cole"),
    ],
)  # fmt: skip
def test_the_one_who_said_it_is_named(tagger: Tagger, text: str, words: str, speaker: str) -> None:
    assert speakers(tagger, text, words)[:1] == [speaker]


def test_a_quotation_has_one_speaker_where_each_has_a_cue_of_its_own(tagger: Tagger) -> None:
    text = (
        "“It is so dreadful to be poor,” sighed Meg Hall, looking at her old shop.\n\n"
        "“I don’t think it’s fair at all,” added little Amy Stone, with a sniff."
    )
    assert speakers(tagger, text, "It is so dreadful") == ["Meg Hall"]
    assert speakers(tagger, text, "I don’t think") == ["Amy Stone"]


@pytest.mark.parametrize(
    ("text", "words", "never"),
    [
        ("The doctor, Ulf Olsen, came in. “You will be fine,” he told Maria Silva.", "You will", "Maria Silva"),
        ("The senator left the so-called “people’s summit” early, and Brock Dean stayed.", "people’s", "Brock Dean"),
        ("Two men argued. Ben Orr stood beside Carl Ness. “It is over for good,” he said.", "It is over", "Carl Ness"),
    ],
)
def test_nobody_is_credited_with_what_another_said(tagger: Tagger, text: str, words: str, never: str) -> None:
    assert never not in speakers(tagger, text, words)


@pytest.mark.parametrize(
    "text",
    [
        "Rita Holm suggested that officers never have occasion to say “You’re nicked.”",
        "Kai Ulm said residents must not shout “You’re nicked!”",
        "Leo Krag said he was told to say “You’re nicked.”",
    ],
)
def test_what_nobody_has_said_is_nobodys(tagger: Tagger, text: str) -> None:
    assert speakers(tagger, text, "You’re nicked") == []
