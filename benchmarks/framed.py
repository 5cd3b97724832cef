"""Framed articles: sentences that answer a question, put into frames that take them back, and asked about.

The questions and sentences are XQuAD's, of which nothing is learnt from; the frames are those kept aside, and those of
``benchmarks/data/stance_frames.txt``. Of the answers to framed articles, those are told rightly that are refused, or
show the frame's own words. Plain articles hold the sentence as it is, and affirmed ones
put it into a frame that confirms it: their short answer is to stand alone.
"""

import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks.common import Figures, empty_service, read_rows
from index.text.sentences import split_sentences
from index.types import Article, Filters
from service.answering.quoting.stance import stands_alone
from service.answering.types import Answer
from service.assembly import Services
from training.frames import Frame

_SEED = 11
_LONGEST = 200
_SHOWN = 0.7
_SOURCES = ("the mayor", "Senator Ida Quinn", "the ministry", "engineer Ada Kwon", "the club", "Jan Roos")
_TAIL = "The town has 9,000 people and a harbour. It was founded in 1712."
_LOWERED = re.compile(
    r"(?:A|An|At|By|During|For|From|He|Her|His|In|It|Its|On|She|The|Their|There|These|They|This|Those)\b"
)
_UNFIT = re.compile(
    r"[\"“”();:?!]|^(?:And|But|However|Although|If|When|While|Because|Since|Thus|Also)\b|\b(?:not|would|if)\b"
)
_GAP = "\0"


class Case(NamedTuple):
    """An article, the question, the short answer, the frame's own words, and the stance that is right."""

    text: str
    question: str
    short: str
    own_words: str
    kind: str


def measure(xquad: Path, frames: Sequence[Frame], limit: int) -> Figures:
    """Return how ``limit`` framed and as many plain articles are told."""
    rng = random.Random(_SEED)  # noqa: S311
    sentences = list(_sentences(xquad))
    rng.shuffle(sentences)
    usable = [each for each in frames if each.gap == "CLAUSE" and each.form in ("CLAUSE-any", "CLAUSE-past")]
    turned = [each for each in usable if each.label not in ("asserted", "reported")]
    affirmed = [each for each in usable if each.label == "asserted"]
    framed = [_case(turned[at % len(turned)], sentence, rng) for at, sentence in enumerate(sentences[:limit])]
    plain = [_case(None, sentence, rng) for sentence in sentences[-limit:]]
    counts: Counter[str] = Counter()
    with empty_service() as services:
        for case in framed:
            right = _is_told_rightly(case, _ask(services, case))
            counts.update({"framed_right": right, f"framed_{case.kind}": 1, f"framed_{case.kind}_right": right})
        for case in plain:
            answer = _ask(services, case)
            alone = answer.answered and stands_alone(answer.quotes[0])
            counts.update({"plain_answered": answer.answered, "plain_alone": alone})
        for at, sentence in enumerate(sentences[: limit // 2]):
            answer = _ask(services, _case(affirmed[at % len(affirmed)], sentence, rng))
            alone = answer.answered and stands_alone(answer.quotes[0])
            counts.update({"affirmed_answered": answer.answered, "affirmed_alone": alone})
    kinds = sorted({case.kind for case in framed})
    return {
        "framed_told_rightly": counts["framed_right"] / len(framed),
        **{f"framed_{kind}_told_rightly": counts[f"framed_{kind}_right"] / counts[f"framed_{kind}"] for kind in kinds},
        "plain_answered": counts["plain_answered"] / len(plain),
        "plain_stands_alone": counts["plain_alone"] / max(counts["plain_answered"], 1),
        "affirmed_stands_alone": counts["affirmed_alone"] / max(counts["affirmed_answered"], 1),
    }


def _sentences(xquad: Path) -> Iterator[tuple[str, str, str]]:
    """Yield plain sentences of XQuAD with a question that they answer, and the answer."""
    seen = set()
    for row in read_rows(xquad):
        answer = row["answers"][0]
        for start, end in split_sentences(row["context"]):
            sentence = row["context"][start:end]
            inside = start <= answer["start"] and answer["start"] + len(answer["text"]) <= end
            if inside and len(sentence) <= _LONGEST and sentence.endswith(".") and not _UNFIT.search(sentence):
                if sentence not in seen:
                    seen.add(sentence)
                    yield sentence, row["question"], answer["text"]


def _case(frame: Frame | None, sentence: tuple[str, str, str], rng: random.Random) -> Case:
    words, question, short = sentence
    if frame is None:
        return Case(f"{words}\n\n{_TAIL}", question, short, "", "asserted")
    clause = words.removesuffix(".")
    template = re.sub(r"<<|>>|\[\[(?:\w+\|)?|\]\]", "", frame.template).replace("\\n", "\n")
    template = re.sub(r"\(([^()/]*)/[^()]*\)", r"\1", template)
    one, other = rng.sample(_SOURCES, 2)
    template = template.replace("{SRC}", one).replace("{SRC2}", other).replace("{PRO}", "he")
    template = template[0].upper() + template[1:]
    own_words = template.replace("{CLAUSE}", _GAP)
    opens = re.search(r"(?:^|[.?!:\n]\s*[“\"]?|[“\"])\{CLAUSE\}", template)
    lowered = clause[0].lower() + clause[1:] if not opens and _LOWERED.match(clause) else clause
    return Case(f"{template.replace('{CLAUSE}', lowered)}\n\n{_TAIL}", question, short, own_words, frame.label)


def _ask(services: Services, case: Case) -> Answer:
    stored = services.ingester.add(Article(text=case.text, title="", title_given=False, key=case.text))
    return services.answerer.ask(case.question, filters=Filters(article_ids=(stored.id,)))


def _is_told_rightly(case: Case, answer: Answer) -> bool:
    """Whether an answer is refused, or has most of the frame's words in each quote that it tells of the clause."""
    if not answer.answered:
        return True
    own = re.findall(r"\w+", case.own_words.lower())
    shown = set(re.findall(r"\w+", answer.text.lower()))
    return sum(word in shown for word in own) >= _SHOWN * len(own)
