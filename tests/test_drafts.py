"""Drafts: what they quote and report, whom they name for it, and what the archive says."""

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from index.annotator import Annotator
from index.embedding import SentenceTransformerEmbedder
from index.errors import ArticleError, StoppedError
from index.formats.reading import Original, as_draft, read
from index.stopping import Stop, stopped_by
from index.types import Article, Span
from service.answering.reading.reader import Reader
from service.answering.verification.drafts import MOST_CHECKED, Checked, CheckedDraft
from service.answering.verification.figures import figures_in
from service.answering.verification.pieces import _with_whole_figure
from service.answering.verification.quoted import quoted_in, with_plain_marks, words_of
from service.assembly import Services
from tests.conftest import default_models, make_article

DRAFTS = Path(__file__).parent / "drafts"
CASES = yaml.safe_load((DRAFTS / "cases.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def archive(
    model: SentenceTransformerEmbedder, reader: Reader, annotator: Annotator, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Services]:
    services = default_models(tmp_path_factory.mktemp("archive") / "data", model, reader, annotator)
    for each in yaml.safe_load((DRAFTS / "archive.yaml").read_text(encoding="utf-8")):
        services.ingester.add(Article(key=each["title"], **each))
    yield services
    services.close()


def check(services: Services, text: str) -> CheckedDraft:
    return services.drafts.check(Article(text=text, title="Draft"))


def fits(checked: Checked, text: str, expected: dict[str, str]) -> bool:
    """Whether it is the piece of a draft that a case expects here."""
    span = checked.piece.span
    if checked.piece.kind == "quotation":
        return "quotation" in expected and text[slice(*span)].startswith(expected["quotation"])
    at = text.find(expected.get("statement", "\0"))
    return at >= 0 and span.start < text.index(".", at) and at < span.end


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_draft_is_told_rightly(archive: Services, case: dict) -> None:  # type: ignore[type-arg]
    original = Original(case["draft"].encode(), "draft.md" if case.get("markdown") else "draft.txt")
    article = read(as_draft(original))
    checked = archive.drafts.check(article).checked
    assert len(checked) == len(case["expected"]), [article.text[slice(*each.piece.span)] for each in checked]
    for expected, found in zip(case["expected"], checked, strict=True):
        assert fits(found, article.text, expected), (expected, found)
        assert found.status == expected["status"], (expected, found)
        named, wanted = found.piece.speaker, expected.get("speaker")
        if wanted and not (expected.get("missed") and named is None):
            assert named and (wanted.lower() in named.lower() or named.lower() in wanted.lower()), (expected, named)


def test_a_draft_without_quotations_says_so(archive: Services) -> None:
    draft = check(archive, "The sun came out over the harbour, and nobody had anything to say about it.")
    assert (draft.checked, draft.is_wrong) == ((), False)
    assert draft.warnings == ("There are no quotations in this draft, and it reports no figure of anybody's.",)


def test_the_draft_itself_is_no_source(archive: Services) -> None:
    stored = next(each for each in archive.store.articles(limit=10) if "Nurses" in each.title)
    text = archive.store.article(stored.id).text
    own = check(archive, text)
    quotations = [each for each in own.checked if each.piece.kind == "quotation"]
    assert {each.status for each in quotations} <= {"absent", "not_checked"}
    assert own.warnings == (
        f"Article {stored.id} of the archive is this draft itself, or nearly: it was not taken as a source.",
    )
    # Who only quotes an article has written something else.
    assert check(archive, "“Our members are leaving because they are exhausted,” said Mira Okafor.").warnings == ()


def test_dates_without_marks_are_looked_up(archive: Services) -> None:
    told = "Greta Holm wrote to parents on {} that the ban had changed the school more than any rule before it."
    assert check(archive, told.format("2 May")).checked == ()  # when she wrote is not what she said


def test_what_only_others_say_in_two_words_is_absent(archive: Services) -> None:
    (checked,) = check(archive, "It was a “good shoe”, Wilma Trost said.").checked
    assert (checked.status, checked.warnings) == (
        "absent",
        ("Only others are cited with these few words: Bram Kuijpers.",),
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a" * 100_001, "The draft has 100,001 characters. Check it in parts of at most 100,000."),
        ("…", "The draft has no words."),
        ("a\0b", "The draft holds a NUL byte"),
        ("He said: “We have won this day.” " * (MOST_CHECKED + 1), "The draft has 201 quotations"),
    ],
)
def test_what_cannot_be_checked_is_refused_with_the_reason(fake: Services, text: str, message: str) -> None:
    with pytest.raises(ArticleError) as refused:
        check(fake, text)
    assert str(refused.value).startswith(message)


def test_a_check_that_nobody_waits_for_stops(fake: Services) -> None:
    fake.ingester.add(make_article("“We have won,” said Ann Cole. It rained."))
    stop = Stop(60)
    stop.leave()
    with stopped_by(stop), pytest.raises(StoppedError):
        check(fake, "“We have won this day,” said Ann Cole.")


def test_the_same_words_are_looked_for_once(fake: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    fake.ingester.add(make_article("“We have won this day,” said Ann Cole. It rained."))
    searched = itertools.count()
    search = fake.searcher.search
    monkeypatch.setattr(fake.searcher, "search", lambda *given, **named: (next(searched), search(*given, **named))[1])
    draft = check(fake, "“We have won this day,” said Ann Cole. It rained. “We have won this day,” said Ann Cole.")
    assert [each.status for each in draft.checked] == ["found", "found"]
    assert next(searched) == 1


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ('He said "yes". "No," she said.', ["yes", "No,"]),
        ("‘It’s the nurses’ day,’ he said, and ‘so be it’.", ["It’s the nurses’ day,", "so be it"]),
        ("'It's done,' she said. It's 'over'.", ["It's done,", "over"]),
        ("The ’90s and rock ’n’ roll: the boys’ own.", []),
        ("„So ist es“, sagte er. »Nein«, sagte sie.", ["So ist es", "Nein"]),
        ("« C’est fini », dit-il.", ["C’est fini"]),
        ("“He told me ‘go’ and I went.”", ["He told me ‘go’ and I went.", "go"]),
        ("“One.\n\n“Two.\n\n“Three.”", ["One.", "Two.", "Three."]),
        ("> We go on\n> and on.\n\nNo.", ["We go on\n> and on."]),
        ("> “We go on and on,” he said.", ["We go on and on,"]),
        ('A 6" pipe and a 7\'2" man.', []),
        ("“Never closed, and the paragraph ends.\n\nMore.", ["Never closed, and the paragraph ends."]),
    ],
)
def test_quotation_marks_of_many_kinds_are_found(text: str, quoted: list[str]) -> None:
    found = quoted_in(text)
    assert [text[slice(*each.words)] for each in found] == quoted
    assert len(with_plain_marks(text, found)) == len(text)


def test_marks_of_markdown_are_no_words() -> None:
    text = "> We *never* said\n> that **he** won_it_all."
    assert words_of(text, Span(2, len(text))) == "We never said\nthat he won_it_all."


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("1,400 people and 41.5 million crowns", [1400.0, 41_500_000.0]),
        ("forty-two men, twelve schools, one dog", [42.0, 12.0]),
        ("7.5% on 2 May, or Sept. 28, 2022", [7.5, "05-02", "09-28"]),
        ("a 3-1 win in 2028", ["3-1", "2028"]),
        ("COVID-19, F-16, 9.30pm, Q4", []),
    ],
)
def test_figures_are_read(text: str, values: list[float | str]) -> None:
    assert [each.value for each in figures_in(text, Span(0, len(text)))] == values


def test_a_rounded_figure_is_the_same() -> None:
    def figure(text: str):  # type: ignore[no-untyped-def]  # noqa: ANN202
        return figures_in(text, Span(0, len(text)))[0]

    assert figure("41 million").is_same(figure("41.3 million"))
    assert not figure("41.3 million").is_same(figure("41 million"))
    assert not figure("9 people").is_same(figure("90 people"))


def test_a_figure_is_not_cut() -> None:
    text = "They found $327.8 million."
    assert _with_whole_figure(text, Span(0, text.index(".8"))) == Span(0, len(text) - 1)
    assert _with_whole_figure(text, Span(0, 4)) == Span(0, 4)
