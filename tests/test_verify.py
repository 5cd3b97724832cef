import httpx
import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from index.errors import QuestionError
from index.text.normal_form import NormalText, _of_clusters, normal_form, quotation_words
from index.types import Span
from service.answering.verification import verify
from service.answering.verification.differences import differences
from service.answering.verification.quote_matching import exact_spans, nearest_span
from service.answering.verification.verify import Claim
from service.assembly import Services
from service.http.app import create_app
from service.settings import Settings
from tests.conftest import make_article

STORED = "“It’s over,” the mayor said — and she meant it. Nobody left the old town hall for hours."


def exact(quotation: str, text: str = STORED) -> list[str]:
    return [text[slice(*span)] for span in exact_spans(quotation, normal_form(text))]


@pytest.mark.parametrize(
    ("quotation", "found"),
    [
        ("It's over", ["It’s over"]),
        ('"It\'s over," the mayor said - and', ["“It’s over,” the mayor said — and"]),
        ("Nobody  left\nthe old", ["Nobody left the old"]),
        ("Nobody left … for hours", ["Nobody left the old town hall for hours"]),
        ("Nobody left [...] for hours", ["Nobody left the old town hall for hours"]),
        ("Nobody [sic] left the", ["Nobody left the"]),
        ("Nobody left the [ancient] town hall", ["Nobody left the old town hall"]),
        ("nobody left the old", ["Nobody left the old"]),
        ("Nobody left the old town hall for hours,", ["Nobody left the old town hall for hours"]),
        ("[N]obody left", ["Nobody left"]),
        ("[n]obody left", ["Nobody left"]),
        ("NOBODY left", []),
        ("Nobody left the Old", []),
        ("body left the old", []),
        ("Nobody left the ol", []),
        ("for hours … Nobody", []),
        ("…", []),
        ("[sic]", []),
    ],
)
def test_typography_is_seen_through_and_words_are_not(quotation: str, found: list[str]) -> None:
    assert exact(quotation) == found


def test_every_place_is_found() -> None:
    assert exact("a cat", "a cat, a cat and a category") == ["a cat", "a cat"]


def test_many_gaps_take_no_time() -> None:
    assert exact("a … " * 200 + "b", "a " * 5_000) == []


@given(text=st.text(max_size=80), start=st.integers(0, 80), end=st.integers(0, 80))
def test_a_folded_place_is_a_place_of_the_text(text: str, start: int, end: int) -> None:
    folded = normal_form(text)
    assert len(folded.text) == len(folded.starts) == len(folded.ends)
    if start < end <= len(folded.text):
        span = folded.span(start, end)
        assert 0 <= span.start < span.end <= len(text)
        assert normal_form(text[slice(*span)]).text.strip() in folded.text


@given(text=st.text(max_size=80), ignore_case=st.booleans())
def test_letter_by_letter_the_normal_form_is_the_same(text: str, ignore_case: bool) -> None:  # noqa: FBT001
    slow, quick = _of_clusters(text, ignore_case=ignore_case), normal_form(text, ignore_case=ignore_case)
    assert quick.text == slow.text
    assert (list(quick.starts), list(quick.ends)) == (list(slow.starts), list(slow.ends))


@given(quotation=st.text(max_size=60), found=st.text(max_size=60))
def test_differences_make_one_of_the_other(quotation: str, found: str) -> None:
    told = differences(quotation, found)
    assert (told == []) == (quotation == found)
    assert sum(len(each.given) for each in told) <= len(quotation)
    assert sum(len(each.found) for each in told) <= len(found)


@pytest.mark.parametrize(
    ("quotation", "found", "told"),
    [
        ("the only date", "the most likely date", [("words", "only", "most likely")]),
        ('"sham"', "“sham”", [("typography", '"', "“"), ("typography", '"', "”")]),
        ("a  b", "a b", [("space", "  ", " ")]),
        ("I [sic] went", "I went", [("insertion", "[sic] ", "")]),
        ("The end", "the end", [("typography", "The", "the")]),
        ("the end", "THE end", [("words", "the", "THE")]),
        ("[t]he end", "The end", [("insertion", "[t]he", "The")]),
    ],
)
def test_differences_are_reported_by_kind(quotation: str, found: str, told: list[tuple[str, str, str]]) -> None:
    assert [each[:3] for each in differences(quotation, found)] == told


def test_quotation_marks_around_are_no_part_of_it() -> None:
    assert [quotation_words(each) for each in ("“a b”", "'a b'", '  "a" ', "“", "a”")] == ["a b", "a b", "a", "“", "a”"]


def test_the_nearest_words_are_whole() -> None:
    found = nearest_span("obody left the new town ha", normal_form(STORED, ignore_case=True))
    assert found and STORED[slice(*found[1])] == "Nobody left the old town hall"
    assert nearest_span("A quite different sentence about bees", normal_form(STORED, ignore_case=True)) is None
    assert nearest_span("İ İ", normal_form("İ", ignore_case=True)) is None


@pytest.fixture
def verdict(seeded: Services):  # type: ignore[no-untyped-def]  # noqa: ANN201
    return lambda text, speaker=None: seeded.verifier.verify(Claim(text, speaker))


def test_words_that_stand_there_are_found_with_their_place(seeded: Services, verdict) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    found = verdict("The FSB recorded 261,000 men leaving")
    assert (found.status, found.differences, found.said_by) == ("found", (), "Novaya Gazeta. Europe")
    (match,) = found.matches
    assert match.article.text[slice(*match.span)] == "The FSB recorded 261,000 men leaving"


def test_changed_words_are_reported(verdict) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    altered = verdict("Sept. 28 is named as the only date for when Russian men")
    assert altered.status == "altered"
    (difference,) = altered.differences
    assert difference[:3] == ("words", "only", "most likely")
    (match,) = altered.matches
    assert match.article.text[match.span.start + difference.at :].startswith("most likely date")
    assert verdict("The FSB recorded 262,000 men leaving in the four days").status == "altered"


@pytest.mark.parametrize(
    ("speaker", "status"),
    [("Novaya Gazeta. Europe", "found"), ("novaya gazeta", "found"), ("Meduza", "misattributed"), (None, "found")],
)
def test_someone_elses_words_are_misattributed(verdict, speaker: str | None, status: str) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    assert verdict("261,000 men leaving", speaker).status == status


def test_who_passed_words_on_said_them_too(verdict) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    for speaker in ("Meduza", "an unnamed Kremlin source"):
        assert verdict("authorities could introduce so-called “exit visas”", speaker).status == "found"


def test_what_the_article_says_itself_is_nobody_elses(verdict) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    assert verdict("Western governments have vowed sanctions", "Meduza").status == "found"


def test_what_is_not_there_is_absent(verdict) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    for text in ("The moon is made of green cheese and honey", "x"):
        absent = verdict(text)
        assert (absent.status, absent.matches) == ("absent", ()), text


@pytest.mark.parametrize("text", ["", " “” ", "a\0b", "x" * 5_001])
def test_what_is_no_quotation_is_reported(seeded: Services, text: str) -> None:
    with pytest.raises(QuestionError):
        seeded.verifier.verify(Claim(text))


def test_the_cited_place_stands_first(fake: Services) -> None:
    for key in "ab":
        fake.ingester.add(make_article(f"Once more. The bell rang twice. {key}", key=key))
    claim = Claim("The bell rang twice.", article_id=2, span=Span(11, 31))
    found = fake.verifier.verify(claim)
    assert [each.article.id for each in found.matches] == [2, 1]
    gone = fake.verifier.verify(claim._replace(article_id=99))
    assert {each.article.id for each in gone.matches} == {1, 2}


def test_an_answers_own_quotes_are_found(client: httpx.Client) -> None:
    answer = client.post("/v1/ask", json={"question": "How many men left Russia?"}).json()
    verdicts = client.post("/v1/verify", json=answer).raise_for_status().json()["quotes"]
    assert len(verdicts) == len(answer["quotes"]) > 0
    for quote, verdict in zip(answer["quotes"], verdicts, strict=True):
        assert verdict["status"] == "found"
        assert {name: verdict["matches"][0][name] for name in quote["citation"]} == quote["citation"]
        assert verdict["matches"][0]["text"] == quote["text"]


def test_an_attribution_that_the_quotation_leaves_out_is_shown(fake: Services) -> None:
    fake.ingester.add(make_article("“We have spent $90 million,” said Dr. Lindqvist. “Nobody was idle.”"))
    client = TestClient(create_app(Settings(), fake))
    sent = {"quotes": [{"text": "We have spent $90 million. Nobody was idle."}]}
    (verdict,) = client.post("/v1/verify", json=sent).raise_for_status().json()["quotes"]
    assert verdict["status"] == "found"
    assert "attribution" in {each["kind"] for each in verdict["differences"]}


def test_bad_requests_are_reported(client: httpx.Client) -> None:
    assert client.post("/v1/verify", json={"quotes": [{"text": ""}]}).status_code == 422
    assert client.post("/v1/verify", json={"quotes": [{"speaker": "x"}]}).status_code == 422
    assert client.post("/v1/verify", json={"quotes": [{"text": "a"}] * 101}).status_code == 422
    assert client.post("/v1/verify", json={"quotes": []}).json() == {"quotes": []}


@pytest.mark.parametrize(
    ("quotation", "text"),
    [
        ("5 million", "It cost 1.5 million."),
        ("It cost 10", "It cost 10,500."),
        ("5 percent", "It fell to -5 percent."),
        ("we can", "Today we can't win."),
        ("He ... kill ... people", "He has great skills that help people."),
    ],
)
def test_a_part_of_a_number_or_a_word_is_not_found(quotation: str, text: str) -> None:
    assert exact(quotation, text) == []


def test_a_piece_is_looked_for_on_behind_a_word_that_holds_it() -> None:
    assert exact("He said ... art", "He said the party is art.") == ["He said the party is art"]


@pytest.mark.parametrize(
    ("quotation", "text"),
    [("ab cd", "z" * 12 + "abxcd" + "z" * 12), ("习近平 主席 在北京说", "今天习近平主席在北京说了话。")],
)
def test_words_without_spaces_are_no_trouble(quotation: str, text: str) -> None:
    found = nearest_span(quotation, normal_form(text, ignore_case=True))
    assert found is None or 0 <= found[1].start < found[1].end <= len(text)


@pytest.mark.parametrize(
    ("quotation", "status"),
    [("I did ... kill him", "out_of_context"), ("I [not] support the war and the army", "altered")],
)
def test_a_not_left_out_or_put_in_is_no_faithful_quotation(fake: Services, quotation: str, status: str) -> None:
    fake.ingester.add(make_article("I did not kill him. I support the war and the army."))
    assert fake.verifier.verify(Claim(quotation)).status == status


@pytest.mark.parametrize(
    ("speaker", "status"), [("Mr. Trump", "found"), ("Donald J. Trump", "found"), ("Ann Lee", "misattributed")]
)
def test_titles_and_initials_are_no_other_name(fake: Services, speaker: str, status: str) -> None:
    fake.ingester.add(make_article("“We will win this time,” Donald Trump said."))
    assert fake.verifier.verify(Claim("We will win this time", speaker)).status == status


def test_he_may_be_anyone(fake: Services) -> None:
    fake.ingester.add(make_article("“We will win this time,” he said."))
    assert fake.verifier.verify(Claim("We will win this time", "Dmitry Peskov")).status == "found"


def test_a_long_altered_quotation_is_compared_with_few_articles(
    fake: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = " ".join(f"Engineer {number} found crack {number * 7} in pillar {number * 3}." for number in range(40))
    fake.ingester.add(make_article(told, key="own"))
    for number in range(12):
        fake.ingester.add(
            make_article(f"Engineer {number} found crack {number * 7} elsewhere. It rained.", key=str(number))
        )
    compared = []

    def counted(words: str, text: NormalText, *, at_least: float) -> tuple[float, Span] | None:
        compared.append(len(text.text))
        return nearest_span(words, text, at_least=at_least)

    monkeypatch.setattr(verify, "nearest_span", counted)
    altered = fake.verifier.verify(Claim(told[200:1_200].replace("found", "saw", 1)))
    assert altered.status == "altered" and altered.matches[0].article.key == "own" and len(compared) <= 4
    assert fake.verifier.verify(Claim(" ".join(f"word{number}" for number in range(200)))).status == "absent"
