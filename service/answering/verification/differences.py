"""How a quotation differs from the words that were found for it."""

import re
from difflib import SequenceMatcher
from itertools import accumulate
from typing import Literal, NamedTuple

from index.text.normal_form import normal
from service.answering.verification.quote_matching import GAP, LETTER

Kind = Literal["typography", "space", "ellipsis", "insertion", "attribution", "words"]

_MOST_COMPARED = 1_000_000
_TOKEN = re.compile(r"\d+(?:[.,]\d+)+|\w+|\s+|[^\w\s]")


class Difference(NamedTuple):
    """Where a quotation and the text part: ``given`` stands in the one, ``found`` in the other, from ``at`` on.

    Only ``words`` change what is said. An ``ellipsis`` leaves ``found`` out, an ``insertion`` puts ``given`` in, an
    ``attribution`` stands between two parts of the words in the text.
    """

    kind: Kind
    given: str
    found: str
    at: int = 0


def differences(quotation: str, found: str) -> list[Difference]:
    """Return, piece by piece and in order, how a quotation differs from the words found."""
    given, stored = _TOKEN.findall(quotation), _TOKEN.findall(found)
    plain_given, plain_stored = ([normal(token).casefold() or token for token in side] for side in (given, stored))
    result: list[Difference] = []
    # Of very long texts frequent words are passed over: comparing each with each would take minutes.
    is_long = len(given) * len(stored) > _MOST_COMPARED
    matcher = SequenceMatcher(a=plain_given, b=plain_stored, autojunk=is_long)
    places = [0, *accumulate(len(token) for token in stored)]
    for tag, left, right, other_left, other_right in matcher.get_opcodes():
        mine, theirs = "".join(given[left:right]), "".join(stored[other_left:other_right])
        if tag == "equal":
            pairs = zip(given[left:right], stored[other_left:other_right], strict=True)
            opening = left == 0
            for number, (one, other) in enumerate(pairs):
                if one != other:
                    kind = _kind(one, other, opening=opening and number == 0)
                    result.append(Difference(kind, one, other, places[other_left + number]))
        else:
            result.append(Difference(_kind(mine, theirs, opening=left == 0), mine, theirs, places[other_left]))
    return result


def _kind(given: str, found: str, *, opening: bool) -> Kind:
    if given.strip() == found.strip() == "":
        return "space"
    mine, theirs = normal(given), normal(found)
    # At the beginning of a quotation the case of the first letter follows the sentence that it stands in.
    same_first = opening and mine[:1].casefold() == theirs[:1].casefold() and mine[1:] == theirs[1:]
    if mine == theirs or same_first or not re.search(r"\w", given + found):
        return "typography" if "..." not in mine else "ellipsis"
    if GAP.fullmatch(mine):
        return "ellipsis"
    if (mine.startswith("[") and mine.endswith("]")) or (
        LETTER.search(mine) and LETTER.sub(r"\1", mine).casefold() == theirs.casefold()
    ):
        return "insertion"
    # Where the quotation puts nothing and the text closes or opens one, an attribution stands between its parts.
    return "attribution" if not re.search(r"\w", mine) and '"' in theirs else "words"
