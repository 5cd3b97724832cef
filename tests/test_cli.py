"""The command line: in a process of its own, as a user runs it, or in this one where many commands need the models."""

import io
import json
import logging
import os
import pty
import re
import shlex
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from functools import partial
from pathlib import Path

import httpx
import pytest

from index.embedding import SentenceTransformerEmbedder
from index.ingest import Ingester
from index.store.sqlite.store import SqliteStore
from service.answering.reading.reader import Reader
from service.assembly import assemble
from service.commands.app import main
from tests.conftest import SEED_FILE, WordEmbedder, make_article

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run(
    folder: Path, model: SentenceTransformerEmbedder, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Run]:
    """Run a command in this process, with the models that are loaded already."""
    monkeypatch.setattr("service.assembly.assemble", partial(assemble, embedder=model, reader=reader))
    monkeypatch.setattr(os, "nice", lambda _: 0)
    monkeypatch.setenv("PULLQUOTE_STORE", f"file:{folder}")
    monkeypatch.chdir(ROOT)
    level = logging.getLogger().level

    def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
        command = ["pullquote", *map(str, arguments)]
        monkeypatch.setattr(sys, "argv", command)
        with redirect_stdout(io.StringIO()) as out, redirect_stderr(io.StringIO()) as err:
            with pytest.raises(SystemExit) as exit_:
                main()
        return subprocess.CompletedProcess(command, int(exit_.value.code or 0), out.getvalue(), err.getvalue())

    yield run
    logging.getLogger().setLevel(level)


@pytest.fixture
def process(folder: Path) -> Run:
    def run(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "service", *map(str, arguments)],
            env={**os.environ, "PULLQUOTE_STORE": f"file:{folder}", "COLUMNS": "60", **environment},
            cwd=ROOT,
            text=True,
            capture_output=True,
            timeout=120,
        )

    return run


def fill(folder: Path, *texts: str) -> None:
    store = SqliteStore(folder)
    for number, text in enumerate(texts):
        Ingester(store, WordEmbedder()).add(make_article(text, key=f"k{number}", title=f"Title {number}"))
    store.close()


def test_articles_are_added_asked_and_removed(run: Run, tmp_path: Path) -> None:
    (tmp_path / "in" / "deep").mkdir(parents=True)
    (tmp_path / "in" / "deep" / "seed.txt").write_bytes(SEED_FILE.read_bytes())
    (tmp_path / "in" / "note.md").write_text("# Bridges\n\nThe mayor opened 14 bridges.")
    (tmp_path / "in" / "bad.txt").write_bytes(b"\x81\x00\xff" * 9)
    (tmp_path / "in" / "picture.png").write_bytes(b"x")

    added = run("add", tmp_path / "in")
    assert (added.returncode, added.stdout) == (1, "2 added, 1 failed\nwhole articles\t2\t2\n")
    assert "bad.txt: bad.txt is no text in an encoding that is known" in added.stderr
    assert "Left out, for their endings: 1 .png" in added.stderr
    again = run("add", tmp_path / "in" / "deep", tmp_path / "in" / "note.md", "--json")
    assert again.returncode == 0
    assert json.loads(again.stdout)["counts"] == {"added": 0, "replaced": 0, "unchanged": 2, "failed": 0}

    answered = run("ask", "How many men left Russia?", "--max-quotes", "1")
    assert answered.returncode == 0, answered.stderr
    assert answered.stdout.startswith(
        "261,000, according to Novaya Gazeta. Europe [1]\n\n"
        "[1] “The FSB recorded 261,000 men leaving in the four days since"
    )
    assert "independent news outlet “Novaya Gazeta. Europe.””\n" in answered.stdout, "no line is broken in a pipe"
    assert "Wednesday = 2022-09-21 · Saturday = 2022-09-24 · characters 2352–2527" in answered.stdout
    assert "\x1b" not in answered.stdout

    as_json = run("ask", "How many men left Russia?", "--json")
    quote = json.loads(as_json.stdout)["quotes"][0]
    shown = json.loads(run("show", quote["citation"]["article_id"], "--json").stdout)
    assert quote["text"] == shown["text"][quote["citation"]["start"] : quote["citation"]["end"]]

    refused = run("ask", "Who won the 2022 World Cup?")
    assert refused.returncode == 3
    assert refused.stdout.startswith("Nothing in these articles answers that.\n\nNearest, but not an answer:\n")

    assert run("check").stdout == "Sound: 2 articles, 6 passages.\n"
    assert run("remove", quote["citation"]["article_id"]).returncode == 0
    assert run("ask", "How many men left Russia?").returncode == 3
    checked = json.loads(run("check", "--json").stdout)
    assert checked == {"sound": True, "faults": [], "articles": 1, "passages": 1}


def test_lists_show_and_remove_need_no_model(process: Run, folder: Path) -> None:
    fill(folder, "One cat.", "Two dogs.")
    assert process("list").stdout == "1\t-\tTitle 0\n2\t-\tTitle 1\n"
    listed = json.loads(process("list", "--json").stdout)
    assert [article["title"] for article in listed] == ["Title 0", "Title 1"]
    assert process("show", "2").stdout.endswith("\n\nTwo dogs.\n")
    assert json.loads(process("remove", "1", "--json").stdout) == {"id": 1, "status": "removed"}
    assert json.loads(process("list", "--json").stdout) == listed[1:]


def test_an_empty_store_says_what_to_do(run: Run) -> None:
    assert "pullquote add" in run("list").stdout
    asked = run("ask", "Anything?")
    assert (asked.returncode, asked.stdout) == (3, "There are no articles to quote from yet. Add some first.\n")


@pytest.mark.parametrize(
    ("arguments", "environment", "code", "message"),
    [
        (["ask", " "], {}, 1, "The question is empty."),
        (["ask", "?"], {}, 1, "The question has no words: no letter and no digit. Ask in words."),
        (["ask", "x" * 10_000], {}, 1, "10,000 characters"),
        (["show", "7"], {}, 1, "There is no article 7."),
        (["remove", "7"], {}, 1, "There is no article 7."),
        (["show", "x"], {}, 2, "should be a valid integer"),
        (["frobnicate"], {}, 2, "No such command"),
        (["list"], {"PULLQUOTE_ANSWER_THRESHOLD": "9"}, 1, "PULLQUOTE_ANSWER_THRESHOLD is '9'"),
        (["list"], {"PULLQUOTE_STORE": "nowhere"}, 1, "PULLQUOTE_STORE is 'nowhere'"),
        (["list"], {"PULLQUOTE_STORE": "file:/dev/null/data"}, 1, "cannot be made: Not a directory"),
    ],
)
def test_errors_are_sentences(
    process: Run, arguments: list[str], environment: dict[str, str], code: int, message: str
) -> None:
    done = process(*arguments, **environment)
    assert done.returncode == code
    assert message in " ".join(done.stderr.replace("│", " ").split())
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_what_cannot_be_added_does_not_stop_the_rest(run: Run) -> None:
    added = run("add", "/no/such/file", SEED_FILE, "http://127.0.0.1:1/x", ".ci")
    assert (added.returncode, added.stdout) == (1, "1 added, 3 failed\nwhole articles\t1\t1\n")
    for message in ("There is no file or folder /no/such/file.", "http://127.0.0.1:1/x cannot be", "holds no articles"):
        assert message in added.stderr


def test_another_model_is_reported_at_once_and_reindex_mends_it(run: Run, folder: Path) -> None:
    fill(folder, "The mayor opened 14 bridges.")
    refused = run("ask", "How many bridges?")
    assert refused.returncode == 1
    assert (
        "was built with words (32 dimensions); you asked for all-MiniLM-L6-v2. Run `pullquote reindex`"
        in refused.stderr
    )
    assert "(1 article)" in refused.stderr
    mended = run("reindex")
    assert mended.stdout == "Made the vectors of 1 passage with all-MiniLM-L6-v2 (384 dimensions).\n", mended.stderr
    assert run("ask", "How many bridges did the mayor open?").stdout.startswith("14 [1]\n")
    assert run("check").returncode == 0


def test_check_finds_and_repairs(process: Run, folder: Path) -> None:
    fill(folder, "One cat.")
    (folder / "vectors.faiss").write_bytes(b"x")
    found = process("check")
    assert found.returncode == 1
    assert "vectors.faiss is damaged." in found.stdout and "--repair" in found.stdout
    assert process("check", "--repair").stdout == "Sound: 1 article, 1 passage.\n"


def test_an_article_cannot_steer_the_terminal(process: Run, folder: Path) -> None:
    fill(folder, "A cat \x1b]0;owned\x07 sat [bold]here[/bold] :smile: \u202eback.")
    shown = process("show", "1").stdout
    assert "\x1b" not in shown and "\x07" not in shown and "\u202e" not in shown
    assert "[bold]here[/bold] :smile:" in shown


def test_there_are_colours_on_a_terminal(folder: Path) -> None:
    fill(folder, "One cat.")
    primary, secondary = pty.openpty()
    environment = {**os.environ, "PULLQUOTE_STORE": f"file:{folder}", "TERM": "xterm-256color"}
    environment.pop("NO_COLOR", None)
    subprocess.run(
        [sys.executable, "-m", "service", "show", "1"], env=environment, cwd=ROOT, stdout=secondary, check=True
    )
    os.close(secondary)
    shown = os.read(primary, 10_000).decode()
    os.close(primary)
    assert "\x1b[1m" in shown and "One cat." in shown


def test_serve_answers_with_the_seed_and_stops_on_a_signal(folder: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {**os.environ, "PULLQUOTE_STORE": f"file:{folder}"}
    command = [sys.executable, "-m", "service", "serve", "--port", str(port)]
    environment["PULLQUOTE_LOG_FORMAT"] = "json"
    with (folder.parent / "requests").open("w") as requests:
        process = subprocess.Popen(
            command, env=environment, cwd=ROOT, stdout=requests, stderr=subprocess.PIPE, text=True
        )
    said: list[str] = []
    assert process.stderr
    reader = threading.Thread(target=lambda: said.extend(process.stderr))  # type: ignore[arg-type]
    reader.start()
    deadline = time.monotonic() + 60
    while True:
        try:
            assert httpx.get(f"http://127.0.0.1:{port}/readyz").json()["articles"] == 1
            break
        except httpx.TransportError:
            assert time.monotonic() < deadline and process.poll() is None, said
            time.sleep(0.1)
    httpx.get(f"http://127.0.0.1:{port}/v1/search?q=whatisasked", timeout=30)
    taken = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert taken.returncode == 1
    assert f"Port {port} on 127.0.0.1 cannot be listened on: Address already in use." in taken.stderr
    process.send_signal(signal.SIGTERM)
    process.wait(timeout=30)
    reader.join()
    process.stderr.close()
    assert any("added 1 seed article." in line for line in said)
    assert any(f"Pullquote answers from 1 article at http://127.0.0.1:{port}" in line for line in said)
    assert (folder / "vectors.faiss").exists()
    logged = [json.loads(line) for line in (folder.parent / "requests").read_text().splitlines()]
    assert {"/readyz", "/v1/search"} == {line["path"] for line in logged}
    assert not any("whatisasked" in str(line) for line in [*logged, *said])


def test_quotations_are_checked(run: Run, tmp_path: Path) -> None:
    run("add", SEED_FILE)
    answer = run("ask", "How many men left Russia?", "--json")
    file = tmp_path / "answer.json"
    file.write_text(answer.stdout, encoding="utf-8")
    checked = run("verify", file)
    assert (checked.returncode, checked.stderr) == (0, "")
    assert checked.stdout.startswith("found: “The FSB recorded 261,000 men")

    changed = {"quotes": [{"text": "Sept. 28 is named as the only date"}, {"text": "261,000 men", "speaker": "Meduza"}]}
    file.write_text(json.dumps(changed), encoding="utf-8")
    checked = run("verify", file)
    assert checked.returncode == 1
    assert "“only” where the article has “most likely”" in checked.stdout
    assert "These are the words of Novaya Gazeta. Europe, not of Meduza." in checked.stdout
    statuses = [each["status"] for each in json.loads(run("verify", file, "--json").stdout)["quotes"]]
    assert statuses == ["altered", "misattributed"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "is not JSON"),
        ("“no”", "is not JSON"),
        ("[]", "holds no quotations"),
        ('{"quotes": [{}]}', "holds no quotations"),
        ('{"quotes": [{"text": 1}]}', "holds no quotations"),
    ],
)
def test_what_holds_no_quotations_is_reported(run: Run, tmp_path: Path, content: str, message: str) -> None:
    file = tmp_path / "answer.json"
    file.write_text(content, encoding="utf-8")
    done = run("verify", file)
    assert done.returncode == 1
    assert message in done.stderr
    assert "cannot be read" in run("verify", tmp_path).stderr


def test_the_readmes_first_example_is_what_is_printed(process: Run) -> None:
    (example,) = re.findall(r"```console\n\$ pullquote ask (.*?)\n(.*?)\n\n\$ ", README, re.DOTALL)
    assert process("add", SEED_FILE).returncode == 0
    assert process("ask", *shlex.split(example[0])).stdout == f"{example[1]}\n"
