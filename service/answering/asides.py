"""A sentence without what it says by the way."""

import itertools
import re
from collections.abc import Iterator

from index.words import meaning_words
from service.answering.forms import TITLES, is_past
from service.answering.sentence import TELLING

_MOST = 4
# In brackets or dashes, or between commas: "40, a lawyer" is one.
_ASIDE = re.compile(
    r"\s*(?:\([^()]*\)|\[[^\[\]]*\]|[—–][^—–]*[—–]"
    r"|,\s(?!(?:and|but|had|it|or|should|were)\b)(?:\d{1,3},\s(?=of\b|an?\b|the\b))?"
    r"(?:[^,;]|,(?=\d{3}))*,(?!\s?(?:\d|and\b|or\b)))"
)
# What says who says so, or takes something back, is not by the way.
_NEEDED = re.compile(
    rf"\b(?:{TELLING}|according|per|except|excluding|apart from|other than|unlike"
    r"|not (?:counting|including)|if|unless)\b",
    re.IGNORECASE,
)
_LONGEST_ROLE = 5
# How words for people end, and for where they are from.
_WHO = re.compile(r"(?:an|ant|ch|ese|ess|head|ish|ist|king|man|or|queen|rival|star|chief|ther|[^i]er)$")
_NAMED = re.compile(r"[^,;]*\b[a-z][\w’'-]*,\s(?P<name>[A-Z][\w’'-]+(?:\s[\w’'-]+)*),(?P<rest>.*)", re.DOTALL)
_IN_NAMES = frozenset("al bin da de del der di la van von".split())


def without_asides(sentence: str) -> Iterator[str]:
    """Give the sentence, and it without some or all of its asides, or with the name alone of who is told by role.

    "The mayor, Ann Cole, left" says that the mayor left, and that Ann Cole did.
    """
    found = [each for each in _ASIDE.finditer(sentence) if not _is_needed(each.group())][:_MOST]
    for count in range(len(found) + 1):
        for left_out in itertools.combinations(found, count):
            text = sentence
            for each in reversed(left_out):
                text = f"{text[: each.start()]} {text[each.end() :]}"
            yield text
    named = _NAMED.match(sentence)
    if named and all(word[0].isupper() or word in _IN_NAMES for word in named["name"].split()):
        yield f"{named['name']} {named['rest'].strip()}"
    yield from _without_role(sentence)


def _is_needed(aside: str) -> bool:
    words = aside.strip(" ,").split()
    telling = words[1:] and len(words) <= _LONGEST_ROLE and words[0] not in {"where", "which", "who"}
    return bool(_NEEDED.search(aside) or (telling and is_past(words[-1])))  # ", witnesses recalled,"


def _without_role(sentence: str) -> Iterator[str]:
    """Give the sentence from the name on that stands behind a role: "Ann's brother Bob left", "President Xi left"."""
    words = sentence.split()
    for number in range(1, min(_LONGEST_ROLE, len(words) - 1) + 1):
        role, name = [word for word in words[:number] if word not in {"A", "An", "The"}], words[number]
        if not role or not name[0].isupper() or not all(map(_is_of_role, role[1:])):
            continue
        last = role[-1]
        if _WHO.search(last) if last.islower() else last.lower().rstrip(".") in TITLES:
            yield " ".join(words[number:])


def _is_of_role(word: str) -> bool:
    if word.islower():
        return bool(meaning_words(word)) and not is_past(word) and not word.endswith(("ing", "ly"))
    return word.lower().rstrip(".") in TITLES or bool(_WHO.search(word) or re.search(r"['’]s$", word))
