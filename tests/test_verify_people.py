"""Whoever is claimed to have said a quotation is compared as a person: by any name, title or role of theirs."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from index.embedding import SentenceTransformerEmbedder
from service.answering.verification.names import Agreement
from service.answering.verification.verify import Claim, Verified
from service.assembly import Services, assemble
from service.settings import Settings
from tests.conftest import make_article

# First name, last name, title before the name, role, words.
CAST = [
    ("Ana", "Kovač", "Prime Minister", "prime minister", "the tunnel will open in the spring"),
    ("Keith", "Boyd", "Mayor", "mayor", "the harbour belongs to the town"),
    ("Rosa", "Lindqvist", "Commissioner", "commissioner", "the nets were never inspected"),
    ("Omar", "Haddad", "Sheriff", "sheriff", "the lock was filed through from inside"),
    ("Priya", "Nair", "Professor", "professor", "the glacier loses a metre a week"),
    ("José", "Muñoz", "Bishop", "bishop", "the bells are staying where they are"),
    ("Grace", "Okafor", "Senator", "senator", "the bill has the votes it needs"),
    ("Viktor", "Novák", "Judge", "judge", "the file arrived four days late"),
    ("Hana", "Suzuki", "Governor", "governor", "the dam holds and will go on holding"),
    ("Liam", "Byrne", "Chancellor", "chancellor", "the surplus is gone by October"),
]
TOWN = "The meeting in Port Ellis began at nine. It rained, and half of the chairs stayed empty."


def forms(first: str, last: str, title: str, role: str) -> list[str]:
    """Return the names by which a quotation may credit a person."""
    plain = last.translate(str.maketrans("čñáé", "cnae"))
    return [
        f"{first} {last}", last, plain, f"{title} {last}", f"{title} {first} {last}", f"{title} {plain}", f"Mr {last}",
        f"Ms. {plain}", f"Dr {last}", f"{first[0]}. {last}", f"the {role}", f"{first} {last}, the {role}", last.upper(),
    ]  # fmt: skip


@pytest.fixture(scope="module")
def services(model: SentenceTransformerEmbedder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    folder: Path = tmp_path_factory.mktemp("people")
    services = assemble(Settings(store=f"file:{folder}", reader_model="simple"), embedder=model)
    for at, (first, last, title, _, words) in enumerate(CAST):
        other = CAST[(at + 1) % len(CAST)]
        text = (
            f"{TOWN} {title} {first} {last} came late. “I can tell you that {words},” {last} said.\n\n"
            f"{other[2]} {other[0]} {other[1]} disagreed. “I have nothing to add,” {other[1]} said."
        )
        services.ingester.add(make_article(text, key=str(at)))
    yield services
    services.close()


def check(services: Services, at: int, speaker: str) -> Verified:
    return services.verifier.verify(Claim(CAST[at][4], speaker, article_id=at + 1))


def test_a_person_is_found_by_any_name_and_nobody_else_is(services: Services) -> None:
    right = [
        check(services, at, name).status == "found" and check(services, at, name).speaker == "same"
        for at, (first, last, title, role, _) in enumerate(CAST)
        for name in forms(first, last, title, role)
    ]
    wrong = [
        check(services, at, name).status == "misattributed"
        for at in range(len(CAST))
        for first, last, title, role, _ in [CAST[(at + 1) % len(CAST)]]
        for name in forms(first, last, title, role)
    ]
    assert len(right) + len(wrong) > 200
    assert sum(right) >= 0.97 * len(right)
    assert sum(wrong) >= 0.95 * len(wrong)


@pytest.mark.parametrize("speaker", ["the archivist", "a spokesman", "the chief engineer", "he", "Archdeacon Boyd"])
def test_who_cannot_be_told_is_unsure_and_never_accused(services: Services, speaker: str) -> None:
    verdict = check(services, 1, speaker)
    expected: Agreement = "unsure"
    assert (verdict.status, verdict.speaker) == ("found", expected)
