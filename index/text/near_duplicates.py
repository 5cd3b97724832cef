"""Articles that are nearly the same, such as copies of a wire story."""

import itertools
import re
from hashlib import blake2b

from rapidfuzz.distance import LCSseq

ALIKE = 0.9
_WORDS = 3
_FEWEST = 20
_MOST = 20_000
_BANDS = 32
_ROWS = 4
_WORD = re.compile(r"\w+")


def bands(text: str) -> list[int]:
    """Return the bands of a text's MinHash signature, 64 bits each; none for a text of fewer than some 20 words.

    The signature has 128 values over the text's runs of three words, a band four of them: two texts with 70% of all
    runs in common share a band in 99.9% of cases, with 57% in 97%, with 20% in 5% (Broder 1997; Leskovec, Rajaraman &
    Ullman, "Mining of Massive Datasets", 3.4).
    """
    # Imported here because it brings all of SciPy along: half a second that listing articles need not wait.
    from datasketch import MinHash

    words = _words(text)
    runs = {" ".join(words[at : at + _WORDS]).encode() for at in range(len(words) - _WORDS + 1)}
    if len(runs) < _FEWEST:
        return []
    signature = MinHash(num_perm=_BANDS * _ROWS, seed=1, scheme="affine32")
    signature.update_batch(list(runs))
    values = signature.hashvalues.reshape(_BANDS, _ROWS)
    return [
        int.from_bytes(blake2b(bytes([number]) + row.tobytes(), digest_size=8).digest(), "big", signed=True)
        for number, row in enumerate(values)
    ]


def alike(one: str, other: str) -> bool:
    """Whether two texts share, in the same order, 90% of the words of the longer one."""
    return LCSseq.normalized_similarity(_words(one), _words(other), score_cutoff=ALIKE) > 0


def _words(text: str) -> list[str]:
    """Return the first 20,000 words of a text: more than any news article has."""
    return [match.group() for match in itertools.islice(_WORD.finditer(text.lower()), _MOST)]
