"""Who is cited across all articles: each speaker once, by all the names that the articles have for them."""

import re
import threading
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from rapidfuzz import fuzz

from index.attribution.naming.identity import Identity, identity, is_named
from index.errors import NotFoundError
from index.store.base import Store
from index.store.catalogue import CitedName
from index.text.lexicon import BODY_NAMES, PARTICLES
from index.types import Filters

_SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv"})
_BODIES = frozenset(map(str.lower, BODY_NAMES))
_MOST_PARTS = 4
_FAR_MORE = 5
_STOPS = re.compile(r"[a-z]{4}\. ")  # "Novaya Gazeta. Europe" is no person's name
_TRANSLITERATED_ALIKE = 85.0


@dataclass(frozen=True)
class Speaker:
    """Someone who is cited, or a body: ``names`` as the articles have them, the commonest full name first.

    ``id`` is made of the name ("ann-cole"); ``articles`` are the ids of those that cite them, ``times`` how often.
    """

    id: str
    names: tuple[str, ...]
    articles: tuple[int, ...]
    times: int

    @property
    def name(self) -> str:
        """The name that the speaker is shown by."""
        return self.names[0]


class Directory:
    """The speakers of all articles.

    One name in several spellings is one speaker's. A surname belongs to the one speaker of that surname, and a name in
    another alphabet to the one whose name is transliterated much like it; but never to one whom an article cites
    beside it. Middle initials that differ keep speakers apart.
    """

    def __init__(self, cited: Iterable[CitedName]) -> None:
        """Take every name of a speaker in every article."""
        cited = list(cited)
        small = {each.name for each in cited if each.name.islower()}
        names: dict[str, _Name] = {}
        for each in cited:
            if is_named(each.name) and each.name.lower() not in small:  # "Officials", where a sentence begins with them
                name = names.setdefault(each.name, _Name(each.name))
                name.articles.add(each.article_id)
                name.times += each.times
        self._speakers = sorted((_speaker(*group) for group in _grouped(names.values())), key=_commonest)
        self._by_id = {each.id: each for each in self._speakers}
        self._keys = [(each, sorted({identity(name).key for name in each.names} - {""})) for each in self._speakers]
        self._by_name = {name: each for each in self._speakers for name in each.names}
        self._by_key: dict[str, list[Speaker]] = defaultdict(list)
        for speaker, keys in self._keys:
            surnames = {_surname(key.split()) for key in keys} if _is_full_name(_Name(speaker.name)) else set()
            for key in {*keys, *surnames}:
                self._by_key[key].append(speaker)

    def __len__(self) -> int:
        """Return how many speakers there are."""
        return len(self._speakers)

    def speaker(self, speaker_id: str) -> Speaker:
        """Return a speaker by id. Raises NotFoundError."""
        try:
            return self._by_id[speaker_id]
        except KeyError:
            raise NotFoundError(
                f"No speaker has the id {speaker_id!r}.", remedy="GET /v1/speakers?q=NAME lists the speakers."
            ) from None

    def of_name(self, name: str) -> Speaker | None:
        """Return the speaker whom articles call exactly ``name``; None where it is no name ("a source")."""
        return self._by_name.get(name)

    def called(self, name: str) -> list[Speaker]:
        """Return the speakers whom ``name``, a part of it or an id can mean, the most often cited first; all for ""."""
        if not name.strip():
            return list(self._speakers)
        asked = identity(name.replace("-", " ") if name in self._by_id else name).key
        return [each for each, keys in self._keys if asked and any(f" {asked} " in f" {key} " for key in keys)]

    def named(self, key: str) -> Sequence[Speaker]:
        """Return the speakers who have a whole name or surname of this ``Identity.key``, the most often cited first."""
        return self._by_key.get(key, ())


class _Name:
    """A name, where it stands and how often."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.identity: Identity = identity(name)
        self.articles: set[int] = set()
        self.times = 0


class _Group(list[_Name]):
    """Names of one speaker."""

    @property
    def articles(self) -> set[int]:
        return set().union(*(each.articles for each in self))


def _grouped(names: Iterable[_Name]) -> list[tuple[str, _Group]]:
    """Return the names by speaker, each group with its id."""
    groups: dict[str, _Group] = defaultdict(_Group)
    by_key: dict[str, list[_Name]] = defaultdict(list)
    for name in names:
        by_key[name.identity.key or name.name.lower()].append(name)
    for key, same in by_key.items():
        initials = sorted({each.identity.initials for each in same} - {""})
        for each in same:
            apart = each.identity.initials if len(initials) > 1 else ""
            groups[f"{key} {apart}".strip()].append(each)
    _join_titled(groups)
    _join_transliterated(groups)
    _join_surnames(groups)
    return [(key.replace(" ", "-"), group) for key, group in groups.items()]


def _join_titled(groups: dict[str, _Group]) -> None:
    """Join "Harbourmaster Bo Lind" to "Bo Lind": what stands before a full name is most likely a title."""
    for key in [key for key, group in groups.items() if _is_full_name(group[0])]:
        name = key.partition(" ")[2]
        if " " in name and name in groups and _is_full_name(groups[name][0]):
            _join(groups, key, into=[name])


def _join_surnames(groups: dict[str, _Group]) -> None:
    full: dict[str, list[str]] = defaultdict(list)
    for key, group in groups.items():
        if _is_full_name(group[0]):
            full[_surname(group[0].identity.words)].append(key)
    for key in [key for key in groups if key in full]:
        if not groups[key][0].name.isupper():
            _join(groups, key, into=_likeliest(groups, full[key]))


def _likeliest(groups: dict[str, _Group], keys: Sequence[str]) -> list[str]:
    """Return the one of several speakers who is cited in far more articles than the others; all where there is none."""
    first, *others = sorted(keys, key=lambda key: -len(groups[key].articles))
    rest = sum(len(groups[key].articles) for key in others)
    return [first] if len(groups[first].articles) >= _FAR_MORE * max(rest, 1) else list(keys)


def _join_transliterated(groups: dict[str, _Group]) -> None:
    foreign = [key for key, group in groups.items() if all(each.identity.is_foreign for each in group)]
    for key in foreign:
        joined = key.replace(" ", "")
        alike = [
            other
            for other in groups
            if other not in foreign and fuzz.ratio(joined, other.replace(" ", "")) >= _TRANSLITERATED_ALIKE
        ]
        _join(groups, key, into=alike)


def _join(groups: dict[str, _Group], key: str, *, into: Sequence[str]) -> None:
    """Join a group to the only other one that it can belong to, unless an article cites both."""
    if len(into) == 1 and into[0] != key and not groups[key].articles & groups[into[0]].articles:
        groups[into[0]].extend(groups.pop(key))


def _is_full_name(name: _Name) -> bool:
    """Whether a name is a person's first and last name, and no body's, as far as its words show it."""
    words = name.identity.words
    return (
        1 < len(words) <= _MOST_PARTS
        and not name.name.lower().startswith("the ")
        and not any(word in _BODIES or not word.isalpha() or len(word) == 1 for word in words[1:])
        and len(words) <= len(name.name.split())
        and not _STOPS.search(name.name)
    )


def _surname(words: Sequence[str]) -> str:
    """Return the last name with the small words before it: "de blasio"."""
    own = list(words)
    if own[-1] in _SUFFIXES and len(own) > 1:
        own.pop()
    start = len(own) - 1
    while start > 1 and own[start - 1] in PARTICLES:
        start -= 1
    return " ".join(own[start:])


def _speaker(speaker_id: str, group: _Group) -> Speaker:
    def rank(name: _Name) -> tuple[bool, int, bool, int, str]:
        own = name.identity.key.replace(" ", "-") == speaker_id
        return not own, -len(name.identity.words), name.identity.is_foreign, -name.times, name.name

    ordered = sorted(group, key=rank)
    times = sum(each.times for each in group)
    return Speaker(speaker_id, tuple(each.name for each in ordered), tuple(sorted(group.articles)), times)


def _commonest(speaker: Speaker) -> tuple[int, str]:
    return -len(speaker.articles), speaker.id


class Speakers:
    """The directory of a store's speakers, made anew after a write."""

    def __init__(self, store: Store) -> None:
        """Take the store."""
        self._store = store
        self._lock = threading.Lock()
        self._made: tuple[str, Directory] | None = None

    @property
    def is_made(self) -> bool:
        """Whether a directory was ever made: the first question that needs it waits for that."""
        return self._made is not None

    def directory(self) -> Directory:
        """Return the directory of the store's present state. Raises StoreError."""
        with self._lock:
            revision = self._store.revision()
            if self._made is None or self._made[0] != revision:
                self._made = revision, Directory(self._store.cited())
            return self._made[1]

    def widened(self, filters: Filters) -> Filters:
        """Return ``filters`` with all names of the speakers that they ask for. Raises StoreError."""
        if not filters.speakers or filters.speaker_names:
            return filters
        directory = self.directory()
        meant = (speaker for asked in filters.speakers for speaker in directory.called(asked) if asked.strip())
        return replace(filters, speaker_names=tuple(dict.fromkeys(name for each in meant for name in each.names)))
