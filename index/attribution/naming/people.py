"""Which person a mention is: a surname, a title with a surname, or a role belongs to whoever is introduced by it."""

import re
import unicodedata
from collections.abc import Iterator

from index.attribution.naming.names import BODY_NAME, NO_FIRST_NAME
from index.text.lexicon import OFFICES, PARTICLES, PEOPLE, PREPOSITIONS, RANKS, TITLES_OF_HONOUR, TITLES_SHORT
from index.text.words import is_function_word
from index.types import Span

_LETTERS = r"[A-Z][\w’'-]+"
_PARTICLE = rf"(?:{'|'.join(sorted(PARTICLES))})"
_FIRST = rf"(?:(?:[A-Z]\.){{1,3}}|{NO_FIRST_NAME}{_LETTERS})"
_MIDDLE = rf"(?: [A-Z]\.| [“\"][^”\"\n]{{1,20}}[”\"]| {_LETTERS}(?= {_LETTERS}))?"
_FULL = rf"{_FIRST}{_MIDDLE}(?: {_PARTICLE}){{0,2}} {_LETTERS}"
_FULL_NAME = re.compile(rf"\b(?P<full>{_FULL})")
_ROLE = re.compile(r"(?:the|this|that|its|his|her|their) (?P<role>(?:[a-z-]+ ){0,2}[a-z-]+)", re.IGNORECASE)
_AROUND = 80
_NAME_FOLLOWS = re.compile(r"\.? (?![JS]r\b)[A-Z][a-z]")
_FIRST_NAMES = frozenset({"Will", "An"})
_TITLES = frozenset({*TITLES_SHORT, *TITLES_OF_HONOUR, *OFFICES, *RANKS})


class People:
    """The persons whom a text names in full."""

    def __init__(self, text: str) -> None:
        """Find them."""
        self._text = text
        self._small = frozenset(re.findall(r"\b[a-z]{3,}\b", text))
        self._by_surname: dict[str, set[str]] = {}
        self._places = list(self._full_names())
        for name, _ in self._places:
            self._by_surname.setdefault(_plain(name.split()[-1]), set()).add(name)
        self._names = frozenset().union(*self._by_surname.values())

    def _full_names(self) -> Iterator[tuple[str, Span]]:
        at = 0
        while match := _FULL_NAME.search(self._text, at):
            words = match["full"].split(" ")
            if title := self._title_behind(words, match):
                at = title  # "Arizona Rep. Ann Cole", "Finance Minister Ann Cole": looked at again from there on
                continue
            while words and (self._is_title(words[0]) or (len(words) > 2 and words[0].lower() in PEOPLE)):
                del words[0]
            # A title may have taken the place of the first name: "Mayor Ann Cole" is looked at again from "Ann" on.
            at = match.end() if len(words) > 1 else match.start() + len(match["full"].split(" ")[0])
            if len(words) > 1 and not BODY_NAME.search(" ".join(words)):
                name = " ".join(words).removesuffix("’s").removesuffix("'s")
                start = match.end() - len(" ".join(words))
                yield (name.title() if name.isupper() else name), Span(start, start + len(name))

    def _title_behind(self, words: list[str], match: re.Match[str]) -> int | None:
        """Return where a title stands behind the first of the words matched, with a name behind it."""
        at = match.start() + len(words[0]) + 1
        for number, word in enumerate(words[1:], start=2):
            if word in _TITLES and (number < len(words) or _NAME_FOLLOWS.match(self._text, match.end())):
                return at
            at += len(word) + 1
        return None

    def _is_title(self, word: str) -> bool:
        """Whether a word with a capital stands before names without being one: a known title, or a common word."""
        if word.rstrip(".") in _TITLES or (is_function_word(word) and word not in _FIRST_NAMES):
            return True
        return word.lower() in PREPOSITIONS or (word.lower() in self._small and word.lower() != word)

    def called(self, mention: str) -> str | None:
        """Return the full name of the one person whom ``mention`` can be; None where there is none, or several.

        ``mention`` is a surname ("Cole"), titles before one ("Mayor Cole"), or all in capitals ("SEN. ANN COLE").
        """
        if within := {name for name in self._names if f" {name} " in f" {mention} "}:
            return within.pop() if len(within) == 1 else None
        words = mention.split()
        while len(words) > 1 and self._is_title(words[0] if not mention.isupper() else words[0].title()):
            del words[0]
        known = self._by_surname.get(_plain(words[-1]), set()) if words else set()
        given = {name for name in known if len(words) == 1 or _plain(name).startswith(_plain(words[0]).rstrip("."))}
        return given.pop() if len(given) == 1 else None

    def in_role(self, mention: str) -> str | None:
        """Return the full name of the one person whom the text gives a role: "the mayor"; None if that is not sure."""
        match = _ROLE.fullmatch(mention)
        if not match:
            return None
        role = re.escape(match["role"])
        capitals = " ".join(rf"[{word[0].upper()}{word[0]}]{re.escape(word[1:])}" for word in match["role"].split())
        before = re.compile(rf"(?:\b{capitals},?|\b{role}(?: (?:of|for|at) [\w ]{{2,30}})?,) $")
        behind = re.compile(rf", (?:(?:the|a|an|its|his|her) (?:[\w’'-]+ ){{0,3}})?{role}\b")
        found = {
            name
            for name, (start, end) in self._places
            if before.search(self._text, max(0, start - _AROUND), start) or behind.match(self._text, end)
        }
        return found.pop() if len(found) == 1 else None

    def named_in(self, span: Span) -> list[str]:
        """Return the persons named in a part of the text, by full name or surname, in the order of their last place."""
        words = [
            word.removesuffix("’s").removesuffix("'s") for word in re.findall(r"[\w’'-]+", self._text[slice(*span)])
        ]
        last = {}
        for at, word in enumerate(words):
            known = self._by_surname.get(_plain(word), set()) if word[:1].isupper() else set()
            if len(known) == 1:
                last[next(iter(known))] = at
        return sorted(last, key=lambda name: last[name])


def _plain(word: str) -> str:
    """Return a word in small letters without accents."""
    return "".join(each for each in unicodedata.normalize("NFKD", word) if not unicodedata.combining(each)).casefold()
