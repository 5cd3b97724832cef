"""Files are parsed in a process of its own, which limits end."""

import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.errors import ArticleError, FormatError
from index.formats import json_lines
from index.formats.reading import Original, read, read_page, read_text
from index.ingest import check_article
from index.parsing.limited import LimitedParser
from index.types import Article
from tests.doubles import make_article

# What lets the expressions of an extraction library run away, and hold the interpreter.
BRACKETS = (
    b'<html><head><meta name="author" content="' + b"(" * 200_000 + b'"></head><body><p>Rain fell.</p></body></html>'
)


@pytest.fixture(scope="module")
def parse() -> Iterator[LimitedParser]:
    parser = LimitedParser(seconds=10, megabytes=600)
    yield parser
    parser.close()


@pytest.mark.parametrize(
    "original",
    [
        Original("date 2022-09-26 Zürich \ud83d\ude00\n\nRain fell.".encode("utf-8", "surrogatepass"), "a.txt"),
        Original(b"# Rain\n\nIt *fell*.", "a.md"),
        Original("<title>Regen</title><p>Es fiel Regen in Zürich.</p>".encode("latin-1"), "a.html", charset="latin-1"),
        Original(b"<meta charset=latin1><p>Caf\xc3\xa9 in the rain.</p>", "The page", parse=read_page),
        Original(b"Rain fell.", "The text", parse=read_text),
        Original(b'{"text": "Rain \\ud800 fell.", "published": "2024-05-06"}', "a line", parse=json_lines.read),
    ],
)
def test_it_parses_as_this_process_does(parse: LimitedParser, original: Original) -> None:
    assert vars_of(read(original, parse)) == vars_of(read(original))


def vars_of(article: Article) -> dict[str, object]:
    return {name: getattr(article, name) for name in Article.__dataclass_fields__}


@pytest.mark.parametrize(
    "original",
    [
        Original(b"", "a.pdf"),
        Original(b"x", "a.xyz"),
        Original(b"[1]", "line 2", parse=json_lines.read),
        Original(b"<math><html>", "a.html"),
        Original(b"<code hidden><br ><e<body>", "a.html"),
    ],
)
def test_errors_are_told_as_this_process_does(parse: LimitedParser, original: Original) -> None:
    with pytest.raises(FormatError) as here:
        read(original)
    with pytest.raises(FormatError) as there:
        read(original, parse)
    assert (str(there.value), there.value.what) == (str(here.value), here.value.what)


def test_a_file_that_takes_too_long_is_given_up_and_the_next_one_is_read() -> None:
    parser = LimitedParser(seconds=1, megabytes=600, most=1)
    try:
        with pytest.raises(
            FormatError, match="brackets.html takes more than 1 seconds to read, the limit file_seconds"
        ):
            parser(Original(BRACKETS, "brackets.html"))
        assert parser(Original(b"Rain fell.", "a.txt")).text == "Rain fell."
    finally:
        parser.close()


def test_a_file_that_takes_too_much_memory_is_given_up_and_the_next_one_is_read() -> None:
    parser = LimitedParser(seconds=60, megabytes=40, most=1)
    merges = "---\n" + "".join(
        f"a{n}: &a{n}\n  " + (f"<<: [{', '.join([f'*a{n - 1}'] * 9)}]\n" if n else "x: y\n") for n in range(9)
    )
    try:
        for original in (
            Original(f"{merges}---\nRain fell.".encode(), "merges.md"),
            Original(b"<p>" + b"<b>x</b>" * 900_000, "long.html"),
        ):
            with pytest.raises(FormatError, match=rf"{original.name} .*the limit file_(mb|seconds)"):
                parser(original)
        assert parser(Original(b"Rain fell.", "a.txt")).text == "Rain fell."
    finally:
        parser.close()


def test_an_article_has_a_longest_text() -> None:
    check_article(make_article("a " * 2_500_000))
    with pytest.raises(ArticleError, match="5,000,001 characters"):
        check_article(make_article("a" * 5_000_001))


def test_a_process_is_kept_for_the_next_file_and_ends_with_the_parser() -> None:
    parser = LimitedParser(most=1)
    parser(Original(b"Rain fell.", "a.txt"))
    (child,) = parser._idle
    process = child._process.pid
    parser(Original(b"Snow fell.", "b.txt"))
    assert [each._process.pid for each in parser._idle] == [process]
    parser.close()
    assert not Path(f"/proc/{process}").exists() or os.waitpid(process, os.WNOHANG)


def test_a_parser_whose_process_was_killed_starts_another() -> None:
    parser = LimitedParser(most=1)
    try:
        parser(Original(b"Rain fell.", "a.txt"))
        parser._idle[0]._process.kill()
        parser._idle[0]._process.wait()
        assert parser(Original(b"Snow fell.", "b.txt")).text == "Snow fell."
    finally:
        parser.close()


def test_secrets_do_not_reach_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULLQUOTE_LLM_API_KEY", "secret")
    parser = LimitedParser(most=1)
    try:
        parser(Original(b"Rain fell.", "a.txt"))
        assert b"PULLQUOTE" not in Path(f"/proc/{parser._idle[0]._process.pid}/environ").read_bytes()
    finally:
        parser.close()


def test_this_process_goes_on_while_a_file_is_parsed() -> None:
    parser = LimitedParser(seconds=2, most=1)
    parser(Original(b"Rain fell.", "a.txt"))
    failed: list[str] = []

    def work() -> None:
        try:
            parser(Original(BRACKETS, "brackets.html"))
        except FormatError as error:
            failed.append(str(error))

    thread = threading.Thread(target=work)
    thread.start()
    turns = 0
    while thread.is_alive():  # where the parser held the interpreter, there would be next to none
        turns += 1
        time.sleep(0.01)
    parser.close()
    assert failed and turns > 20
