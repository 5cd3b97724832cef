"""Files that nobody would write on purpose: none stops the others, and of each is said what became of it."""

import gzip
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from index.errors import FormatError
from index.formats import docx
from index.formats.collected import lines
from index.formats.sources import sources_of
from index.ingest import Ingester
from index.pipeline import add_all
from index.store.sqlite.store import SqliteStore
from tests import factories
from tests.conftest import WordEmbedder

ADDED = "added"
WORDS = "Rome has 14 bridges."
_W = factories.paragraph


def with_declared_size(size: int) -> bytes:
    """An archive that says of its member that it is another size."""
    data = bytearray(factories.packed({"a.txt": WORDS * 9}, method=zipfile.ZIP_STORED))
    for signature, place in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        at = data.index(signature)
        data[at + place : at + place + 4] = size.to_bytes(4, "little")
    return bytes(data)


def encrypted() -> bytes:
    data = bytearray(factories.packed({"a.txt": WORDS}))
    for signature, place in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        data[data.index(signature) + place] |= 1
    return bytes(data)


def overlapping() -> bytes:
    """Two members of which each says that the same bytes are its own."""
    data = bytearray(factories.packed({"a.txt": WORDS * 50, "b.txt": WORDS * 50}, method=zipfile.ZIP_STORED))
    second = data.rindex(b"PK\x01\x02")
    data[second + 42 : second + 46] = (0).to_bytes(4, "little")
    return bytes(data)


def locked_pdf() -> bytes:
    data = factories.pdf([[WORDS]])
    key = f"/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <{'41' * 32}> /U <{'42' * 32}> >> /ID [<01><01>]"
    return data.replace(b"/Info 4 0 R", f"/Info 4 0 R {key}".encode())


def pages_in_a_circle() -> bytes:
    data = factories.pdf([[WORDS]])
    return data.replace(b"/Kids [6 0 R]", b"/Kids [2 0 R]")


def a_billion_laughs() -> bytes:
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    text = factories.docx(_W("&l11;"))
    body = (
        f'<!DOCTYPE d [<!ENTITY l0 "ha">{entities}]>'
        + zipfile.ZipFile(io.BytesIO(text)).read("word/document.xml").decode()
    )
    with zipfile.ZipFile(io.BytesIO(text)) as package:
        members: dict[str, str | bytes] = {name: package.read(name) for name in package.namelist()}
    return factories.packed({**members, "word/document.xml": body})


def random_bytes(count: int) -> bytes:
    import random

    return random.Random(1).randbytes(count)


def many_lines() -> bytes:
    return b"\n".join(b'{"text": "Bridge %d stands in Rome."}' % number for number in range(60))


# What stands in the file, and what is said of it: "added", or words of the reason.
FILES: dict[str, tuple[Callable[[], bytes], str]] = {
    # encodings
    "utf8.txt": (lambda: "Zürich “has” 14 bridges.".encode(), ADDED),
    "bom.txt": (lambda: "Zürich has 15 bridges.".encode("utf-8-sig"), ADDED),
    "utf16.txt": (lambda: "Zürich has 16 bridges.".encode("utf-16"), ADDED),
    "utf16be.txt": (lambda: "Zürich has 17 bridges, all of them old.".encode("utf-16-be"), ADDED),
    "utf32.txt": (lambda: "Zürich has 18 bridges.".encode("utf-32"), ADDED),
    "latin.txt": (lambda: "Zürich has 19 bridges, “the mayor” said.".encode("cp1252"), ADDED),
    "cyrillic.txt": (lambda: "Президент заявил, что закон будет принят в среду.".encode("koi8-r"), ADDED),
    "japanese.txt": (lambda: "首相は水曜日に新しい法律について発表した。".encode("euc-jp"), ADDED),
    "mixed.txt": (lambda: "Zürich has 20 bridges. ".encode() + "Köln has 9.".encode("cp1252"), ADDED),
    "surrogate.txt": (lambda: b"Rome \xed\xa0\x80 has 14.", ADDED),
    "overlong.txt": (lambda: b"\xc0\x80" * 40, ADDED),
    # hardly text
    "empty.txt": (lambda: b"", "no text to quote"),
    "blank.txt": (lambda: b" \n\t\r\n ", "no text to quote"),
    "signs.txt": (lambda: "— … !? —".encode(), "no text to quote"),
    "nul.txt": (lambda: b"Rome has\x0014 bridges.", "holds a NUL byte at character 8"),
    "random.txt": (lambda: random_bytes(5_000), "no text in an encoding"),
    "control.txt": (lambda: b"Rome \x1b[31mhas\x1b[0m \x0714 bridges \x08here.", ADDED),
    "rtl.txt": (lambda: "Rome \u202ehas 14\u202c bridges.".encode(), ADDED),
    "emoji.txt": (lambda: ("👩‍👩‍👧‍👦" * 2_000).encode() + b" Rome.", ADDED),
    "combining.txt": (lambda: ("Z" + "\u0301" * 50_000 + "algo.").encode(), ADDED),
    "picture.txt": (lambda: b"\x89PNG\r\n\x1a\n" + random_bytes(2_000), "no text in an encoding"),
    # huge
    "line.txt": (lambda: b"word " * 50_000, ADDED),
    "word.txt": (lambda: b"a" * 500_000, ADDED),
    "lines.txt": (lambda: b"x\n" * 40_000, ADDED),
    "quotes.txt": (lambda: "“He said ”".encode() * 5_000, ADDED),
    "brackets.txt": (lambda: b"(" * 50_000 + b" Rome.", ADDED),
    "dots.txt": (lambda: b"A. " * 20_000, ADDED),
    # Markdown
    "deep.md": (lambda: b">" * 5_000 + b" Rome has 14 bridges.", "no text to quote"),
    "list.md": (lambda: b"".join(b" " * each + b"- item\n" for each in range(400)), ADDED),
    "stars.md": (lambda: b"*a " * 8_000, ADDED),
    "links.md": (lambda: b"[" * 8_000 + b"Rome", ADDED),
    "front.md": (lambda: b"---\ntitle: [\n---\nRome.", "front matter of front.md is not YAML"),
    "bomb.md": (lambda: b"---\na: &a [x, x]\nb: &b [*a, *a]\ntitle: *b\n---\nRome has 14.", "nests something in title"),
    "date.md": (lambda: b"---\ndate: soon\n---\nRome.", "gives the date 'soon'"),
    # HTML
    "plain.html": (lambda: b"<p>Rome has 21 bridges, all of them old.", ADDED),
    "deep.html": (lambda: b"<div>" * 100_000 + b"<p>Rome has 22 bridges, all of them old.</p>", "no article text"),
    "unclosed.html": (lambda: b"<html><body><article><p>Rome has 23 bridges<p>and <b>one <i>more.", ADDED),
    "script.html": (lambda: b"<script>" + b"document.write('x');" * 9_999, "no article text"),
    "frames.html": (lambda: b"<frameset><frame src=x></frameset>", "no article text"),
    "table.html": (lambda: b"<table>" + b"<tr><td>Rome<td>14" * 2_000, ADDED),
    "entities.html": (lambda: b"<p>Rome &amp;&nbsp;&bogus; &#xD800; &#99999999; has 24 bridges.</p>", ADDED),
    "charset.html": (lambda: b"<meta charset=utf-7><p>Rome has 25 bridges &amp; one ferry.</p>", ADDED),
    "notml.html": (lambda: random_bytes(20_000), "no text in an encoding"),
    "binary.html": (lambda: b"\x00\x01\x02\x03" * 500, "no article text"),
    # PDF
    "good.pdf": (lambda: factories.pdf([["Rome has 26 bridges."]]), ADDED),
    "cut.pdf": (lambda: factories.pdf([["Rome has 27 bridges."]])[:400], "cut.pdf"),
    "head.pdf": (lambda: b"%PDF-1.7\n", "is no PDF that can be read"),
    "words.pdf": (lambda: b"Rome has 14 bridges.", "is no PDF that can be read"),
    "scan.pdf": (lambda: factories.pdf([[], [], []]), "has no text: its 3 pages are pictures"),
    "locked.pdf": (locked_pdf, "is locked with a password"),
    "circle.pdf": (pages_in_a_circle, "circle.pdf"),
    "garbage.pdf": (lambda: b"%PDF-1.4\n" + random_bytes(9_999), "is no PDF that can be read"),
    "tail.pdf": (lambda: factories.pdf([["Rome has 28 bridges."]]) + random_bytes(3_000), ADDED),
    "noxref.pdf": (lambda: factories.pdf([["Rome has 29 bridges."]]).replace(b"xref", b"xxxx"), ADDED),
    "many.pdf": (lambda: factories.pdf([[f"Page {n} tells of bridge {n}."] for n in range(300)]), ADDED),
    # DOCX
    "good.docx": (lambda: factories.docx(_W("Rome has 30 bridges.")), ADDED),
    "empty.docx": (lambda: factories.docx(""), "has no text"),
    "zip.docx": (lambda: factories.packed({"a.txt": "x"}), "damaged"),
    "old.docx": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + random_bytes(4_000), "damaged"),
    "cut.docx": (lambda: factories.docx(_W("Rome has 31 bridges."))[:-60], "damaged"),
    "xml.docx": (lambda: factories.docx("<w:p>"), "damaged"),
    "laughs.docx": (a_billion_laughs, "damaged"),
    "bomb.docx": (lambda: factories.docx(_W("x" * 4_000_000)), "unpacks to more than 3 MB"),
    # e-mail
    "good.eml": (lambda: b"From: a@x.org\nSubject: Rome\n\nRome has 32 bridges.\n", ADDED),
    "bare.eml": (lambda: b"Rome has 14 bridges.", "holds no e-mail with text"),
    "parts.eml": (lambda: b"Subject: x\nContent-Type: multipart/mixed; boundary=b\n\n--b\n" * 200, "parts.eml"),
    "charset.eml": (lambda: b"Subject: x\nContent-Type: text/plain; charset=nonsense\n\nRome \xff", ADDED),
    "header.eml": (lambda: b"Subject: =?utf-8?b?////?=\nFrom: <<<>>>\nDate: yesterday\n\nRome has 33 bridges.", ADDED),
    # JSON lines
    "good.jsonl": (many_lines, ADDED),
    "array.jsonl": (lambda: json.dumps([{"text": "x"}]).encode(), "is no JSON object"),
    "number.jsonl": (lambda: b'{"text": 14}', "its text is '14'"),
    "deep.jsonl": (lambda: b"[" * 90_000, "is not JSON"),
    "nan.jsonl": (lambda: b'{"text": NaN}', "its text is 'nan'"),
    "lone.jsonl": (lambda: b'{"text": "Rome \\ud800 has 14."}', "holds half of a surrogate pair"),
    "title.jsonl": (lambda: json.dumps({"text": "Rome.", "title": "x" * 5_000}).encode(), "title has 5,000 characters"),
    "long.jsonl": (lambda: b'{"text": "' + b"Rome " * 40_000 + b'"}', "has more than"),
    "cut.jsonl.gz": (lambda: gzip.compress(many_lines())[:-30], "cannot be read on"),
    "plain.jsonl.gz": (lambda: b'{"text": "x"}', "cannot be read on"),
    # archives
    "empty.zip": (lambda: factories.packed({}), "it holds no articles"),
    "words.zip": (lambda: b"Rome has 14 bridges.", "is no archive that can be read"),
    "cut.zip": (lambda: factories.packed({"a.txt": WORDS})[:-10], "is no archive that can be read"),
    "nested.zip": (
        lambda: factories.packed({"in.zip": factories.packed({"a.txt": "x"})}),
        "an archive within an archive",
    ),
    "bomb.zip": (lambda: factories.packed({"a.txt": "0" * 3_000_000}), "times its size"),
    "locked.zip": (encrypted, "is locked with a password"),
    "liar.zip": (lambda: with_declared_size(4_000_000_000), "at most 200 are read"),
    "crc.zip": (lambda: with_declared_size(5), "cannot be unpacked"),
    "overlap.zip": (overlapping, "cannot be unpacked"),
    "climbing.zip": (lambda: factories.packed({"../../etc/a.txt": "Rome has 35 bridges."}), ADDED),
    "names.zip": (lambda: factories.packed({"a\x00b.txt": "Rome has 36 bridges.", "ü?.txt": "Bern has 37."}), ADDED),
    # none of ours
    "letter.rtf": (lambda: b"Rome", "no RTF"),
    "letter.wpd": (lambda: b"Rome", "files that end in '.wpd' are not supported"),
    "noending": (lambda: b"Rome has 14 bridges.", "files that end in 'nothing' are not supported"),
}


@pytest.fixture
def awkward(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(lines, "_LARGEST_LINE", 100_000)
    monkeypatch.setattr(docx, "_LARGEST_UNPACKED", 3_000_000)
    for name, (make, _) in FILES.items():
        (tmp_path / name).write_bytes(make())
    return tmp_path


def test_there_are_enough_of_them() -> None:
    assert len(FILES) >= 60


def test_none_stops_the_others_and_each_is_reported(awkward: Path, folder: Path) -> None:
    store = SqliteStore(folder)
    ingester = Ingester(store, WordEmbedder())
    files = sorted(path for path in awkward.iterdir() if path.is_file())
    statuses: dict[str, list[str]] = {file.name: [] for file in files}
    for outcome in add_all(ingester, (source for file in files for source in sources_of(file))):
        of_file = next(file.name for file in files if outcome.source.name.split("!")[0].split(" line ")[0] == str(file))
        statuses[of_file].append(outcome.stored.status if outcome.stored else outcome.reason)
    wrong = {}
    for name, (_, expected) in FILES.items():
        if expected == ADDED and not (statuses[name] and set(statuses[name]) <= {"added", "unchanged"}):
            wrong[name] = statuses[name]
        elif expected != ADDED and not any(expected in each for each in statuses[name]):
            wrong[name] = statuses[name]
    assert not wrong
    assert store.check() == []
    for summary in store.articles(limit=10_000):
        article = store.article(summary.id)
        passages = store.passages(summary.id)
        assert "".join(article.text[each.start : each.end] for each in passages) == article.text
    store.close()


def test_an_archive_is_never_unpacked_onto_the_disk(tmp_path: Path) -> None:
    inside = tmp_path / "deep" / "er"
    inside.mkdir(parents=True)
    (inside / "a.zip").write_bytes(factories.packed({"../../out.txt": WORDS}))
    assert [source.load().data for source in sources_of(inside / "a.zip")] == [WORDS.encode()]
    assert not (tmp_path / "out.txt").exists()


def test_a_bomb_is_not_unpacked_into_memory(tmp_path: Path) -> None:
    """Of a member that says it is small, no more is unpacked than it says."""
    file = io.BytesIO(with_declared_size(5))
    (tmp_path / "a.zip").write_bytes(file.getvalue())
    source = next(members := sources_of(tmp_path / "a.zip"))
    with pytest.raises(FormatError, match="cannot be unpacked"):
        source.load()
    assert next(members, None) is None
