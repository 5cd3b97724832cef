import re
import shutil
from pathlib import Path

import numpy as np
import pytest

from index.errors import ModelError
from index.stance.decoding import KINDS, SCORES, Margins, stances, words
from index.stance.factory import DEFAULT_STANCE_TAGGER, open_stance_tagger
from index.stance.finding import find_stances, stance_of
from index.stance.tagger import StanceTagger
from index.text.sentences import split_sentences
from index.types import Span, Stance

SHIPPED = Path(__file__).parents[1] / "models" / "stance"
TOWN = "\n\nThe town has 9,000 people and a harbour. It was founded in 1712."
BIRK = (
    "Senator Ida Quinn denied that she took money from the casino. “That is a lie,” Quinn said.\n\n"
    "The casino’s lawyer refused to say that the money was paid. Prosecutor Lena Voss stopped short of "
    "saying that Quinn is a suspect.\n\n"
    "Former aide Tom Birk doubted that the files exist. Birk never claimed that he had seen them."
)
CHIP = (
    "CLAIM: The new flu vaccine contains a microchip.\n\n"
    "ASSESSMENT: False. The vaccine does not contain any electronic parts, the maker and two regulators "
    "said.\n\n"
    "A video that was shared 200,000 times falsely claims that nurses in Tromsø were paid to hide the "
    "chip. There is no evidence that nurses were paid, the hospital said.\n\n"
    "“It is not true that anybody was paid,” said hospital director Liv Dahl.\n\n"
    "The post also repeats the myth that the flu vaccine causes baldness. A 2019 study found no link "
    "between the vaccine and hair loss."
)
BANK = (
    "If the bank fails, the state will pay up to €100,000 to each saver, minister Rolf Dahl said on "
    "Monday. Rumours that the bank has failed are untrue, he said.\n\n"
    "The central bank would cut rates only if unemployment rose above nine percent. Unemployment is 4.1 "
    "percent."
)
POLICE = (
    "Police rejected claims that officers had opened fire at the rally on Sunday. “We did not fire a "
    "single shot,” Chief Dana Whitfield said.\n\n"
    "Organiser Leo Marsh withdrew his statement that three people had been shot. He apologised for it.\n\n"
    "The interior ministry neither confirmed nor denied that soldiers had been sent to the city.\n\n"
    "The company dismissed as nonsense reports that it was bankrupt."
)
FILM = (
    "Actress Mia Holt plays a senator in the film. “I killed him,” her character says in the first scene.\n\n"
    "In a parody published by The Splinter, a satirical site, the pope “announced that he will sell the "
    "Vatican to a hotel chain.”"
)


@pytest.fixture(scope="module")
def tagger() -> StanceTagger:
    return open_stance_tagger()


def kind_of(tagger: StanceTagger, text: str, words: str) -> str:
    start = text.index(words)
    found = stance_of(find_stances(text, split_sentences(text), tagger), Span(start, start + len(words)))
    return found.kind if found else "asserted"


@pytest.mark.parametrize(
    ("text", "words", "kinds"),
    [
        (f"Rumours that the bank has failed are untrue, Rolf Dahl said.{TOWN}", "the bank has failed", "denied"),
        (f"Senator Ida Quinn denied that she took money from the casino.{TOWN}", "she took money from the casino",
         "denied"),
        (f"Prosecutor Lena Voss stopped short of saying that Quinn is a suspect.{TOWN}", "Quinn is a suspect",
         "denied doubted"),
        ("A video that was shared 200,000 times falsely claims that nurses were paid to hide the chip.",
         "nurses were paid to hide the chip", "denied"),
        (f"Critics who say the dam is unsafe are wrong, engineer Ada Kwon said.{TOWN}", "the dam is unsafe", "denied"),
        (f"Defence lawyer Tom Lie called the charge that his client stole the car absurd.{TOWN}",
         "his client stole the car", "denied"),
        (f"Nora Vane, who once claimed that the pier was safe, said on Monday that she had been wrong.{TOWN}",
         "the pier was safe", "denied retracted"),
        (f"The ministry warned that a text message saying that schools are closed is fake.{TOWN}", "schools are closed",
         "denied"),
        ("It would be wrong to say that vaccines caused the deaths, doctor Ana Pires said.",
         "vaccines caused the deaths", "denied"),
        ("The court dismissed the allegation that Judge Wei took bribes of $20,000.",
         "Judge Wei took bribes of $20,000", "denied"),
        ("If the budget passes, the museum will close in October, director Jan Roos said.", "the budget passes",
         "conditional"),
        ("If the budget passes, the museum will close in October, director Jan Roos said.",
         "the museum will close in October", "conditional"),
        ("No evidence was found that the repairs were late, the report says.", "the repairs were late", "doubted"),
        ("“We never said that the tenants had to leave,” Carl Strand said.", "the tenants had to leave", "denied"),
        ("The council did not approve the stadium. It approved a park.", "approve the stadium", "denied"),
        ("He took the money, Ono said. The claim is false.", "He took the money", "denied"),
        (BIRK, "she took money from the casino", "denied"),
        (BIRK, "the money was paid", "doubted denied"),
        (BIRK, "Quinn is a suspect", "denied doubted"),
        (BIRK, "the files exist", "doubted"),
        (BIRK, "he had seen them", "denied"),
        (CHIP, "The new flu vaccine contains a microchip", "denied"),
        (CHIP, "contain any electronic parts", "denied"),
        (CHIP, "nurses in Tromsø were paid to hide the chip", "denied"),
        (CHIP, "nurses were paid,", "doubted denied"),
        (CHIP, "anybody was paid", "denied"),
        (CHIP, "the flu vaccine causes baldness", "denied"),
        (CHIP, "link between the vaccine and hair loss", "denied doubted"),
        (BANK, "the bank fails", "conditional"),
        (BANK, "the state will pay up to €100,000", "conditional"),
        (BANK, "the bank has failed", "denied"),
        (BANK, "cut rates", "conditional"),
        (BANK, "unemployment rose above nine percent", "conditional"),
        (POLICE, "officers had opened fire at the rally", "denied"),
        (POLICE, "fire a single shot", "denied"),
        (POLICE, "three people had been shot", "retracted"),
        (POLICE, "soldiers had been sent to the city", "doubted"),
        (POLICE, "it was bankrupt", "denied"),
        (FILM, "I killed him", "fictional"),
        (FILM, "he will sell the Vatican to a hotel chain", "fictional"),
    ],
)  # fmt: skip
def test_what_is_not_asserted_is_known(tagger: StanceTagger, text: str, words: str, kinds: str) -> None:
    assert kind_of(tagger, text, words) in kinds.split()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (BANK, "Unemployment is 4.1 percent"),
        (BANK, "minister Rolf Dahl said on Monday"),
        (POLICE, "Chief Dana Whitfield said"),
        (f"Senator Ida Quinn denied that she took money from the casino.{TOWN}", "Senator Ida Quinn denied"),
        (f"Senator Ida Quinn denied that she took money from the casino.{TOWN}", "The town has 9,000 people"),
        ("Nobody doubts that the bridge was closed in May.", "the bridge was closed in May"),
        (
            "Quinn denied it for weeks, but admitted that she took money from the casino.",
            "she took money from the casino",
        ),
        ("The council approved the stadium on Monday, the mayor said.", "approved the stadium on Monday"),
        ("Quinn admitted that she took money from the casino.", "she took money from the casino"),
        ("The mayor said that the museum had closed in October.", "the museum had closed in October"),
        ("“We have 400 nurses,” hospital director Liv Dahl told reporters.", "We have 400 nurses"),
    ],
)
def test_what_is_asserted_stays_so(tagger: StanceTagger, text: str, words: str) -> None:
    assert kind_of(tagger, text, words) == "asserted"


def test_a_stance_knows_its_cue(tagger: StanceTagger) -> None:
    text = f"Senator Ida Quinn denied that she took money from the casino.{TOWN}"
    (found,) = find_stances(text, split_sentences(text), tagger)
    assert text[slice(*found.cue)] == "denied"
    assert text[slice(*found.scope)] == "she took money from the casino"


def scored(*kinds: str) -> np.ndarray:
    """Make the scores of a model that is sure; "!" marks a cue."""
    scores = np.full((len(kinds), SCORES), -4.0, dtype=np.float32)
    for at, kind in enumerate(kinds):
        scores[at, KINDS.index(kind.removeprefix("!"))] = 4
        scores[at, -1] = 4 if kind.startswith("!") else -4
    return scores


def decoded(text: str, *kinds: str) -> list[tuple[str, str, str]]:
    places, at = [], 0
    for word in text.split():
        at = text.index(word, at)
        places.append((at, at + len(word)))
        at += len(word)
    found = stances(text, words(text, places, scored(*kinds)), split_sentences(text), Margins())
    return [(each.kind, text[slice(*each.cue)], text[slice(*each.scope)]) for each in found]


def test_a_word_between_does_not_part_a_scope() -> None:
    given = decoded(
        "Quinn denied that it rained today", "asserted", "!asserted", "asserted", "denied", "asserted", "denied"
    )
    assert given == [("denied", "denied", "it rained today")]


def test_the_cue_is_that_of_the_same_sentence_and_nearest() -> None:
    text = "He took it , Ono said . That is false ."
    kinds = ["denied"] * 3 + ["asserted"] * 6 + ["!asserted", "asserted"]
    assert decoded(text, *kinds) == [("denied", "false", "He took it")]


def test_two_kinds_side_by_side_are_two_stances() -> None:
    text = "he took the money if she paid him"
    kinds = ["denied"] * 4 + ["conditional"] * 4
    assert [(kind, scope) for kind, _, scope in decoded(text, *kinds)] == [
        ("denied", "he took the money"), ("conditional", "if she paid him"),
    ]  # fmt: skip


def test_a_span_is_under_the_stance_that_has_most_of_it() -> None:
    denied, asked = Stance("denied", Span(0, 1), Span(0, 10)), Stance("asked", Span(20, 21), Span(14, 20))
    assert stance_of([denied, asked], Span(2, 9)) is denied
    assert stance_of([denied, asked], Span(8, 20)) is asked
    assert stance_of([denied, asked], Span(9, 15)) is None
    assert stance_of([denied, asked], Span(10, 14)) is None
    assert stance_of([], Span(0, 4)) is None


@pytest.mark.parametrize("text", ["", "\n\n", "…", "a" * 5000, "He denied " * 2000, "“" * 300, "é\u0301 not “\u202e”"])
def test_any_text_can_be_tagged(tagger: StanceTagger, text: str) -> None:
    found = find_stances(text, split_sentences(text), tagger)
    for each in found:
        assert all(0 <= start < end <= len(text) for start, end in (each.cue, each.scope))


def test_a_long_text_is_tagged_to_its_end(tagger: StanceTagger) -> None:
    text = f"Quinn denied that she took money.{TOWN}\n\n" * 150
    found = find_stances(text, split_sentences(text), tagger)
    for each in re.finditer("she took money", text):
        stance = stance_of(found, Span(*each.span()))
        assert stance is not None
        assert stance.kind == "denied"


@pytest.mark.parametrize("broken", [None, "stance.json", "model.onnx", "tokenizer.json"])
def test_a_folder_without_a_stance_tagger_is_reported(tmp_path: Path, broken: str | None) -> None:
    folder = tmp_path / "stance"
    if broken:
        shutil.copytree(SHIPPED, folder)
        (folder / broken).write_text("{}", encoding="utf-8")
    with pytest.raises(ModelError) as told:
        open_stance_tagger(str(folder))
    assert str(folder) in str(told.value)


def test_the_shipped_tagger_has_a_name(tagger: StanceTagger) -> None:
    assert tagger.name.startswith(DEFAULT_STANCE_TAGGER)
