"""Exports, read again by the programs that they are for."""

import json
import re
from collections.abc import Iterator
from importlib.util import find_spec
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient
from lxml import html
from markdown_it import MarkdownIt

from service.assembly import Services
from service.http.app import create_app
from service.settings import Settings
from tests.conftest import require

AWKWARD = r'Rain & <b>floods</b>: {100%} of $5_000 #1 ~ "quoted" \ ^'
PUBLISHER = "The {Post} & <Co>"
RAIN = 'Rain fell on <b>Rome</b> for nine *days* & "nights". Nobody was hurt in the floods.'
PLAIN = "Snow lay on Oslo for seven weeks."
HEBREW = "הגשם ירד על ירושלים במשך עשרה ימים."
FORMATS = ("markdown", "html", "csl", "bibtex", "annotations")


@pytest.fixture
def client(fake: Services) -> Iterator[httpx.Client]:
    with TestClient(create_app(Settings(), fake)) as client:
        known = {"title": AWKWARD, "publisher": PUBLISHER, "author": "Ann {Cole}", "published": "2024-01-02"}
        client.post("/v1/articles", json={"text": RAIN, "url": "https://x.org/a?b=1&c={d}", **known})
        client.post("/v1/articles", json={"text": PLAIN})
        client.post("/v1/articles", json={"text": HEBREW, "title": "גשם"})
        yield client


def ask(client: httpx.Client, *questions: str) -> list[dict[str, Any]]:
    answers = [client.post("/v1/ask", json={"question": each, "max_quotes": 1}).json() for each in questions]
    assert all(each["answered"] for each in answers), [each["question"] for each in answers if not each["answered"]]
    return answers


@pytest.fixture
def conversation(client: httpx.Client) -> list[dict[str, Any]]:
    rain = "How long did rain fall on Rome?"
    return ask(client, rain, "How long did snow lay on Oslo?", "הגשם ירד על ירושלים?", rain)


def export(client: httpx.Client, answers: list[dict[str, Any]], format: str) -> str:
    response = client.post("/v1/export", json={"answers": answers, "format": format}).raise_for_status()
    assert response.headers["content-disposition"].startswith("attachment; filename=")
    return response.text


def test_markdown_shows_the_words_and_nothing_of_them_works(
    client: httpx.Client, conversation: list[dict[str, Any]]
) -> None:
    tokens = MarkdownIt().parse(export(client, conversation, "markdown"))
    inline = [token for token in tokens if token.type == "inline"]
    shown = ["".join(each.content for each in token.children or [] if each.type == "text") for token in inline]
    for words in (RAIN.partition(". ")[0], PLAIN, HEBREW, AWKWARD):
        assert any(words in each for each in shown), words
    assert "html_block" not in {token.type for token in tokens}
    assert {each.type for token in inline for each in token.children or []} <= {
        "text",
        "softbreak",
        "link_open",
        "link_close",
        "text_special",
    }
    assert sum(token.type == "blockquote_open" for token in tokens) == 4


def test_a_page_has_each_quotation_as_a_cited_blockquote(
    client: httpx.Client, conversation: list[dict[str, Any]]
) -> None:
    text = export(client, conversation, "html")
    page = html.document_fromstring(text.encode())
    quotes = page.findall(".//blockquote")
    assert [each.text_content() for each in quotes] == [each["quotes"][0]["text"] for each in conversation]
    assert quotes[0].get("cite").startswith("https://x.org/a?b=1&c={d}#:~:text=")
    assert quotes[1].get("cite").startswith("http://testserver/articles/2#q=0-33&v=1&h=")
    assert all(each.get("dir") == "auto" for each in quotes)
    assert AWKWARD in page.text_content() and PUBLISHER in page.text_content()
    assert not page.xpath("//script | //b | //img | //link | //iframe | //form")
    assert (
        "default-src 'none'"
        in client.post("/v1/export", json={"answers": conversation, "format": "html"}).headers[
            "content-security-policy"
        ]
    )


def test_a_citation_processor_reads_csl(client: httpx.Client, conversation: list[dict[str, Any]]) -> None:
    require(find_spec("citeproc"), "citeproc-py")
    import citeproc
    from citeproc.source import json as source

    items = json.loads(export(client, conversation, "csl"))
    assert [each["type"] for each in items] == ["article-newspaper", "webpage", "webpage"]
    assert items[0] | {"accessed": None} == {
        "id": "article-1-version-1",
        "type": "article-newspaper",
        "title": AWKWARD,
        "URL": "https://x.org/a?b=1&c={d}",
        "accessed": None,
        "container-title": PUBLISHER,
        "author": [{"literal": "Ann {Cole}"}],
        "issued": {"date-parts": [[2024, 1, 2]]},
    }
    assert "issued" not in items[1] and "author" not in items[1] and items[1]["URL"] == "http://testserver/articles/2"
    style = citeproc.CitationStylesStyle("harvard-cite-them-right", validate=False)
    written = citeproc.CitationStylesBibliography(style, source.CiteProcJSON(items), citeproc.formatter.plain)
    written.register(citeproc.Citation([citeproc.CitationItem(each["id"]) for each in items]))
    first, *_ = (str(each) for each in written.bibliography())
    assert "Ann {Cole}" in first and "2024" in first and PUBLISHER in first


def plain(latex: str) -> str:
    """Return the characters that TeX would set: grouping braces are none, signs go by their names or a backslash."""
    named = {"backslash": "\\", "braceleft": "{", "braceright": "}", "asciitilde": "~", "asciicircum": "^"}
    found = re.compile(r"\\text(\w+)|\\([&%$#_])|[{}]")
    return found.sub(lambda match: named[match[1]] if match[1] else match[2] or "", latex)


def test_bibtex_is_read_again(client: httpx.Client, conversation: list[dict[str, Any]]) -> None:
    require(find_spec("pybtex"), "pybtex")
    from pybtex import database

    entries = database.parse_string(export(client, conversation, "bibtex"), "bibtex").entries
    assert list(entries) == ["article-1-version-1", "article-2-version-1", "article-3-version-1"]
    first, second, third = entries.values()
    assert plain(first.fields["title"]) == AWKWARD
    assert plain(first.fields["journal"]) == PUBLISHER
    assert plain(str(first.persons["author"][0])) == "Ann {Cole}"
    assert first.fields["url"] == "https://x.org/a?b=1&c=%7Bd%7D"
    assert (first.type, first.fields["year"], first.fields["month"], first.fields["day"]) == (
        "article",
        "2024",
        "January",
        "2",
    )
    assert second.type == "misc" and "year" not in second.fields and "author" not in second.persons
    assert plain(third.fields["title"]) == "גשם"


def test_annotations_have_what_the_recommendation_asks_for(
    client: httpx.Client, conversation: list[dict[str, Any]]
) -> None:
    """See "Web Annotation Data Model", W3C, 3.1, 3.3.4, 4.2.4, 4.2.5 and 5."""
    collection = json.loads(export(client, conversation, "annotations"))
    assert (collection["@context"], collection["type"]) == (
        "http://www.w3.org/ns/anno.jsonld",
        "AnnotationCollection",
    )
    items = collection["first"]["items"]
    assert collection["total"] == len(items) == 4 and len({each["id"] for each in items}) == 4
    for each, answer in zip(items, conversation, strict=True):
        quote = answer["quotes"][0]
        article = client.get(f"/v1/articles/{quote['citation']['article_id']}").json()
        assert each["type"] == "Annotation" and each["motivation"] == "highlighting" and each["id"].startswith("urn:")
        assert each["body"][0] == {
            "type": "TextualBody",
            "format": "text/plain",
            "purpose": "describing",
            "value": answer["question"],
        }
        *publisher, stored = each["target"]
        assert [target["source"] for target in publisher] == ([article["url"]] if article["url"] else [])
        assert stored["source"] == f"http://testserver/articles/{article['id']}"
        words, offsets = stored["selector"]
        assert (words["type"], offsets["type"]) == ("TextQuoteSelector", "TextPositionSelector")
        assert article["text"][offsets["start"] : offsets["end"]] == words["exact"] == quote["text"]
        assert words["prefix"] + words["exact"] + words["suffix"] in article["text"]


def test_a_kept_answer_names_its_address(client: httpx.Client, conversation: list[dict[str, Any]]) -> None:
    answer = conversation[0]
    client.post("/v1/answers", json=answer).raise_for_status()
    path, address = f"/v1/answers/{answer['id']}/export", f"http://testserver/answers/{answer['id']}"
    found = {each: client.get(path, params={"format": each}).raise_for_status() for each in FORMATS}
    assert address in found["markdown"].text and address in found["html"].text
    annotations = found["annotations"].json()
    assert (annotations["id"], annotations["first"]["items"][0]["id"]) == (address, f"{address}#quote-1")
    assert 'filename="' in found["csl"].headers["content-disposition"]
    assert "how-long-did-rain-fall-on-rome.json" in found["csl"].headers["content-disposition"]
    assert client.get(path, params={"format": "docx"}).status_code == 422
    assert client.get("/v1/answers/none/export", params={"format": "csl"}).status_code == 404


def test_words_that_are_gone_stand_beside_what_stands_there_now(
    client: httpx.Client, conversation: list[dict[str, Any]]
) -> None:
    changed = {"text": RAIN.replace("nine", "ten"), "url": "https://x.org/a?b=1&c={d}", "title": AWKWARD}
    client.post("/v1/articles", json=changed)
    for format in ("markdown", "html"):
        text = export(client, conversation[:1], format)
        assert "for nine" in text and "The article has changed since, and these words with it." in text
        assert "Now there stands: " in text and "for ten" in text


def test_what_nothing_answers_is_exported_as_such(client: httpx.Client) -> None:
    answer = client.post("/v1/ask", json={"question": "Who won the chess match in Reykjavik?"}).json()
    assert "Nothing in these articles answers that." in export(client, [answer], "markdown")
    assert json.loads(export(client, [answer], "csl")) == [] and export(client, [answer], "bibtex") == ""


def test_what_a_person_said_is_exported(client: httpx.Client) -> None:
    said = '"It rains in Bergen," said Ida Quinn. Bo Falk denied that it was cold.'
    client.post("/v1/articles", json={"text": said, "title": "Bergen", "published": "2024-05-06"})
    speaker = client.get("/v1/speakers", params={"q": "Ida Quinn"}).json()["speakers"][0]["id"]
    found = {
        each: client.get(f"/v1/speakers/{speaker}/export", params={"format": each}).raise_for_status().text
        for each in FORMATS
    }
    assert "# What Ida Quinn said" in found["markdown"] and "said by Ida Quinn" in found["markdown"]
    assert "It rains in Bergen" in found["html"] and json.loads(found["csl"])[0]["title"] == "Bergen"
    assert json.loads(found["annotations"])["total"] == 1 and "2024" in found["bibtex"]
    assert client.get("/v1/speakers/nobody/export", params={"format": "csl"}).status_code == 404
