"""Quotations whose words stand there, and say something else where they stand; and conventions that change nothing."""

import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from index.embedding import SentenceTransformerEmbedder
from index.text.normal_form import normal_form
from service.answering.verification.quote_matching import exact_spans
from service.answering.verification.verify import Claim, Verified
from service.assembly import Services, assemble
from service.settings import Settings
from tests.conftest import make_article

RULING = """\
The housing tribunal in Eastport published its ruling on Tuesday. “The tenant may sublet the flat with consent. The
landlord must answer a request within 28 days,” judge Carla Mendes wrote.

“We never said that the tenants had to leave. We asked them, politely, to think about it,” its director, Paul Osei, told
reporters.

“No evidence was found that the repairs were late,” the ruling says.
"""
HEARING = """\
“We have spent $90 million on brakes,” said Dr. Hugh Lindqvist, of Norrail. “Nobody can say we were idle.”

Prime Minister Ana Kovač said: “I will read the report before I judge it.”

“Judge us on the numbers,” the transport minister, Sir Keith Boyd, said. “The numbers are good.”

“The numbers are good,” Alvarez replied, “if you leave out the dead.”

“it was raining,” the driver told police, according to court records.
"""
CASINO = (
    "Senator Ida Quinn denied that she took money from the casino. If the budget passes, the museum will close.\n\n"
    "“I would call it a masterpiece if I had slept through it,” wrote the critic Dov Lerner.\n\n"
    "“The ferry is safe only in calm water,” said pilot Ola Berg. “Had I known the cost, I would have stayed at home,”"
    " said Una Frost, a passenger. “They gave us every paper except the one that counts,” Frost said."
)

Verify = Callable[..., Verified]


@pytest.fixture(scope="module")
def services(model: SentenceTransformerEmbedder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    folder: Path = tmp_path_factory.mktemp("context")
    services = assemble(Settings(store=f"file:{folder}", reader_model="simple"), embedder=model)
    for key, text in (("ruling", RULING), ("hearing", HEARING), ("casino", CASINO)):
        services.ingester.add(make_article(text, key=key))
    yield services
    services.close()


@pytest.fixture
def verify(services: Services) -> Verify:
    return lambda text, speaker=None: services.verifier.verify(Claim(text, speaker))


@pytest.mark.parametrize(
    ("quotation", "speaker", "left_out", "stance"),
    [
        ("evidence was found that the repairs were late", None, "No", "denied"),
        ("the tenants had to leave", "Paul Osei", "never", "denied"),
        ("she took money from the casino", "Ida Quinn", "denied", "denied"),
        ("the museum will close", None, "If", "conditional"),
        ("I would call it a masterpiece", "Dov Lerner", "if", "conditional"),
        ("The ferry is safe", "Ola Berg", "only", None),
        ("I would have stayed at home", "Una Frost", "Had", "conditional"),
        ("They gave us every paper", "Una Frost", "except", None),
        ("We … said that the tenants had to leave", "Paul Osei", "never", "denied"),
    ],
)
def test_words_that_the_article_takes_back_are_out_of_context(
    verify: Verify, quotation: str, speaker: str | None, left_out: str, stance: str | None
) -> None:
    verdict = verify(quotation, speaker)
    assert (verdict.status, verdict.context is not None) == ("out_of_context", True)
    assert verdict.context is not None
    text = verdict.matches[0].article.text
    assert left_out in text[slice(*verdict.context.cue)]
    assert verdict.context.stance == stance
    assert text[slice(*verdict.context.sentences)].endswith((".", "”"))
    assert quotation.split("… ")[-1] in text[slice(*verdict.context.sentences)]


@pytest.mark.parametrize(
    "quotation",
    [
        "No evidence was found that the repairs were late",
        "We never said that the tenants had to leave.",
        "denied that she took money from the casino",
        "If the budget passes, the museum will close.",
    ],
)
def test_words_quoted_with_what_takes_them_back_are_found(verify: Verify, quotation: str) -> None:
    assert verify(quotation).status == "found"


@pytest.mark.parametrize(
    ("quotation", "speaker"),
    [
        ("We have spent $90 million on brakes. Nobody can say we were idle.", "Hugh Lindqvist"),
        ("We have spent $90 million on brakes.", "Dr Lindqvist"),
        ("It was raining", "the driver"),
        ("I will read the report before I judge it.", "Prime Minister Kovač"),
        ("I will read the report before I judge it", "Mr Kovac"),
        ("I will read the report before I judge it", "the prime minister"),
        ("The numbers are good, if you leave out the dead.", "Alvarez"),
        ("[t]he tenant may sublet the flat with consent", "Mendes"),
        ("The tenant may sublet the ﬂat with consent", "Mendes"),
        ("Ｔｈｅ tenant may sublet the flat", "Mendes"),
        (unicodedata.normalize("NFD", "Prime Minister Ana Kovač said"), None),
    ],
)
def test_conventions_of_quoting_are_no_alterations(verify: Verify, quotation: str, speaker: str | None) -> None:
    verdict = verify(quotation, speaker)
    assert verdict.status == "found"
    assert verdict.speaker == ("same" if speaker else None)
    assert all(each.kind != "words" for each in verdict.differences)


def test_a_name_spelt_otherwise_is_unsure_and_another_name_is_wrong(verify: Verify) -> None:
    assert (verify("Judge us on the numbers", "Boyde").status, verify("Judge us on the numbers", "Boyde").speaker) == (
        "found",
        "unsure",
    )
    assert verify("Judge us on the numbers", "the mayor").speaker == "unsure"
    assert verify("Judge us on the numbers", "Ana Kovač").status == "misattributed"


def test_a_quotation_cited_to_another_article_says_so(services: Services) -> None:
    verdict = services.verifier.verify(Claim("Judge us on the numbers", article_id=1))
    assert verdict.status == "found"
    assert verdict.warnings == ("These words do not stand in article 1, which is cited; they stand in article 2.",)
    assert services.verifier.verify(Claim("Judge us on the numbers", article_id=2)).warnings == ()


def test_an_article_in_decomposed_letters_is_found_as_it_stands(services: Services, verify: Verify) -> None:
    text = unicodedata.normalize("NFD", "José Muñoz çame to Málaga on Monday, İzmir’s mayor wrote.")
    stored = services.ingester.add(make_article(text, key="nfd"))
    try:
        for quotation in (text, unicodedata.normalize("NFC", text), "José Muñoz çame to Málaga"):
            (match, *_) = verify(quotation).matches
            assert verify(quotation).status == "found" and match.article.id == stored.id
        assert verify("José Muñoz çame to Sevilla on Monday, İzmir’s mayor wrote.").status == "altered"
    finally:
        services.store.remove(stored.id)


@pytest.mark.parametrize(
    ("text", "quotation", "speaker"),
    [
        ("The firm plans to hire 400 people in Leeds, Sam Holt said.", "400 people in Leeds", "Holt"),
        ("The treaty would ban mines, the minister said.", "ban mines", None),
        ("Police want to know who called at 10 p.m.", "who called at 10 p.m.", None),
        ("“I was asked to stay,” Lind said, “— and I am staying.”", "I was asked to stay — and I am staying.", "Lind"),
        (
            "“We were, frankly and honestly, terrible,” Dunn said. “But it’s one game.”",
            "We were … terrible. But it's one game.",
            "Dunn",
        ),
        ("“That is a farce,” Premier Bo Lind said.", "a farce", "Mr. Lind, the Premier"),
        ("“That is a farce,” Premier Bo Lind said.", "a farce", "Lind, Bo"),
        ("“The vaccine saved me,” Ed Lind said. The doctor is not so sure of that.", "The vaccine saved me", "Lind"),
    ],
)
def test_fair_quotations_are_not_accused(services: Services, text: str, quotation: str, speaker: str | None) -> None:
    stored = services.ingester.add(make_article(text, key=text))
    try:
        verdict = services.verifier.verify(Claim(quotation, speaker, article_id=stored.id))
        assert (verdict.status, verdict.warnings) == ("found", ())
    finally:
        services.store.remove(stored.id)


@pytest.mark.parametrize("text", ["a " * 50_000, '" a " ' * 20_000, "“a b,” he said. “a c” " * 4_000], ids=len)
@pytest.mark.parametrize(
    "quotation", ["a " * 2_400 + "z", "a b a c " * 600 + "z", "a … b … a … z", "a - " * 1_200], ids=len
)
def test_long_repetitions_are_compared_in_no_time(text: str, quotation: str) -> None:
    """Backtracking over these would take hours, and the test would not end."""
    assert list(exact_spans(quotation, normal_form(text))) == [] or "z" not in quotation
