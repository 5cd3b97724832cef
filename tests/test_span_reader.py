"""The span reader: the sums with scripted scores, and the model that is shipped."""

import unicodedata
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from index.errors import ModelError
from index.types import Article, Hit
from service.answering.reading.reader import Reader
from service.answering.reading.span_model import Calibration, SpanModel, Window
from service.answering.reading.span_model_factory import SHIPPED, load_span_model
from service.answering.reading.span_reader import SpanReader
from service.answering.types import ScoredSpan
from tests.conftest import make_article
from tests.test_simple_reader import hits

LEFT = "The FSB recorded 261,000 men leaving in four days."


class ScriptedModel(SpanModel):
    """Scores words as the test says: ``likes`` maps a word to what a start and an end there score."""

    def __init__(self, likes: dict[str, tuple[float, float]]) -> None:
        self.calibration = Calibration(threshold=0.5)
        self._likes = likes

    def score(self, question: str, passages: Sequence[tuple[str, str]]) -> list[list[Window]]:
        return [[self._window(text)] for _, text in passages]

    def _window(self, text: str) -> Window:
        offsets, at = [], 0
        for word in text.split():
            at = text.index(word, at)
            offsets.append((at, at + len(word)))
            at += len(word)
        scores = np.array([self._likes.get(text[start:end].strip("."), (-9, -9)) for start, end in offsets])
        return Window(scores[:, 0], scores[:, 1], 0.0, np.array(offsets))


def read(likes: dict[str, tuple[float, float]], text: str) -> list[ScoredSpan]:
    return SpanReader(ScriptedModel(likes)).read("Who?", hits(make_article(text)))


def lit(span: ScoredSpan) -> list[str]:
    return [span.article.text[start:end] for start, end in span.highlights]


def test_a_sentence_has_the_score_of_its_best_span() -> None:
    best, other = read({"cat": (3, 1), "mat": (-2, 2), "dog": (1, 1)}, "A cat sat on a mat. A dog ran.")
    assert (best.text, lit(best)) == ("A cat sat on a mat.", ["cat sat on a mat."])
    assert (other.text, lit(other)) == ("A dog ran.", ["dog"])
    assert best.confidence == pytest.approx(1 / (1 + np.exp(-5)))


def test_an_end_before_its_start_is_no_span() -> None:
    (only,) = read({"mat": (5, -9), "cat": (-9, 5), "A": (-2, -9)}, "A cat sat on a mat.")
    assert lit(only) == ["A cat"]
    assert only.confidence == pytest.approx(1 / (1 + np.exp(-3)))


def test_neighbours_are_joined_only_where_the_answer_crosses() -> None:
    text = "He went to Rome. Then to Bonn. All was well."
    joined = read({"Rome": (5, 0), "Bonn": (0, 5)}, text)
    assert joined[0].text == "He went to Rome. Then to Bonn."
    assert [each.text for each in joined] == ["He went to Rome. Then to Bonn.", "All was well."]
    apart = read({"Rome": (5, 5), "Bonn": (4, 4)}, text)
    assert [each.text for each in apart] == ["He went to Rome.", "Then to Bonn.", "All was well."]


def test_confidence_is_the_calibrated_evidence() -> None:
    model = ScriptedModel({"dog": (2, 1)})
    model.calibration = Calibration(weights=(0.5, 2.0, 0.0), bias=-1.0, threshold=0.7)
    reader = SpanReader(model)
    (only,) = reader.read("Which dog barked?", hits(make_article("A dog ran.")))
    assert only.confidence == pytest.approx(1 / (1 + np.exp(-(0.5 * 3 + 2.0 * 0.5 - 1))))
    assert reader.threshold == 0.7


def test_no_passages_give_no_spans(reader: Reader) -> None:
    assert reader.read("Who?", []) == []


@pytest.mark.parametrize(
    ("question", "sentence", "words"),
    [
        ("How many men left?", "The FSB recorded 261,000 men leaving in four days.", "261,000"),
        ("When will it close?", "Officials said that the border will close on Sept. 28.", "Sept. 28"),
        ("Who resigned?", "After the vote, minister Jane Ruiz resigned in tears.", "Jane Ruiz"),
    ],
)
def test_the_shipped_model_finds_the_short_answer(reader: Reader, question: str, sentence: str, words: str) -> None:
    filler = "It rained on the day. The streets were empty and the shops were closed."
    best = reader.read(question, hits(make_article(f"{filler} {sentence} {filler}")))[0]
    assert best.text == sentence
    assert any(words in each for each in lit(best))
    assert best.confidence >= reader.threshold


def test_the_title_is_context_and_never_quoted() -> None:
    model = load_span_model()
    text = "The crash killed 12 people."
    with_title, without = (model.score("Who was killed?", [(title, text)])[0][0] for title in ("Kenya", ""))
    assert with_title.offsets.tolist() == without.offsets.tolist()
    assert with_title.offsets.min() == 0 and with_title.offsets.max() == len(text)
    assert not np.allclose(with_title.starts, without.starts)


def test_a_long_passage_is_read_in_windows_that_cover_it() -> None:
    text = " ".join(f"Sentence number {number} stands here." for number in range(200))
    (windows,) = load_span_model().score("Which sentence?", [("", text)])
    assert len(windows) > 2
    covered = {int(start) for window in windows for start in window.offsets[:, 0]}
    assert all(text.index(f"number {number} ") in covered for number in range(200))


def test_marks_of_the_model_are_text_like_any_other(reader: Reader) -> None:
    article = make_article("The shop sold [SEP] shoes and [CLS] hats on Monday. A dog ran.", title="[SEP] Shoes [CLS]")
    (best, *_) = reader.read("When were the [SEP] shoes sold?", hits(article))
    assert lit(best) == ["Monday"]


def test_of_a_long_question_the_end_is_read(reader: Reader) -> None:
    preamble = "After all that has been written and said about these weeks, by people near and far, tell me this: " * 8
    best = reader.read(f"{preamble} how many men left Russia?", hits(make_article(LEFT)))[0]
    assert best.text == LEFT and "261,000" in lit(best)[0]


def test_an_accent_belongs_to_its_letter(reader: Reader) -> None:
    article = make_article(unicodedata.normalize("NFD", "The man who shot the mayor was José."))
    assert lit(reader.read("Who shot the mayor?", hits(article))[0]) == [unicodedata.normalize("NFD", "José")]


def test_many_threads_read_what_one_reads(reader: Reader) -> None:
    article = make_article(f"{LEFT} {'Rain fell on the hills and on the sea. ' * 60}", title="Leaving Russia")
    questions = ["How many men left?", "Where did the rain fall? " * 30] * 8
    alone = [reader.read(question, hits(article)) for question in questions[:2]]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda question: reader.read(question, hits(article)), questions))
    assert together == alone * 8


def test_the_order_of_the_passages_does_not_matter(reader: Reader) -> None:
    texts = ["A cat sat on the mat in Rome.", "Dogs bark. " * 30, "Rain fell in Ghana on Monday, and on Tuesday."]
    found: list[Hit] = [hit for number, text in enumerate(texts) for hit in hits(make_article(text, key=str(number)))]
    one, other = reader.read("Where did the cat sit?", found), reader.read("Where did the cat sit?", found[::-1])
    assert one[0].text == other[0].text == texts[0]
    assert {(each.text, each.span): each.confidence for each in one} == pytest.approx(
        {(each.text, each.span): each.confidence for each in other}
    )


@pytest.mark.parametrize("question", ["x " * 1_000, "؟", "👍🏽", "[SEP] [CLS] [MASK]"])
def test_odd_questions_are_read(reader: Reader, question: str) -> None:
    assert reader.read(question, hits(make_article("A cat sat. [SEP] A dog ran.")))


def test_text_without_tokens_has_no_answer(reader: Reader) -> None:
    assert reader.read("Who?", hits(make_article("\u200b\u200b"))) == []


def test_a_word_longer_than_a_sentence_may_be_is_lit_up_inside_its_quote(reader: Reader) -> None:
    for each in reader.read("Who?", hits(make_article(f"Ann met {'x' * 2_500} in Rome."))):
        assert all(each.span.start <= start <= end <= each.span.end for start, end in each.highlights)


def test_three_sentences_are_never_joined() -> None:
    text = "He went to Rome. Then to Bonn. On to Oslo."
    spans = read({"Rome": (9, 0), "Bonn": (8, 8.5), "Oslo": (0, 9)}, text)
    assert sorted(each.text for each in spans) == ["He went to Rome. Then to Bonn.", "On to Oslo."]


def test_the_words_of_the_passage_and_its_title_count_too() -> None:
    model = ScriptedModel({})
    model.calibration = Calibration(weights=(0.0, 0.0, 1.0))
    article = make_article("A bus fell. Twelve died.", title="Crash in Kenya")
    shares = [
        np.log(each.confidence / (1 - each.confidence))
        for each in SpanReader(model).read("Who died in the Kenya bus quake?", hits(article))
    ]
    assert shares == pytest.approx([3 / 4, 3 / 4])


def test_spans_stay_inside_their_sentences(reader: Reader, seed: Article) -> None:
    for each in reader.read("When could the border close?", hits(seed)):
        for start, end in each.highlights:
            assert each.span.start <= start < end <= each.span.end


def test_a_model_that_cannot_be_loaded_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(ModelError, match="no/such-model.*PULLQUOTE_READER_MODEL"):
        load_span_model("no/such-model")


def test_a_damaged_model_is_reported(tmp_path: Path) -> None:
    folder = tmp_path / "reader"
    folder.mkdir()
    for name in ("reader.json", "tokenizer.json"):
        (folder / name).write_bytes((SHIPPED / name).read_bytes())
    (folder / "model.onnx").write_bytes((SHIPPED / "model.onnx").read_bytes()[:1000])
    with pytest.raises(ModelError, match="cannot be loaded"):
        load_span_model(str(folder))


@pytest.mark.parametrize(
    "settings",
    ["{", "[]", "{}", '{"titles": true, "weights": [1, 2], "bias": 0, "threshold": 0.5}',
     '{"titles": true, "weights": [1, 2, 3], "bias": "x", "threshold": 0.5}',
     '{"titles": true, "weights": [1, 2, 3], "bias": 0, "threshold": 5}',
     '{"titles": true, "weights": [1, 2, 3], "bias": NaN, "threshold": 0.5}',
     '{"titles": true, "weights": "123", "bias": 0, "threshold": 0.5}'],
)  # fmt: skip
def test_damaged_settings_are_reported(tmp_path: Path, settings: str) -> None:
    for name in ("model.onnx", "tokenizer.json"):
        (tmp_path / name).symlink_to(SHIPPED / name)
    (tmp_path / "reader.json").write_text(settings)
    with pytest.raises(ModelError, match="cannot be loaded"):
        load_span_model(str(tmp_path))


@pytest.mark.parametrize("content", ["{}", "[]", "null", ""])
def test_a_damaged_tokenizer_is_reported(tmp_path: Path, content: str) -> None:
    for name in ("model.onnx", "reader.json"):
        (tmp_path / name).symlink_to(SHIPPED / name)
    (tmp_path / "tokenizer.json").write_text(content)
    with pytest.raises(ModelError, match="cannot be loaded"):
        load_span_model(str(tmp_path))


def test_a_folder_that_is_not_there_is_reported(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="there is no such folder"):
        load_span_model(str(tmp_path / "none"))


def tiny(folder: Path, *, answers: bool = True, tokenizer: bool = True, positions: int = 512) -> str:
    """Save a small untrained BERT, as a folder of the hub's format."""
    from transformers import AutoTokenizer, BertConfig, BertForQuestionAnswering, BertModel

    config = BertConfig(
        hidden_size=24,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=positions,
    )
    (BertForQuestionAnswering if answers else BertModel)(config).save_pretrained(folder)
    if tokenizer:
        AutoTokenizer.from_pretrained(SHIPPED).save_pretrained(folder)
    return str(folder)


def test_a_model_with_a_short_memory_is_read_in_short_windows(tmp_path: Path) -> None:
    (windows,) = load_span_model(tiny(tmp_path, positions=256)).score("Who?", [("", "It is so. " * 300)])
    assert max(len(window.starts) for window in windows) < 256


def test_a_model_without_a_tokenizer_is_reported(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="tokenizer"):
        load_span_model(tiny(tmp_path, tokenizer=False))


def test_a_model_that_answers_no_questions_is_reported(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no head for answering questions"):
        load_span_model(tiny(tmp_path, answers=False))


def test_another_model_in_the_hubs_format_can_be_used(tmp_path: Path) -> None:
    model = load_span_model(tiny(tmp_path))
    assert model.calibration == Calibration()
    spans = SpanReader(model).read("Who?", hits(make_article("A cat sat. A dog ran off. All was well.")))
    assert {each.confidence for each in spans} != {0.5}
    assert all(lit(each)[0] in each.text for each in spans)
