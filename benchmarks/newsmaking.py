"""Made news, for runs that need many articles and questions that they answer."""

import random

_TOWNS = [
    f"{first}{last}" for first in ("Nor", "Vel", "Kar", "Ost", "Mar") for last in ("vik", "burg", "stad", "holm", "ton")
]
_PEOPLE = [
    f"{first} {last}"
    for first in ("Anna", "Boris", "Clara", "David", "Elena")
    for last in ("Cole", "Dorn", "Ege", "Krag")
]
_THINGS = ("bridge", "school", "tunnel", "hospital", "library", "harbour", "station", "market", "museum", "airport")
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")


def made_article(rng: random.Random) -> tuple[str, str]:
    """Return the title and the text of a report of 8 to 40 sentences."""
    town, thing = rng.choice(_TOWNS), rng.choice(_THINGS)
    sentences = [_sentence(rng, town, thing) for _ in range(rng.randrange(8, 41))]
    paragraphs = [" ".join(sentences[at : at + 4]) for at in range(0, len(sentences), 4)]
    return f"The {thing} of {town}", "\n\n".join(paragraphs)


def _sentence(rng: random.Random, town: str, thing: str) -> str:
    person, day, number = rng.choice(_PEOPLE), rng.choice(_DAYS), rng.randrange(2, 5_000)
    return rng.choice(
        (
            f"The {thing} of {town} was opened on {day} by {person}, and {number} people came.",
            f"“We paid {number} crowns for the {thing},” {person} said on {day}.",
            f"According to {person}, {number} workers built the {thing} in {town}.",
            f"{person} denied that the {thing} of {town} would close after {number} days.",
            f"It rained in {town} on {day}, and {number} visitors left the {thing} early.",
            f"{person} told reporters that the {thing} needs {number} new windows.",
        )
    )


def made_question(rng: random.Random) -> str:
    """Return a question that such reports may answer, or not."""
    town, thing, person = rng.choice(_TOWNS), rng.choice(_THINGS), rng.choice(_PEOPLE)
    return rng.choice(
        (
            f"Who opened the {thing} of {town}?",
            f"How many workers built the {thing} in {town}?",
            f"What did {person} say about the {thing}?",
            f"How much was paid for the {thing} of {town}?",
            f"When did it rain in {town}?",
            "Who won the 1998 World Cup?",
        )
    )
