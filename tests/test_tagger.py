import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer

from index.attribution.combined import CombinedTagger
from index.attribution.decoding import SCORES, SIZE, Thresholds, statements
from index.attribution.factory import DEFAULT_TAGGER, open_tagger
from index.attribution.naming.speakers import attribute
from index.attribution.quotations import continued, quotations
from index.attribution.rules import RuleTagger
from index.attribution.windows import CONTEXT, CORE, Stretch, stretches
from index.errors import ModelError
from index.text.sentences import split_sentences
from index.types import Article, Span, Statement

SHIPPED = Path(__file__).parents[1] / "models" / "tagger"
TOKENIZER = SHIPPED / "tokenizer.json"


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    tokenizer = Tokenizer.from_file(str(TOKENIZER))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


@given(words=st.lists(st.sampled_from(["Rain", "fell.", "“No,”", "é\u0301", "\n\n", "x" * 300]), max_size=900))
def test_stretches_hold_each_token_once(tokenizer: Tokenizer, words: list[str]) -> None:
    text = " ".join(words)
    sentences = split_sentences(text)
    found = list(stretches(tokenizer, text, sentences))
    core = [place for each in found for place in each.places[each.first - 1 : each.last - 1]]
    coded = [tokenizer.encode(text[start:end], add_special_tokens=False).offsets for start, end in sentences]
    assert core == [
        (start + left, start + right)
        for (start, _), offsets in zip(sentences, coded, strict=True)
        for left, right in offsets
    ]
    for each in found:
        assert len(each.ids) == len(each.places) + 2 <= CORE + 2 * CONTEXT + 2
        assert each.last - each.first <= CORE


def scored(tokens: int, cue: int, source: list[int], content: list[int], goes_on: int = 0) -> np.ndarray:
    """Make the scores of a model that is sure: a cue whose question its source and content answer."""
    scores = np.full((tokens + 2, SCORES), 0.0, dtype=np.float32)
    scores[:, :4] = -5
    scores[cue, 0] = 5
    scores[cue + 1 : cue + 1 + goes_on, 1] = 5
    asks, tells = scores[:, 4 : 4 + 2 * SIZE], scores[:, 4 + 2 * SIZE :]
    asks[cue, 0] = asks[cue, SIZE] = 10
    tells[source, 0] = 10
    tells[content, SIZE] = 10
    return scores


def decoded(text: str, scores: np.ndarray, first: int = 1) -> list[tuple[str, str, list[str]]]:
    places, at = [], 0
    for word in text.split():
        at = text.index(word, at)
        places.append((at, at + len(word)))
        at += len(word)
    stretch = Stretch([0] * (len(places) + 2), places, first, len(places) + 1)
    return [
        (text[slice(*each.source)], text[slice(*each.cue)], [text[slice(*one)] for one in each.contents])
        for each in statements(stretch, scores, Thresholds(), text)
    ]


def test_a_cue_gathers_its_source_and_content() -> None:
    text = "It rains , the mayor has said today"
    assert decoded(text, scored(8, 6, [4, 5], [1, 2], goes_on=1)) == [("the mayor", "has said", ["It rains"])]


def test_one_token_left_out_does_not_part_a_content() -> None:
    text = "It rains a lot here he said so"
    assert decoded(text, scored(8, 7, [6], [1, 2, 4, 5])) == [("he", "said", ["It rains a lot here"])]
    assert decoded(text, scored(8, 7, [6], [1, 4, 5])) == [("he", "said", ["lot here"])]


def test_of_several_sources_the_nearest_is_taken() -> None:
    text = "Ann left . It rains , Ben said"
    assert decoded(text, scored(8, 8, [1, 7], [4, 5])) == [("Ben", "said", ["It rains"])]


def test_without_source_or_content_there_is_no_statement() -> None:
    assert decoded("It rains he said", scored(4, 4, [], [1, 2])) == []
    assert decoded("It rains he said", scored(4, 4, [3], [])) == []


def test_a_cue_in_the_context_is_left_to_its_own_stretch() -> None:
    assert decoded("he said it rains", scored(4, 2, [1], [3, 4]), first=3) == []


def test_a_quotation_over_paragraphs_belongs_to_whoever_began_it() -> None:
    text = "“It rains,” he said. “It pours on and on and on.\n\n“It floods.”\n\nThe sun came out."
    begun = Statement(Span(12, 14), Span(15, 19), (Span(0, 11), Span(21, 48)))
    (whole,) = continued([begun], split_sentences(text), list(quotations(text)))
    assert [text[slice(*each)] for each in whole.contents] == [
        "“It rains,”",
        "“It pours on and on and on.",
        "“It floods.”",
    ]


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ('He said “yes” and "no".', ["“yes”", '"no"']),
        ("“A long quotation left open here\n\n“closed”", ["“A long quotation left open here", "“closed”"]),
        ("He said “yes", []),
        ("", []),
    ],
)
def test_quotations_are_found(text: str, quoted: list[str]) -> None:
    assert [text[slice(*each)] for each in quotations(text)] == quoted


class OneStatement:
    """A tagger that finds what it is told to."""

    name = "one"

    def __init__(self, *found: Statement) -> None:
        self.found = list(found)

    def tag(self, text: str, sentences: object) -> list[Statement]:
        return self.found


def test_rules_mend_what_the_model_found_and_add_nothing() -> None:
    text = "The mayor of Rome said that it rains hard. Ann told Ben it snows."
    sentences = split_sentences(text)
    model = OneStatement(Statement(Span(4, 9), Span(18, 22), (Span(28, 36),)))
    both = CombinedTagger(model, RuleTagger())
    assert both.name == "one+rules-3"
    (found,) = both.tag(text, sentences)
    assert text[slice(*found.source)] == "The mayor of Rome"
    assert found.contents == (Span(28, 36),)
    assert CombinedTagger(OneStatement(), RuleTagger()).tag(text, sentences) == []
    elsewhere = Statement(Span(43, 46), Span(57, 59), (Span(60, 65),))
    assert elsewhere in CombinedTagger(OneStatement(elsewhere), RuleTagger()).tag(text, sentences)


def test_the_shipped_tagger_finds_more_than_the_rules() -> None:
    text = (
        "Rivera took to social media on Friday, writing that the plan was doomed.\n\n"
        "The senator has long argued against it, calling the bill “a disaster for farmers.”"
    )
    sentences = split_sentences(text)
    found = attribute(text, open_tagger(DEFAULT_TAGGER).tag(text, sentences))
    assert ("Rivera", "writing") in {(each.speaker, text[slice(*each.cue)].removesuffix(" that")) for each in found}
    assert not any(each.speaker == "Rivera" for each in attribute(text, open_tagger("rules").tag(text, sentences)))


def test_the_shipped_tagger_keeps_the_seed_articles_speakers(seed: Article) -> None:
    statements = open_tagger(DEFAULT_TAGGER).tag(seed.text, split_sentences(seed.text))
    given = {(each.speaker, each.via) for each in attribute(seed.text, statements)}
    assert given >= {
        ("Meduza", None),
        ("Khodorkovsky Live", None),
        ("an unnamed Kremlin source", "Meduza"),
        ("a retired Federal Security Service (FSB) officer", "Mozhem Obyasnit"),
        ("Vyorstka", None),
        ("Novaya Gazeta. Europe", None),
        ("Media in Kazakhstan", None),
    }


@pytest.mark.parametrize(
    "text",
    ["", "\n\n", "…", "a" * 5000, "He said " * 2000, "“" * 300, "said said said", "é\u0301 said “\u202e”"],
)
def test_any_text_can_be_tagged(text: str) -> None:
    sentences = split_sentences(text)
    for name in (DEFAULT_TAGGER, "rules"):
        for each in attribute(text, open_tagger(name).tag(text, sentences)):
            assert all(0 <= start < end <= len(text) for start, end in (each.source, each.cue, *each.contents))


@pytest.mark.parametrize("broken", [None, "tagger.json", "model.onnx", "tokenizer.json"])
def test_a_folder_without_a_tagger_is_reported(tmp_path: Path, broken: str | None) -> None:
    folder = tmp_path / "tagger"
    if broken:
        shutil.copytree(SHIPPED, folder)
        (folder / broken).write_text("{}", encoding="utf-8")
    with pytest.raises(ModelError, match="PULLQUOTE_ATTRIBUTION_MODEL") as told:
        open_tagger(str(folder))
    assert str(folder) in str(told.value)
