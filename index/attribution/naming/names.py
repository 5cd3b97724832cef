"""Who a source is by name, and which earlier name a pronoun refers to."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.text.lexicon import (
    BODIES,
    BODY_NAMES,
    COURTESIES,
    MONTHS,
    OFFICES_OF_STATE,
    OFFICES_SHORT,
    OUTLETS,
    PEOPLE,
    WEEKDAYS,
)
from index.types import Span

BODY_NAME = re.compile(rf"\b(?:{'|'.join(BODY_NAMES)})\b")
"""Whether a name is a body's."""

_PERSON_NAME = re.compile(rf"(?:{'|'.join(COURTESIES)})\.")
NO_FIRST_NAME = (
    rf"(?!(?:{'|'.join(sorted({*MONTHS, *WEEKDAYS} - {'May'}))}|Today|Yesterday"
    r"|After|And|As|But|For|If|In|Mr|Mrs|Ms|On|The|When|While)\b)"
)
_WITHIN_NAME = r"(?:of|the|de|la|le|el|al|von|van|der|den|bin|for|and|&)"
_NAME = re.compile(
    r"(?:[“\"‘][A-Z0-9][^”\"’]{1,60}[”\"’]"
    rf"|[A-Z][\w.’'&-]*(?:\s+(?:(?:{_WITHIN_NAME}\s+){{0,2}}[A-Z0-9][\w.’'&-]*|[A-Z]\.))*)"
)
_TITLED = rf"(?:{'|'.join((*COURTESIES, *OFFICES_SHORT))})\. [A-Z][\w’'-]+"
_PERSON = re.compile(rf"\b(?:{_TITLED}|[A-Z][a-z’'-]+ (?:[A-Z]\. )?[A-Z][a-z’'-]+)\b")
_SUBJECT = re.compile(
    r"\b(?!(?:He|She|It|They|We|That|This|There|Who|What)\b)([A-Z][a-z]{2,})"
    r" (?:said|says|is|was|has|had|will|came|went|[a-z]{2,}ed)\b"
)
_NOT_HEADED = frozenset("a about an at by for from in near of on to with".split())
_SERVES = re.compile(
    r"(?:an?|the) [a-z][\w -]* (?:for|of|to) [^,]*[A-Z][^,]*, (?P<who>[A-Z][\w.’'-]+(?: [A-Z][\w.’'-]+)+)"
)
_BELONGS = re.compile(r"(?P<who>(?:[a-z-]+ ){0,3}[A-Z][\w’'-]+(?: [A-Z]\.)? [A-Z][\w’'-]+) (?:of|at|from|with) ")
_OF_STATE = "|".join(OFFICES_OF_STATE)
# "Centers for Disease Control and Prevention", "Food and Drug Administration"
_ONE_BODY = re.compile(
    rf"(?:.*\b(?:{_OF_STATE}) (?:for|of) [^,]*[A-Z]\w+,? and (?:[A-Z]\w+|(?:[A-Z]\w+ )+(?:{_OF_STATE}))"
    rf"|(?!.*\b(?:{_OF_STATE})\b.* and ).*[A-Z]\w+,? and (?:[A-Z]\w+ )+(?:{_OF_STATE}))"
)
_LIST = re.compile(r"[^,]+,(?: [^,]+,)* and ")
_ASIDE = re.compile(r",\s|\s(?:who|which|that|whose)\s|\s\((?=[^)]*\)?$)")
_SEVERAL = re.compile(r"(?:both|the two|the three|all three) (?P<kind>[a-z-]+)s", re.IGNORECASE)
_ONE = re.compile(r"(?:the|this|that) (?:[a-z-]+ ){0,2}?(?P<kind>[a-z-]+)", re.IGNORECASE)
_FINAL_STOP = re.compile(r"\b(?:[A-Z]\.){2,}$|\b(?:Inc|Corp|Co|Jr|Sr)\.$")
_ARTICLE = re.compile(r"(?:The|A|An|Another|Some|One|Many) (?=[a-z])")
_REACH = 1_500
_AROUND = 60


@dataclass(frozen=True)
class Cited:
    """Someone who was cited by name: ``kinds`` are the class nouns that stood beside it ("the outlet Meduza")."""

    name: str
    at: int
    kinds: frozenset[str]
    is_person: bool

    @classmethod
    def at_place(cls, text: str, span: Span, name: str) -> "Cited":
        """Return who is cited at ``span`` by ``name``, judged by the words around it."""
        before = re.split(r"[,.]", text[max(0, span.start - _AROUND) : span.start])[-1]
        behind = text[span.end : span.end + _AROUND].split(".")[0]
        words = re.findall(r"[a-z-]+", before + behind)
        kinds = frozenset(word for each in words for word in (each, each.removesuffix("s")) if word in BODIES | PEOPLE)
        is_body = bool(kinds & BODIES) or bool(BODY_NAME.search(name))
        capitals = sum(word[:1].isupper() for word in name.split())
        is_person = bool(_PERSON_NAME.match(name)) or bool(kinds & PEOPLE) or capitals in (2, 3, 4)
        return cls(name, span.start, kinds, is_person and not is_body)


def antecedents(words: str, at: int, cited: Sequence[Cited], text: str) -> list[str]:
    """Return the names last cited before ``at`` that "he", "the outlet" or "both outlets" refer to; none if unsure.

    ``cited`` is in the order of ``text``. Nobody is referred to who was named more than 1,500 characters before, nor by
    "he" or "she" anyone after whom another person is named.
    """
    near = [each for each in reversed(cited) if at - each.at <= _REACH]
    lower = words.lower()
    if lower in ("he", "she"):
        last = next((each for each in near if each.is_person), None)
        return [last.name] if last and not another_named(text[last.at : at], last.name) else []
    if lower == "it":
        return [each.name for each in near if not each.is_person][:1]
    if match := _SEVERAL.fullmatch(words):
        number = 3 if "three" in lower else 2
        fitting = list(dict.fromkeys(each.name for each in near if _fits(match["kind"].lower(), each)))[:number]
        return fitting[::-1] if len(fitting) == number else []
    if match := _ONE.fullmatch(words):
        return [each.name for each in near if _fits(match["kind"].lower(), each)][:1]
    return []


def another_named(since: str, name: str) -> bool:
    """Whether another person than ``name`` is named in a text after the last place where that one stands."""
    last = max(since.rfind(word) for word in name.split())
    behind = since[max(last, 0) + len(name.split()[-1]) :]
    if any(found not in name.split() for found in _SUBJECT.findall(behind)):
        return True
    return any(not BODY_NAME.search(found) and not set(found.split()) & set(name.split())
               for found in _PERSON.findall(behind))  # fmt: skip


def _fits(kind: str, cited: Cited) -> bool:
    """Whether ``kind``, or another noun for outlets where it is one, stood beside the name."""
    return kind in cited.kinds or (kind in OUTLETS and not cited.is_person and bool(cited.kinds & OUTLETS))


def names_in(words: str) -> list[str]:
    """Return the names in a source; none where its head is no name, as in "a retired FSB officer"."""
    if (served := _SERVES.fullmatch(words)) and _name(served["who"]):
        return [served["who"]]  # a lawyer for Ida Sow, Leo Krag
    belongs = _BELONGS.match(words)
    if belongs and not BODY_NAME.search(belongs["who"]):
        words = belongs["who"]  # Leo Krag of the firm North Lane
    first, comma, second = words.partition(", ")
    if comma and not _name(first) and " and " not in first and _name(aside := second.split(", ")[0]):
        return [aside]  # another outlet, Vyorstka
    head = words if _LIST.match(words) else _ASIDE.split(words)[0]
    head = head.removesuffix("’s").removesuffix("'s")
    if _ONE_BODY.fullmatch(head):
        return [head]
    parts = [part for part in re.split(r",? and |, ", head) if part]
    names = [name for part in parts if (name := _name(part))]
    if len(names) == len(parts):
        return names
    whole = _name(head)
    return [whole] if whole else []


def _name(words: str) -> str | None:
    """Return the name that ends a noun phrase, as in "the news website Meduza"; None if none does."""
    found = list(_NAME.finditer(words))
    if not found:
        return None
    last = found[-1]
    if words[last.end() :].strip(' .,”"’'):
        return None
    before = words[: last.start()].split()
    return None if before and before[-1].lower() in _NOT_HEADED else last.group()


def tidy_name(name: str) -> str:
    """Return a name without quotation marks and final stops, and its leading article in small letters."""
    name = name.strip(" ,“”\"«»„’'").removesuffix("’s").removesuffix("'s")
    if not _FINAL_STOP.search(name):
        name = name.strip(" ,.“”\"«»„’'")
    if "“" in name and "”" not in name:
        name += "”"
    return _ARTICLE.sub(lambda match: match.group().lower(), name, count=1) if _ARTICLE.match(name) else name
