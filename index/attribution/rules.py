"""Statements by rule: a verb of saying or "according to", who stands beside it, and the words it introduces.

Three shapes are known: ``SOURCE said (that) CONTENT``, ``CONTENT, SOURCE said`` with its inversion ``CONTENT, said
SOURCE``, and ``according to SOURCE`` before or after the words that it vouches for. There are no learned
weights; only the sentence is looked at, and which of its words are quoted.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from index.attribution.quotations import continued, quotations
from index.text.lexicon import COURTESIES, SAYING_BEHIND, SAYING_OF, SAYING_THAT, SAYING_TO, WEEKDAY
from index.types import Span, Statement

_BEFORE_VERB = frozenset(
    """already also are even had has have is just later meanwhile never often once previously publicly recently
    repeatedly reportedly still then was were will would""".split()
)
_PASSIVE = frozenset("are been being is was were".split())
_NOT_NAMING = frozenset(
    "and as because but how if it's not or that there these this those to what when where which while why".split()
)
_VERB = re.compile(rf"(?<![-‐])\b(?:{'|'.join(sorted(SAYING_BEHIND | SAYING_OF | SAYING_THAT))})\b")
_ACCORDING = re.compile(r"\b(?:according to|in the words of|in the view of)\b", re.IGNORECASE)
_VOUCHING = re.compile(r"\s+(?P<source>(?:[^,;“”\"—–()]|“[^”]{1,60}”|(?<=\d),(?=\d))+)")
_PLACE_LINE = re.compile(
    r"[A-Z][A-Z .,’'-]{2,40}(?:\([^)]{2,20}\)\s*)?(?:, [A-Z][a-z]+\.?)?(?: \([A-Z]+\))?\s*[—–-]+\s+"
)
_SOURCE_AFTER = re.compile(
    r"\s*(?P<source>(?!\s)(?:(?:the|a|an|his|her|their|its|one|two|three|several|some|many|most"
    rf"|(?:{'|'.join(COURTESIES)})\.)\s+)?"
    r"[^,;:.“”\"—–()]{1,80}?)(?=\s*(?:,|;|:|\.(?:\s|$|[”\"])|—|–|\(|“|\"|$"
    r"|\s(?:in|on|at|during|after|before|when|who|as|while|about|to)\s))"
)
_NOTHING_MORE = re.compile(
    r"\s*(?:[,.;:]|$|(?:in|on|at|during|late|earlier|this|last|by|via|through|of|to|with|when)\b"
    rf"|{WEEKDAY}\b)"
)
_BREAK = re.compile(r"(?:,(?!\d)|[;:—–”\"“])\s*|\((?![^)]*\))|\b(?:and|but|while|because|although|when|that|as|if)\s+")
_JOINED = re.compile(r"(?:[A-Z][\w.’'-]*|[a-z]+s)\s+$")
_NEW_NAME = re.compile(r"[A-Z]|(?:the|his|her)\b")
_VERBAL = re.compile(r"\b(?:is|are|was|were|been|be|has|have|had|will|would|could|can|to|not|n't)\b")
_NOUN = re.compile(r"(?:the|a|an|one|two|some|many|most|several|his|her|their|its|other|no|[a-z]+s)\b")
_ONLY_NAME = re.compile(r"(?:the )?[A-Z][\w.’'&-]*(?: (?:of |the )?[A-Z][\w.’'&-]*)*")
_THAT = re.compile(r"\s+(?:(?!that\b|in\b|on\b|the\b)[\w.’'-]+\s+){0,4}?that\s+")
_HEARER = re.compile(
    r"\s+(?:me|us|him|her|them|(?:the |a |an )?[A-Z][\w.’'-]*(?: [A-Z][\w.’'-]*)*|[a-z]+ers\b)"
    r"(?P<rest>[,:]?\s)"
)
_OPENS_QUOTATION = re.compile(r"\s*[,:]?\s*[“\"]")
_NO_CONTENT = re.compile(r"(?:by|in|on|at|for|with|of|from)\b")
_CLAUSE = re.compile(r"\b(?:is|are|was|were|has|have|had|will|would|could|can|may|might|should|\w+ed|\w+s)\b")
_LONGEST_SOURCE = 14
_LONGEST_ASIDE = 160
_SHORTEST_HEAD = 20
_SHORTEST_TAIL = 25
_SHORTEST_CONTENT = 8
_MOST_IN_SENTENCE = 10
# More verbs than a sentence of 1,000 characters has, and more characters than a source of 14 words.
_MOST_CUES = 40
_LOOKED_BACK = 400


class _Line(NamedTuple):
    """A sentence: its words, how many characters its place line has, and what is quoted in it."""

    text: str
    skipped: int
    quoted: list[Span]

    def ends_quotation(self, at: int) -> bool:
        return any(each.start < at and at - 3 <= each.end <= at + 1 for each in self.quoted)


class RuleTagger:
    """Find statements by the shapes named above; see ``Tagger``."""

    name = "rules-3"

    def tag(self, text: str, sentences: Sequence[Span]) -> list[Statement]:
        """See ``Tagger.tag``."""
        quoted = list(quotations(text))
        found = [
            each for sentence in sentences for each in islice(_of_sentence(text, sentence, quoted), _MOST_IN_SENTENCE)
        ]
        found = list({(each.source, each.contents): each for each in reversed(found)}.values())
        return continued(sorted(found, key=lambda each: each.cue), sentences, quoted)


def _of_sentence(text: str, sentence: Span, quoted: Sequence[Span]) -> Iterator[Statement]:
    words = text[sentence.start : sentence.end]
    place = _PLACE_LINE.match(words)
    inner = [
        Span(max(start, sentence.start) - sentence.start, min(end, sentence.end) - sentence.start)
        for start, end in quoted
        if start < sentence.end and sentence.start < end
    ]
    line = _Line(words, place.end() if place else 0, inner)
    for pattern, shape in ((_ACCORDING, _according), (_VERB, _verb)):
        for match in islice(pattern.finditer(words), _MOST_CUES):
            if any(start <= match.start() < end for start, end in inner):
                continue
            found = shape(line, Span(*match.span()))
            contents = [_trimmed(words, each) for each in found.contents] if found else []
            contents = [each for each in contents if each.start < each.end]
            if found and contents and any(character.isalnum() for character in words[slice(*found.source)]):
                yield Statement(
                    found.source.moved(sentence.start),
                    found.cue.moved(sentence.start),
                    tuple(each.moved(sentence.start) for each in contents),
                )


def _according(line: _Line, cue: Span) -> Statement | None:
    """Read "according to SOURCE", at the beginning of the sentence or behind what it vouches for."""
    match = _VOUCHING.match(line.text, cue.end)
    if not match:
        return None
    source = _trimmed(line.text, Span(*match.span("source")))
    rest = _skip(line.text, source.end)
    if not line.text[line.skipped : cue.start].strip(' “"'):
        return Statement(source, cue, (Span(rest, len(line.text)),))
    contents = [Span(line.skipped, cue.start)]
    if len(line.text) - rest > _SHORTEST_TAIL and _CLAUSE.search(line.text, rest):
        contents.append(Span(rest, len(line.text)))
    return Statement(source, cue, tuple(contents))


def _verb(line: _Line, verb: Span) -> Statement | None:
    return _inverted(line, verb) or _behind(line, verb) or _before(line, verb)


def _inverted(line: _Line, verb: Span) -> Statement | None:
    """Read "CONTENT," said SOURCE."""
    head = line.text[: verb.start].rstrip()
    if line.text[slice(*verb)] not in SAYING_BEHIND or not head.endswith((",", "?", "!", "”", '"')):
        return None
    match = _SOURCE_AFTER.match(line.text, verb.end)
    if not match or not line.ends_quotation(len(head)) or not match["source"].strip():
        return None
    if match["source"].split()[0].lower() in _NOT_NAMING:
        return None
    source = _trimmed(line.text, Span(*match.span("source")))
    return Statement(source, verb, (Span(line.skipped, len(head)), *_resumed(line, source.end)))


def _behind(line: _Line, verb: Span) -> Statement | None:
    """Read CONTENT, SOURCE said."""
    named = _source_before(line, verb.start)
    if line.text[slice(*verb)] not in SAYING_BEHIND or named is None:
        return None
    source, cue = named[0], Span(named[1], verb.end)
    head, after = line.text[line.skipped : source.start].rstrip(), line.text[verb.end :]
    quoted = line.ends_quotation(line.skipped + len(head))
    if not head.endswith((",", "”", '"', "?", "!", "—", "–")) or not (quoted or len(head) > _SHORTEST_HEAD):
        return None
    if not _NOTHING_MORE.match(after) or not (quoted or (_CLAUSE.search(head) and not _OPENS_QUOTATION.match(after))):
        return None
    return Statement(source, cue, (Span(line.skipped, line.skipped + len(head)), *_resumed(line, verb.end)))


def _before(line: _Line, verb: Span) -> Statement | None:
    """Read SOURCE said (that) CONTENT."""
    named = _source_before(line, verb.start)
    if named is None:
        return None
    word, after = line.text[slice(*verb)], line.text[verb.end :]
    source, cue = named[0], Span(named[1], verb.end)
    start = verb.end
    introduced = None if _OPENS_QUOTATION.match(after) else _THAT.match(after)
    if introduced:
        start += introduced.end()
        cue = Span(cue.start, verb.end + 5) if after.startswith(" that ") else cue
    elif word in SAYING_TO and (heard := _HEARER.match(after)):
        start += heard.start("rest")
    if not introduced and word in SAYING_THAT and not _OPENS_QUOTATION.match(line.text, start):
        return None
    start = _skip(line.text, start)
    content = line.text[start:]
    if len(content.strip(" .")) < _SHORTEST_CONTENT or (_NO_CONTENT.match(content) and not introduced):
        quotation = next((each for each in line.quoted if each.start >= start), None)
        if quotation is None:
            return None
        start = quotation.start
    vouched = re.search(r",\s+according to\b", line.text[start:])
    return Statement(source, cue, (Span(start, start + vouched.start() if vouched else len(line.text)),))


def _source_before(line: _Line, verb: int) -> tuple[Span, int] | None:
    """Return who stands before the verb, and where the verb begins with its auxiliaries and adverbs."""
    words = list(re.finditer(r"\S+", line.text[line.skipped : verb]))
    begin_of_cue = verb
    if words and words[-1].group().lower() in _PASSIVE:
        return None
    while words and words[-1].group().lower() in _BEFORE_VERB:
        begin_of_cue = line.skipped + words.pop().start()
    if not words:
        return None
    end = line.skipped + words[-1].end()
    body = line.text[:end]
    if body.endswith(","):
        opening = body.rfind(",", 0, len(body) - 1)
        if opening < 0 or len(body) - opening > _LONGEST_ASIDE:
            return None
        # "Another outlet, Vyorstka, reported": the name is part of the source; what else may stand there is not.
        end = len(body) - 1 if _ONLY_NAME.fullmatch(body[opening + 1 : -1].strip()) else opening
        body = body[:opening]
    source = _trimmed(line.text, Span(_begin(line, body), end))
    return (source, begin_of_cue) if _names_someone(line.text[slice(*source)]) else None


def _begin(line: _Line, body: str) -> int:
    """Return where the noun phrase that ends ``body`` begins: after the last break that is not inside it."""
    begin = line.skipped
    for match in _BREAK.finditer(body, max(0, len(body) - _LOOKED_BACK)):
        if not begin <= match.end() < len(body):
            continue
        is_and = match.group().strip() == "and"
        if not (is_and and _NEW_NAME.match(body, match.end()) and _JOINED.search(body[begin : match.start()])):
            begin = match.end()
    return begin


def _names_someone(words: str) -> bool:
    parts = words.split()
    if not 0 < len(parts) <= _LONGEST_SOURCE or parts[0].lower() in _NOT_NAMING or _VERBAL.search(words):
        return False
    return not words.islower() or len(parts) == 1 or bool(_NOUN.match(words))


def _resumed(line: _Line, at: int) -> list[Span]:
    """Return the quotation that goes on after ``CONTENT, SOURCE said``."""
    return [Span(each.start, len(line.text)) for each in line.quoted if each.start >= at][:1]


def _skip(text: str, at: int) -> int:
    while at < len(text) and (text[at].isspace() or text[at] in ",:;"):
        at += 1
    return at


def _trimmed(text: str, span: Span) -> Span:
    start, end = span
    while start < end and (text[start].isspace() or text[start] in ",;:—–"):
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] in ",;:—–"):
        end -= 1
    return Span(start, end)
