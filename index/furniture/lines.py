"""Whether a line is an article's, or stands beside it and speaks for the site, as "Sign up for our newsletter" does.

A logistic regression over a line's words, pairs and beginnings of words, and its shape. How it was fitted, and how well
it does, is in its card, ``models/furniture/README.md``.
"""

import json
import math
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

WEIGHTS = Path(__file__).parents[2] / "models" / "furniture" / "furniture.json"
LONGEST_LINE = 500
_TOKEN = re.compile(
    r"(?P<mail>[\w.+-]+@[\w-]+(?:\.\w+)+)|(?P<link>https?://\S+|www\.\S+|\b[\w-]+\.(?:com|org|net|gov|edu|co\.uk)\b\S*)"
    r"|(?P<handle>@\w{2,})|(?P<phone>\(?\d{3}\)?[-. ]\d{3}[-. ]\d{4})|(?P<number>\d[\d.,:]*)"
    r"|(?P<word>[^\W\d_]+(?:['’-][^\W\d_]+)*)|(?P<mark>[?!:;|»→©…“”\"])"
)
_BEGINNING = 5
_LABEL = 5
_ENDED = re.compile(r"[.!?…][\"'”’)]*$")


def furniture_score(line: str) -> float:
    """Return how likely a line is none of an article's, in [0, 1]; 0 for one of more than 500 characters."""
    if len(line) > LONGEST_LINE:
        return 0.0
    bias, weights = _weights()
    score = bias + sum(weights.get(each, 0.0) for each in set(features(line)))
    return 1 / (1 + math.exp(-score))


@lru_cache(maxsize=1)
def weights_name() -> str:
    """Return what these weights are told from others by."""
    import hashlib

    return hashlib.sha256(WEIGHTS.read_bytes()).hexdigest()[:8]


@lru_cache(maxsize=1)
def _weights() -> tuple[float, dict[str, float]]:
    read = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    return read["bias"], read["weights"]


def features(line: str) -> Iterator[str]:
    """Yield what is known of a line."""
    tokens = [(match.lastgroup or "", match.group()) for match in _TOKEN.finditer(line)]
    folded = [text.lower().replace("’", "'") if kind in ("word", "mark") else f"<{kind}>" for kind, text in tokens]
    words = [text for kind, text in tokens if kind == "word"]
    ends = ["^", *folded, "$"]
    yield from folded
    yield from (f"{one} {other}" for one, other in zip(ends, ends[1:], strict=False))
    yield from (f"{each[:_BEGINNING]}-" for each in folded if len(each) > _BEGINNING and each[0] != "<")
    yield f"first {' '.join(folded[:1])}"
    if ":" in folded[1:_LABEL]:
        yield f"label {' '.join(folded[: folded.index(':')])}"
        yield f"labelled {folded.index(':') < len(folded) - 1}"
    yield f"words {min(12, len(words) // 3)}"
    yield f"length {min(8, len(line) // 50)}"
    yield f"ended {bool(_ENDED.search(line))}"
    big = sum(word[0].isupper() for word in words[1:])
    yield f"big {round(4 * big / max(1, len(words) - 1))}"
    yield f"shouted {bool(words) and all(word.isupper() for word in words)}"
    yield f"past {any(each.endswith('ed') for each in folded)}"
    yield f"first big {bool(words) and words[0][0].isupper()}"
