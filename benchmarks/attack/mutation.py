"""Files made of others by chance: bytes flipped, blocks repeated, cut and moved, words put in."""

import random
from collections.abc import Sequence

_LONGEST = 20_000
_MOST_CHANGES = 6


def mutated(rng: random.Random, seeds: Sequence[bytes], words: Sequence[bytes]) -> bytes:
    """Return a seed with up to six changes, at most 20 kB."""
    data = bytearray(rng.choice(seeds))
    for _ in range(rng.randint(1, _MOST_CHANGES)):
        at = rng.randrange(len(data) + 1)
        length = min(1 + int(rng.expovariate(1 / 20)), len(data) - at)
        kind = rng.randrange(8)
        if kind == 0 and at < len(data):
            data[at] ^= 1 << rng.randrange(8)
        elif kind == 1 and at < len(data):
            data[at] = rng.randrange(256)
        elif kind == 2:
            del data[at : at + length]
        elif kind == 3:
            data[at:at] = data[at : at + length] * rng.choice((1, 2, 10, 100))
        elif kind == 4:
            data[at:at] = rng.choice(words) * rng.choice((1, 1, 1, 2, 50))
        elif kind == 5:
            other = rng.choice(seeds)
            begin = rng.randrange(len(other) + 1)
            data[at : at + length] = other[begin : begin + rng.randrange(200)]
        elif kind == 6:
            data[at:at] = rng.randbytes(rng.randrange(1, 9))
        elif rng.random() < 0.3:
            del data[at:]
    return bytes(data[:_LONGEST])
