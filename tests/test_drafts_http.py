"""Checking drafts over HTTP and on the command line."""

import json
from pathlib import Path

import httpx
import pytest

from tests.factories import docx, paragraph
from tests.test_cli import Run, run  # noqa: F401 - a fixture

TRUE = "“The FSB recorded 261,000 men leaving in the four days,” Novaya Gazeta said 🙂."
WRONG = "“Sept. 28 is named as the only date for when Russian men would leave,” it says. <b>“x y z”</b>"


def check(client: httpx.Client, text: str) -> dict:  # type: ignore[type-arg]
    return client.post("/v1/verify", json={"text": text}).raise_for_status().json()  # type: ignore[no-any-return]


def test_a_draft_and_quotations_at_once_are_refused(client: httpx.Client) -> None:
    refused = client.post("/v1/verify", json={"text": TRUE, "quotes": [{"text": "Rain fell."}]})
    assert refused.status_code == 422 and "both `text` and `quotes`" in refused.json()["detail"]


def test_each_piece_comes_with_its_place_in_the_draft(client: httpx.Client) -> None:
    text = f"🙂 {TRUE} {WRONG}"
    draft = check(client, text)
    assert draft["text"] == text
    for each in draft["checked"]:
        assert text[each["start"] : each["end"]] == each["text"]
        units = text.encode("utf-16-le")
        assert units[2 * each["start_utf16"] : 2 * each["end_utf16"]].decode("utf-16-le") == each["text"]
    first, second, third = draft["checked"]
    assert (first["status"], first["kind"], first["wrong"]) == ("found", "quotation", False)
    (match,) = first["matches"]
    article = client.get(f"/v1/articles/{match['article_id']}").json()
    assert article["text"][match["start"] : match["end"]] == match["text"]
    assert match["link"].startswith(f"/articles/{match['article_id']}#q={match['start']}-{match['end']}")
    assert (second["status"], second["wrong"], third["status"]) == ("altered", True, "absent")
    word = next(each for each in second["differences"] if each["given"] == "only")
    there = second["matches"][0]["text"]
    assert there[word["at"] : word["at"] + len(word["found"])] == word["found"] == "most likely"
    assert draft["wrong"] is True
    assert draft["summary"] == {
        "found": 1, "altered": 1, "misattributed": 0, "out_of_context": 0, "absent": 1, "not_checked": 0,
    }  # fmt: skip


def test_a_file_is_checked_as_it_is_read(client: httpx.Client) -> None:
    document = docx(paragraph("Men leave") + paragraph(TRUE))
    files = [("a.docx", document), ("a.md", f"# Men leave\n\n{TRUE}".encode()), ("a.txt", TRUE.encode())]
    for name, data in files:
        draft = client.post("/v1/verify", files={"file": (name, data)}).raise_for_status().json()
        assert [each["status"] for each in draft["checked"]] == ["found"], name
    assert client.get("/v1/articles").json()["articles"][1:] == []  # a draft is not kept


def test_a_block_quotation_of_a_markdown_file_is_checked(client: httpx.Client) -> None:
    data = b"A paper counts:\n\n> The FSB recorded 261,000 men leaving\n> in the *four* days\n"
    draft = client.post("/v1/verify", files={"file": ("a.md", data)}).json()
    assert [(each["status"], each["text"]) for each in draft["checked"]] == [
        ("found", "The FSB recorded 261,000 men leaving\n> in the four days")
    ]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"text": 1}, "text"),
        ({"text": "a" * 100_001}, "text"),
        ({"text": "a\0"}, "text"),
        ({}, "quotes"),
        ({"quotes": [{}]}, "quotes.0.text"),
        ([], "body"),
    ],
)
def test_what_does_not_fit_is_refused_by_field(client: httpx.Client, body: object, field: str) -> None:
    refused = client.post("/v1/verify", json=body)
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"] == field


def test_files_that_are_no_drafts_are_refused(client: httpx.Client) -> None:
    for files in ({"other": ("a.txt", b"x")}, {"file": ("a.exe", b"x")}, {"file": ("a.docx", b"x")}):
        refused = client.post("/v1/verify", files=files)
        assert (refused.status_code, refused.headers["content-type"]) == (422, "application/problem+json"), files
    assert client.post("/v1/verify", json={"text": "…"}).json()["detail"].startswith("The draft has no words.")


def test_the_document_has_both_shapes(client: httpx.Client) -> None:
    document = client.get("/openapi.json").json()
    verify = document["paths"]["/v1/verify"]["post"]
    asked = verify["requestBody"]["content"]
    assert {name for each in asked["application/json"]["schema"]["anyOf"] for name in each["properties"]} == {
        "quotes", "text", "title",
    }  # fmt: skip
    assert "$ref" not in json.dumps(asked)
    assert "multipart/form-data" in asked
    answered = verify["responses"]["200"]["content"]["application/json"]["schema"]["anyOf"]
    assert {each["$ref"].rpartition("/")[2] for each in answered} == {"VerifyOut", "DraftOut"}


def test_the_command_is_a_gate(run: Run, tmp_path: Path) -> None:  # noqa: F811
    assert run("add", "seeds").returncode == 0
    draft = tmp_path / "draft.md"
    draft.write_text(f"# Men leave\n\n{TRUE}\n", encoding="utf-8")
    done = run("verify", draft)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Men leave\n1 quotation: 1 found\n")

    draft.write_text(f"{TRUE}\n\n{WRONG}\n", encoding="utf-8")
    done = run("verify", draft)
    assert done.returncode == 1
    assert "3 quotations: 1 found, 1 altered, 1 not in the archive" in done.stdout
    assert "altered, line 3: “Sept. 28 is named as the only date" in done.stdout
    assert "“only” where the article has “most likely”" in done.stdout
    assert "That is no proof that nobody said them." in done.stdout
    report = json.loads(run("verify", draft, "--json").stdout)
    assert report["wrong"] and [each["status"] for each in report["checked"]] == ["found", "altered", "absent"]

    for name, data in (("a.exe", b"x"), ("a.txt", b"..."), ("a.docx", b"x")):
        file = tmp_path / name
        file.write_bytes(data)
        done = run("verify", file)
        assert (done.returncode, done.stdout) == (2, "") and done.stderr, name


def test_a_draft_comes_by_standard_input(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    assert run("add", "seeds").returncode == 0
    for text, status in ((TRUE, 0), (WRONG, 1), ('{"quotes": [{"text": "261,000 men"}]}', 0)):
        monkeypatch.setattr("service.commands.verify.read_bytes", lambda _, text=text: text.encode())
        assert run("verify", "-").returncode == status, text
