"""Drafts: quotations that are true, altered, made up or somebody else's, told apart in drafts of 3,000 words.

``python -m benchmarks.drafts --data news [--limit DRAFTS] [--store FOLDER] [--json]``

The store is one that ``benchmarks.archive --store`` or ``pullquote add`` made of the news; without one, the first 200
articles are added to an empty one. Each draft has 40 quotations, ten of each kind, under sentences of the archive that
quote nobody. They are quotations of the store's own articles by persons whom these name: as they stand; with a word, a
number, a name or a negation changed; given to somebody else. Those made up are quotations of articles of the news that
the store does not have, none of which shares six words in a row with it. ``figures_…`` are up to 100 sentences of the
store that report a figure of somebody whom they name, as they stand and with the figure changed. ``single_s`` is how
long checking each quotation by itself takes, in the same run.
"""

import random
import re
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from benchmarks.common import Figures, Rows, read_rows, run, service_at
from index.attribution.finding import find_attributions
from index.attribution.naming.identity import is_named
from index.attribution.rules import RuleTagger
from index.text.sentences import split_sentences
from index.types import Article, Attribution, Span
from service.answering.verification.context import lost_context
from service.answering.verification.verify import Claim
from service.assembly import Services

_SEED = 5
_DRAFTS = 10
_EACH = 10
_WORDS = 3_000
_ADDED = 200
_REPORTED = 100
_RUN = 6
_KINDS = ("true", "altered", "made_up", "misattributed")
_STYLES = (
    "“{words},” {speaker} said.",
    "{speaker} said: “{words}.”",
    "“{words},” said {speaker}, who was asked about it on the day.",
    'According to {speaker}, "{words}."',
    "In an interview {speaker} put it like this: “{words}.”",
    "{speaker} told reporters that “{words}”.",
)
_OPPOSITES = {
    "is": "is not",
    "are": "are not",
    "was": "was not",
    "were": "were not",
    "will": "will not",
    "can": "cannot",
}
_NOT = re.compile(r"\b(?P<verb>is|are|was|were|will|do|does|did|have|has|had|would) not\b")


class Seconds(NamedTuple):
    """How long something takes by the clock, and of the processors' time."""

    passed: float
    worked: float


class Sample(NamedTuple):
    """A quotation in a draft: its words, who is said to have said them, and of which kind it is."""

    words: str
    speaker: str
    kind: str
    change: str = ""


def measure(data: Path, limit: int | None = None, store: Path | None = None) -> Figures:
    """Return how the quotations of ``limit`` drafts are told apart, and how long it takes."""
    rng = random.Random(_SEED)  # noqa: S311
    rows = read_rows(data / "articles.jsonl.gz")
    counts: Counter[str] = Counter()
    seconds: list[tuple[Seconds, Seconds]] = []
    scratch: AbstractContextManager[str] = tempfile.TemporaryDirectory() if store is None else nullcontext(str(store))
    with scratch as folder, service_at(Path(folder)) as services:
        if store is None:
            _add(services, rows[:_ADDED])
        articles = [services.store.article(each.id) for each in services.store.articles(limit=100_000)]
        real = list(_quotations(services, articles))
        made_up = list(islice(_made_up(rng.sample(rows, len(rows)), articles), 2 * _EACH * (limit or _DRAFTS)))
        prose = [each for article in articles for each in _plain_sentences(article)]
        for pool in (real, made_up, prose):
            rng.shuffle(pool)
        for number in range(limit or _DRAFTS):
            samples = _samples(rng, real[number * 3 * _EACH :], made_up[number * _EACH :])
            if len(samples) < len(_KINDS) * _EACH:
                break
            seconds.append(_check(services, samples, prose, rng, counts))
        figures = _reported(services, articles, rng)
    drafts = len(seconds)
    return {
        "articles": len(articles),
        "drafts": drafts,
        "quotations": sum(counts[kind] for kind in _KINDS),
        "draft_s": sum(whole.passed for whole, _ in seconds) / max(1, drafts),
        "draft_longest_s": max((whole.passed for whole, _ in seconds), default=0.0),
        "draft_processor_s": sum(whole.worked for whole, _ in seconds) / max(1, drafts),
        "single_s": sum(single.passed for _, single in seconds) / max(1, drafts),
        "single_processor_s": sum(single.worked for _, single in seconds) / max(1, drafts),
        **{
            f"{kind}_{status}": counts[f"{kind} {status}"] / max(1, counts[kind])
            for kind in _KINDS
            for status in ("found", "altered", "misattributed", "out_of_context", "absent", "not_checked", "missed")
        },
        **{f"altered_{change}_told": counts[f"told {change}"] / counts[f"by {change}"] for change in _changes(counts)},
        "made_up_refused": 1 - counts["made_up found"] / max(1, counts["made_up"]),
        "speaker_right": counts["speaker"] / max(1, sum(counts[kind] for kind in _KINDS)),
        "beside_them": counts["beside"],
        "beside_them_wrong": counts["beside wrong"],
        **figures,
    }


def _changes(counts: Counter[str]) -> list[str]:
    return sorted(name.removeprefix("by ") for name in counts if name.startswith("by "))


def _add(services: Services, rows: Rows) -> None:
    for row in rows:
        services.ingester.add(Article(text=row["text"], title=row["title"], key=row["url"], url=row["url"]))


def _quotations(services: Services, articles: Sequence[Article]) -> Iterator[tuple[Article, Span, str]]:
    """Yield the quotations of the store's articles by persons whom they name, which leave nothing out."""
    for article in articles:
        among, stances = services.store.attributions(article.id), services.store.stances(article.id)
        for each in among:
            for words in _in_marks(article.text, each):
                if each.via is None and lost_context(article, words, stances, among) is None:
                    yield article, words, each.speaker


def _in_marks(text: str, attribution: Attribution) -> Iterator[Span]:
    if not is_named(attribution.speaker) or len(attribution.speaker.split()) < 2 or attribution.resolved:
        return
    for start, end in attribution.contents:
        match = re.fullmatch(r"“([^“”\"\n]+?)[,.]?”", text[start:end])
        if match and 6 <= len(match[1].split()) <= 40 and not re.search(r"[\[\]…‘]|\.\.\.", match[1]):
            yield Span(start + match.start(1), start + match.end(1))


def _made_up(rows: Rows, articles: Sequence[Article]) -> Iterator[Sample]:
    """Yield quotations of articles that the store does not have, found by rule, which share no run of words with it."""
    known = {article.url or article.key for article in articles}
    runs = {each for article in articles for each in _runs(article.text)}
    for row in rows:
        if row["url"] in known:
            continue
        text = row["text"]
        for each in find_attributions(text, split_sentences(text), RuleTagger()) if text.strip() else ():
            for words in _in_marks(text, each):
                if not runs.intersection(_runs(text[slice(*words)])):
                    yield Sample(text[slice(*words)], each.speaker, "made_up")


def _runs(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text.casefold())
    return set(zip(*(words[at:] for at in range(_RUN)), strict=False))


def _plain_sentences(article: Article) -> Iterator[str]:
    for start, end in split_sentences(article.text):
        words = article.text[start:end]
        if words.endswith(".") and "\n" not in words and 8 < len(words.split()) < 40 and not re.search('[“”"‘]', words):
            yield words


def _samples(rng: random.Random, real: Sequence[tuple[Article, Span, str]], made_up: Sequence[Sample]) -> list[Sample]:
    quoted = [(article.text[slice(*span)], speaker) for article, span, speaker in real[: 3 * _EACH]]
    samples = [Sample(*each, "true") for each in quoted[:_EACH]]
    for words, speaker in quoted[_EACH : 2 * _EACH]:
        changed, change = _changed(words, rng, [other for other, _ in quoted])
        samples.append(Sample(changed, speaker, "altered", change))
    for at, (words, speaker) in enumerate(quoted[2 * _EACH :]):
        others = [name for _, name in quoted[at % _EACH :] if name.split()[-1] != speaker.split()[-1]]
        samples.append(Sample(words, others[0], "misattributed"))
    samples += made_up[:_EACH]
    rng.shuffle(samples)
    return samples


def _changed(words: str, rng: random.Random, others: Sequence[str]) -> tuple[str, str]:
    """Return the words with a negation, a number, a name or another word changed, and which of these it was."""
    ways = ["negation", "number", "name", "word"]
    rng.shuffle(ways)
    for way in ways:
        if (changed := _by(way, words, rng, others)) and changed != words:
            return changed, way
    return f"{words} indeed", "word"


def _by(way: str, words: str, rng: random.Random, others: Sequence[str]) -> str | None:
    if way == "negation":
        if _NOT.search(words):
            return _NOT.sub(lambda match: match["verb"], words, count=1)
        verb = re.search(rf"\b(?:{'|'.join(_OPPOSITES)})\b(?! not)(?!n['’]t)", words)
        return f"{words[: verb.start()]}{_OPPOSITES[verb.group()]}{words[verb.end() :]}" if verb else None
    if way == "number":
        return _other_number(words)
    pattern = r"(?<=[a-z] )[A-Z][a-z]{2,}" if way == "name" else r"(?<= )[a-z]{5,}(?= )"
    places = list(re.finditer(pattern, words))
    found = [word for other in others if other != words for word in re.findall(pattern, other)]
    if not places or not found:
        return None
    place = rng.choice(places)
    return f"{words[: place.start()]}{rng.choice(found)}{words[place.end() :]}"


def _other_number(words: str) -> str:
    return re.sub(r"\d", lambda match: str((int(match.group()) + 1) % 9 + 1), words, count=1)


def _reported(services: Services, articles: Sequence[Article], rng: random.Random) -> Figures:
    """Return how sentences that report a figure are told, as they stand and with its first digit changed."""
    pool = []
    for article in articles:
        for each in services.store.attributions(article.id):
            words = article.text[slice(*each.contents[0])]
            sentence = next((one for one in split_sentences(article.text) if one.holds(each.contents[0])), None)
            if not sentence or not sentence.holds(each.source) or not is_named(each.speaker) or each.via:
                continue
            whole = article.text[slice(*sentence)]
            if re.search(r"\b[1-9]\d+", words) and not re.search('[“”"\n]', whole) and words in whole:
                pool.append((whole, words))
    sample = rng.sample(pool, min(_REPORTED, len(pool)))
    counts: Counter[str] = Counter()
    for kind in ("true", "changed"):
        told = [whole if kind == "true" else whole.replace(words, _other_number(words), 1) for whole, words in sample]
        checked = services.drafts.check(Article(text="\n\n".join(told), title="Draft")).checked
        counts.update(f"figures_{kind}_{each.status}" for each in checked)
        counts[f"figures_{kind}"] = len(checked)
    return dict(sorted(counts.items()))


def _check(
    services: Services, samples: Sequence[Sample], prose: Sequence[str], rng: random.Random, counts: Counter[str]
) -> tuple[Seconds, Seconds]:
    """Check a draft of the samples, count how each is told, and return the seconds: of the draft, and of each alone."""
    paragraphs, words = [], 0
    each = (_WORDS - sum(len(sample.words.split()) + 4 for sample in samples)) // len(samples)
    for sample in samples:
        beside = 0
        plain: list[str] = []
        while beside < each:
            plain.append(rng.choice(prose))
            beside += len(plain[-1].split())
        told = rng.choice(_STYLES).format(words=sample.words, speaker=sample.speaker)
        told = re.sub(r"(?<=[?!])[.,](?=[”\"])", "", told)
        paragraphs += [" ".join(plain), told[0].upper() + told[1:]]
        words += beside
    text = "\n\n".join(paragraphs)
    began, worked = time.perf_counter(), time.process_time()
    checked = services.drafts.check(Article(text=text, title="Draft")).checked
    whole = Seconds(time.perf_counter() - began, time.process_time() - worked)
    for sample in samples:
        at = text.index(sample.words)
        found = next((one for one in checked if one.piece.span.overlap(Span(at, at + len(sample.words)))), None)
        status = found.status if found else "missed"
        counts.update({sample.kind: 1, f"{sample.kind} {status}": 1})
        counts["speaker"] += found is not None and found.piece.speaker == sample.speaker
        if sample.change:
            counts.update({f"by {sample.change}": 1, f"told {sample.change}": int(status == "altered")})
    own = [text.index(sample.words) for sample in samples]
    beside_them = [one for one in checked if not any(one.piece.whole.start <= at < one.piece.whole.end for at in own)]
    counts.update({"beside": len(beside_them), "beside wrong": sum(one.is_wrong for one in beside_them)})
    began, worked = time.perf_counter(), time.process_time()
    for sample in samples:
        services.verifier.verify(Claim(sample.words, sample.speaker))
    return whole, Seconds(time.perf_counter() - began, time.process_time() - worked)


if __name__ == "__main__":
    run(__doc__, measure, keeps_store=True)
