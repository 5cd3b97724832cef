"""Whether the reader notices two names that are the other way round."""

import pytest

from index.types import Span
from service.answering.checking import check
from service.answering.loading import load_span_model
from service.answering.roles import Roles
from service.answering.types import Claim, Quote
from tests.conftest import make_article

QUOTE = "Russia invaded Ukraine in February 2022."


@pytest.fixture(scope="module")
def roles() -> Roles:
    return Roles(load_span_model())


@pytest.mark.parametrize(
    ("quote", "text", "exchanged"),
    [
        (QUOTE, QUOTE, False),
        (QUOTE, "Ukraine invaded Russia in February 2022.", True),
        (QUOTE, "Ukraine was invaded by Russia in February 2022.", False),
        (QUOTE, "In February 2022, Russia was invaded by Ukraine.", True),
        ("Elon Musk fired Parag Agrawal after the takeover.", "Parag Agrawal was fired by Musk.", False),
        ("Elon Musk fired Parag Agrawal after the takeover.", "Agrawal fired Musk after the takeover.", True),
        ("Anna and Bob met in Rome.", "Bob and Anna met in Rome.", False),
        ("Anna met Bob in Rome.", "Anna met Carl in Rome.", False),
        ("Anna met nobody.", "He met nobody.", False),
        ("ÉMILE kissed Zoë in Nîmes.", "Zoë was kissed by ÉMILE in Nîmes.", False),
        ("", "", False),
    ],
)
def test_names_the_other_way_round_are_noticed(roles: Roles, quote: str, text: str, exchanged: bool) -> None:
    assert roles.exchanged(text, quote) is exchanged


def test_a_sentence_with_names_the_other_way_round_is_dropped(roles: Roles) -> None:
    quotes = [Quote(make_article(QUOTE), Span(0, len(QUOTE)), 0.9, (), 1)]
    claims = [Claim("Ukraine invaded Russia in February 2022.", (1,)), Claim("Russia invaded Ukraine.", (1,))]
    checked = check(claims, quotes, roles=roles)
    assert [claim.text for claim in checked.kept] == ["Russia invaded Ukraine."]
    assert checked.dropped == ("has two names the other way round",)
