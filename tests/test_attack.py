"""The fuzzers' own parts: targets take their seeds, and files are made alike from the same number."""

import random

import pytest

from benchmarks.attack import corpus
from benchmarks.attack.mutation import mutated
from benchmarks.attack.targets import TARGETS


@pytest.mark.parametrize("name", sorted(TARGETS))
def test_a_target_takes_its_seeds(name: str) -> None:
    for seed in corpus.seeds_of(name):
        TARGETS[name](seed)


def test_files_are_made_alike_from_the_same_number() -> None:
    seeds, words = corpus.seeds_of("html"), corpus.words_of("html")
    made = [[mutated(rng, seeds, words) for _ in range(50)] for rng in (random.Random(3), random.Random(3))]
    assert made[0] == made[1]
    assert len(set(made[0])) == 50 and all(len(each) <= 20_000 for each in made[0])
