"""What the reader learns from, and that what is trained is what is served."""

import random

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer
from transformers import BertConfig, BertForQuestionAnswering

from benchmarks.abstention import calibration_error
from benchmarks.peers.texts import judged
from benchmarks.spans import exact_match, f1
from index.types import Span
from service.answering.reading.span_model_factory import SHIPPED
from service.answering.reading.tokenization import Encoder
from training import near_misses, risk_coverage
from training.calibrate import Asked, fit
from training.descent import Descent
from training.encoding import Encoded, encode, pack
from training.examples import Example, _detokenized, cropped, reworded, without_overlap
from training.frames import Frame
from training.neighbours import Neighbours
from training.packed import PackedBert
from training.reader import loss
from training.taken_back import Framer
from training.twins import as_miss, twins_of

PASSAGE = "Jane Ruiz led the army in 1066. The oldest town was Bergen. Rain fell for 12 days."
EXAMPLE = Example("Who led the army in 1066?", PASSAGE, (Span(0, 9),), "History")


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return Encoder(Tokenizer.from_file(str(SHIPPED / "tokenizer.json")), title_mark="[SEP]")


def test_the_answers_tokens_are_the_answers_words(encoder: Encoder) -> None:
    encoded = encode(encoder, EXAMPLE)
    assert encoded
    first, last = (tokens[0] - encoded.passage for tokens in (encoded.starts, encoded.ends))
    assert PASSAGE[encoded.offsets[first][0] : encoded.offsets[last][1]] == "Jane Ruiz"


def test_an_answer_cut_off_is_no_lesson(encoder: Encoder) -> None:
    long = "word " * 600 + "Jane Ruiz"
    assert encode(encoder, Example("Who?", long, (Span(3000, 3009),))) is None


def test_the_packed_model_is_bert(encoder: Encoder) -> None:
    torch.manual_seed(0)
    config = BertConfig(hidden_size=48, num_hidden_layers=2, num_attention_heads=4, intermediate_size=96)
    theirs = BertForQuestionAnswering(config)
    theirs.train(mode=False)
    ours = PackedBert(config.to_dict())
    ours.load_bert(theirs.state_dict())
    codes = [encode(encoder, each) for each in (EXAMPLE, Example("When?", "It rained on Monday.", ()))]
    batch = pack([code for code in codes if code], torch.device("cpu"))
    scores = ours(batch)
    for start, end in batch.cuts:
        given = theirs(input_ids=batch.ids[None, start:end], token_type_ids=batch.types[None, start:end])
        assert torch.allclose(scores[start:end, 0], given.start_logits[0], atol=1e-5)
        assert torch.allclose(scores[start:end, 1], given.end_logits[0], atol=1e-5)
    assert set(ours.bert()) == set(theirs.state_dict())


def test_the_packed_gradient_is_the_gradient(encoder: Encoder) -> None:
    torch.manual_seed(0)
    config = BertConfig(
        hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=8, hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
    )  # fmt: skip
    theirs = BertForQuestionAnswering(config)
    ours = PackedBert(config.to_dict())
    ours.load_bert(theirs.state_dict())
    code = encode(encoder, EXAMPLE)
    assert code
    batch = pack([code], torch.device("cpu"))
    torch.autograd.backward(ours(batch)[:, 0].logsumexp(0))
    given = theirs(input_ids=batch.ids[None], token_type_ids=batch.types[None])
    torch.autograd.backward(given.start_logits[0].logsumexp(0))
    mine = ours.layers[0].qkv.weight.grad  # type: ignore[union-attr]
    attention = theirs.bert.encoder.layer[0].attention.self
    wanted = torch.cat([part.weight.grad for part in (attention.query, attention.key, attention.value)])
    assert torch.allclose(mine, wanted, atol=1e-6)  # type: ignore[arg-type]


def test_the_loss_is_least_where_the_answer_is() -> None:
    code = Encoded([0] * 8, [0] * 8, 3, (4,), (5,), [(0, 1)] * 4)
    right, wrong = torch.zeros(8, 2), torch.zeros(8, 2)
    right[4, 0] = right[5, 1] = 9.0
    wrong[6] = 9.0
    cuts = [(0, 8)]
    assert loss(right, [code], cuts, [0]) < 0.01 < loss(torch.zeros(8, 2), [code], cuts, [0])
    assert loss(torch.zeros(8, 2), [code], cuts, [0]) < loss(wrong, [code], cuts, [0])


def test_a_passage_that_outscores_the_right_one_costs() -> None:
    code = Encoded([0] * 8, [0] * 8, 3, (4,), (5,), [(0, 1)] * 4)
    null = code._replace(starts=(0,), ends=(0,))
    scores = torch.zeros(16, 2)
    scores[8] = 20.0  # the second passage says that it has no answer, however loud it is otherwise
    quiet, loud = scores.clone(), scores.clone()
    loud[12:14] = 9.0
    cuts = [(0, 8), (8, 16)]
    assert loss(quiet, [code, null], cuts, [0]) < loss(loud, [code, null], cuts, [0])
    assert loss(loud, [code, null], cuts, [0, 1]) < loss(loud, [code, null], cuts, [0])


def test_a_descent_goes_on_where_it_stopped() -> None:
    def model() -> torch.nn.Module:
        torch.manual_seed(0)
        return torch.nn.Linear(3, 1).to(torch.bfloat16)

    def step(descent: Descent, module: torch.nn.Module) -> None:
        descent.step(module(torch.ones(1, 3, dtype=torch.bfloat16)).float().pow(2).sum())

    straight = model()
    descent = Descent(straight, rate=0.1, progress=lambda done: done / 4)
    for _ in range(4):
        step(descent, straight)
    broken = model()
    first = Descent(broken, rate=0.1, progress=lambda done: done / 4)
    for _ in range(2):
        step(first, broken)
    resumed = model()
    second = Descent(resumed, rate=0.1, progress=lambda done: done / 4)
    second.load(first.state())
    for _ in range(2):
        step(second, resumed)
    assert second.done == 4
    assert torch.equal(straight.weight, resumed.weight)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("made", "differs"),
    [
        (near_misses.other_number(EXAMPLE, random.Random(1)), "1066"),
        (near_misses.opposite(Example("What was the oldest town?", PASSAGE, ()), random.Random(1)), "oldest"),
        (near_misses.negated(EXAMPLE, random.Random(1)), None),
        (near_misses.answer_left_out(EXAMPLE, random.Random(1)), "Jane"),
    ],
)
def test_a_near_miss_has_no_answer_and_differs(made: Example | None, differs: str | None) -> None:
    if differs is None:
        assert made is None  # there is nothing to negate in "Who led …?"
        return
    assert made and made.answers == ()
    assert differs not in made.question or differs not in made.passage


def test_a_name_is_swapped_in_the_question_or_everywhere_in_the_passage() -> None:
    example = Example("When did Jane Ruiz lead?", f"{PASSAGE} Jane Ruiz wept.", (Span(26, 30),))
    for seed in range(20):
        made = near_misses.other_name(example, random.Random(seed), ["Adam Bell", "Rome", "Oslo"] * 3)
        assert made
        assert ("Jane Ruiz" in made.question) != ("Jane Ruiz" in made.passage)


def test_the_same_seed_makes_the_same() -> None:
    names, things = ["Adam Bell", "Rome"], ["days", "rain", "rule"] * 5
    made = [near_misses.near_miss(EXAMPLE, random.Random(5), names, things) for _ in range(2)]
    assert made[0] == made[1] is not None


def test_a_cropped_passage_keeps_the_answer_in_place() -> None:
    text = " ".join(f"Sentence {number} is here and says little." for number in range(60))
    start = text.index("Sentence 30")
    example = Example("Which?", text, (Span(start, start + 11),))
    for seed in range(10):
        short = cropped(example, random.Random(seed))
        assert len(short.passage) <= 700
        assert [short.passage[one:other] for one, other in short.answers] == ["Sentence 30"]


def test_a_question_that_people_wrote_beside_another_is_found_by_it() -> None:
    twins = {("who led the army in 1066?", PASSAGE): ["Who led the navy in 1066?"]}
    (question,) = twins_of(EXAMPLE, twins)
    assert as_miss(EXAMPLE, question).answers == ()
    assert twins_of(Example("Who led the army in 1066?", "It rained.", ()), twins) == ()


def test_neighbours_are_near_and_lack_the_answer() -> None:
    near = Example("", "The army was led in 1066 by nobody known.", ())
    far = Example("", "Cheese is made of milk.", ())
    same = Example("", "In 1066 the army had Jane Ruiz.", ())
    assert Neighbours([EXAMPLE, near, far, same]).of(EXAMPLE) == [near]


def test_a_framed_sentence_is_taken_back_or_affirmed_with_its_answer_in_place() -> None:
    given = [
        Frame("denied", "CLAUSE-any", "{SRC} denied that {CLAUSE}.", "-", loose=False),
        Frame("asserted", "CLAUSE-any", "{SRC} confirmed that {CLAUSE}.", "-", loose=False),
        *(
            Frame(label, "CLAUSE-any", f"It is {label} that {{CLAUSE}}.", "-", loose=False)
            for label in ("doubted", "conditional", "retracted", "fictional")
        ),
    ]
    framer, rng = Framer(given), random.Random(3)
    made = [framer.framed(EXAMPLE, rng) for _ in range(40)]
    assert {each.kind for each in made if each} == {"taken back", "affirmed"}
    for each in made:
        assert each and "Rain fell" in each.passage
        assert [each.passage[start:end] for start, end in each.answers] == ["Jane Ruiz"] * (each.kind == "affirmed")
    yes_or_no = Example("Did Jane Ruiz lead it?", PASSAGE, (Span(0, 9),))
    assert framer.framed(yes_or_no, rng) is None


def test_a_tokenized_text_is_joined_again_with_its_answer_in_place() -> None:
    text = "Jane 's town ( Bergen ) , she said , is 2 - 3 years old ."
    joined, (span,) = _detokenized(text, [Span(text.index("Bergen"), text.index("Bergen") + 6)])
    assert joined == "Jane's town (Bergen), she said, is 2-3 years old."
    assert joined[span.start : span.end] == "Bergen"


def test_what_overlaps_with_a_test_is_left_out() -> None:
    other = Example("What is new?", "Nothing here is like the other passage at all, really nothing.", ())
    same_question = Example("who led the ARMY in 1066", "Another text.", ())
    assert without_overlap([EXAMPLE, other, same_question], [("Who led the army in 1066?", PASSAGE)]) == [other]
    assert without_overlap([EXAMPLE, other], [("Why?", f"So: {PASSAGE}")]) == [other]


def test_rewording_keeps_most_of_the_question() -> None:
    for seed in range(50):
        words = reworded("Who led the army in 1066?", random.Random(seed))
        assert len(words) > 8 and "?" not in words[:-1]


@pytest.mark.parametrize(
    ("given", "right", "exact", "overlap"),
    [("The Army", "army.", True, 1.0), ("red army", "army", False, 2 / 3), ("", "army", False, 0.0)],
)
def test_answers_are_compared_as_squad_does(given: str, right: str, exact: bool, overlap: float) -> None:
    assert exact_match(given, right) == exact
    assert f1(given, right) == pytest.approx(overlap)


def test_the_calibration_finds_what_tells_right_from_wrong() -> None:
    rng = np.random.default_rng(0)
    questions = []
    for number in range(300):
        answerable = number % 2 == 0
        evidence = np.stack([rng.normal(size=4), rng.random(4), np.full(4, 0.5)], axis=1)
        right = np.zeros(4, dtype=bool)
        if answerable:
            right[number % 4] = True
            evidence[number % 4, 0] += 4
        questions.append(Asked("test", str(number), answerable, evidence, right))
    fitted = fit(questions)
    confidence, right = map(np.array, zip(*(fitted.best(each) for each in questions), strict=True))
    assert fitted.weights[0] > 1 > abs(fitted.weights[1])
    assert confidence[::2].mean() > 0.8 > 0.3 > confidence[1::2].mean()
    assert calibration_error(confidence, right) < 0.06


def test_the_threshold_parts_the_answerable_from_the_others() -> None:
    confidence = np.array([0.9, 0.8, 0.7, 0.2, 0.1])
    answerable = np.array([True, True, True, False, False])
    threshold = risk_coverage.best_threshold(confidence, answerable, np.array(["one"] * 5))
    assert 0.2 < threshold <= 0.7
    *_, last = risk_coverage.table(confidence, answerable, answerable, np.array(["one"] * 5))
    assert last.startswith("| one | 0.9 |")


def test_a_confidence_that_is_right_as_often_as_it_says_has_no_error() -> None:
    right = np.array([True, True, True, False])
    assert calibration_error(np.full(4, 0.75), right) == 0
    assert calibration_error(np.full(4, 0.25), right) == pytest.approx(0.5)


def test_a_peer_is_judged_by_the_characters_it_may_show() -> None:
    shown = ["x" * 349, "Rome", "y" * 800, "Bonn"]
    assert judged("Rome", shown)[:2] == (False, True)
    assert judged("Bonn", shown)[:2] == (False, False)
    assert judged("Rome", ["It was Rome."]) == (True, True, 12)
