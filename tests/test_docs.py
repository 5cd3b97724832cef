"""What the documents say is so: their examples are run, and what they name is there."""

import ast
import io
import json
import logging
import re
import shlex
import shutil
import subprocess
import sys
import threading
import tomllib
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, redirect_stderr, redirect_stdout
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any, NamedTuple
from unittest.mock import patch

import httpx
import pytest
import typer
from pydantic import SecretStr

from index.embedding import SentenceTransformerEmbedder
from index.formats.reading import FORMATS
from index.formats.sources import SUPPORTED
from index.store.sqlite.store import SqliteStore, StoreUnavailableError
from service.answering.reading.reader import Reader
from service.answering.reading.simple_reader import SimpleReader
from service.answering.reading.span_model import Calibration
from service.answering.reading.span_model_factory import load_span_model
from service.assembly import Services, add_seeds, assemble
from service.commands.app import app, main
from service.http.app import create_app
from service.settings import Settings, load_settings
from tests.conftest import serving
from tests.factories import pdf

ROOT = Path(__file__).parents[1]
OURS = {"index", "service", "prompts", "benchmarks", "training", "tests"}
DOCUMENTS = {path.relative_to(ROOT).as_posix(): path for path in sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])}
TEXTS = {name: path.read_text(encoding="utf-8") for name, path in DOCUMENTS.items()}
README = TEXTS["README.md"]
# Why an example may be left out, as it stands above it: <!-- not run: needs Docker -->
REASONS = {
    "needs Docker",
    "needs a language model",
    "needs nginx",
    "needs systemd",
    "needs a cluster",
    "needs another program",
    "keeps running",
    "makes a release",
}
GROUPS = typer.main.get_command(app).commands  # type: ignore[attr-defined]
COMMANDS = {
    f"{name} {each}" if each else name: command
    for name, group in GROUPS.items()
    for each, command in getattr(group, "commands", {"": group}).items()
}
ADDRESS, PAGE = "http://127.0.0.1:8000", "https://example.org/article"
CODE = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")


class Block(NamedTuple):
    """A fenced block of a document, and why it is not run, where it is not."""

    line: int
    language: str
    text: str
    reason: str | None


def blocks_of(text: str) -> list[Block]:
    found = re.finditer(r"(?:^<!-- not run: ([^>\n]+) -->\n)?^```(\w*)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    return [Block(text.count("\n", 0, each.start(2)) + 1, each[2], each[3], each[1]) for each in found]


def commands_of(text: str) -> Iterator[list[str]]:
    """Yield the words of each shell command; a command goes on after a backslash and inside quotation marks."""
    pending = ""
    for line in text.splitlines():
        pending += line
        if not pending.endswith("\\"):
            try:
                words = shlex.split(pending, comments=True)
            except ValueError:  # a quotation mark is still open
                pending += "\n"
                continue
            if words:
                yield words
        pending = "" if not pending.endswith("\\") else pending[:-1]


class Session:
    """Someone who follows a document: in a folder with the store and some files, with a service that is running."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.output = ""
        self.code = 0
        self._url = ""
        self._stack = ExitStack()

    def url(self) -> str:
        if not self._url:
            services = sys.modules["service.assembly"].assemble(load_settings())
            self._url = self._stack.enter_context(serving(create_app(Settings(), services))).url
        return self._url

    def stop(self) -> None:
        self._stack.close()
        self._url = ""

    def page(self) -> str:
        handler = partial(_Quiet, directory=str(self.folder))
        files = self._stack.enter_context(ThreadingHTTPServer(("127.0.0.1", 0), handler))
        threading.Thread(target=files.serve_forever, daemon=True).start()
        self._stack.callback(files.shutdown)
        return f"http://127.0.0.1:{files.server_address[1]}/article.html"

    def run(self, words: Sequence[str], given: str = "") -> None:
        """Run a shell command: a few programs, one pipe, one redirection, and settings before the program."""
        if "|" in words:
            at = list(words).index("|")
            self.run(words[:at], given)
            self.run(words[at + 1 :], self.output)
        elif ">" in words:
            *command, _, file = words
            self.run(command, given)
            (self.folder / file).write_text(self.output, encoding="utf-8")
        else:
            program, *arguments = words
            known = getattr(self, f"_{Path(program).name}", None)
            assert known, f"{program} is not run here: say why above the example"
            known(arguments, given)

    def _pullquote(self, arguments: list[str], given: str) -> None:
        arguments = [self.page() if each == PAGE else each for each in arguments]
        out, err = io.StringIO(), io.StringIO()
        stdin = io.TextIOWrapper(io.BytesIO(given.encode()))
        with (
            patch.object(sys, "argv", ["pullquote", *arguments]),
            patch.object(sys, "stdin", stdin),
            redirect_stdout(out),
            redirect_stderr(err),
            pytest.raises(SystemExit) as ended,
        ):
            main()
            raise SystemExit(0)
        self.output, self.code = out.getvalue(), int(ended.value.code or 0)
        assert self.code != 2, err.getvalue()

    def _curl(self, arguments: list[str], given: str) -> None:
        request: dict[str, Any] = {"headers": {}, "data": {}, "files": {}}
        method, url, left = "", "", iter(arguments)
        for each in left:
            if each == "-H":
                request["headers"].update([next(left).split(": ", 1)])
            elif each == "-d":
                body = next(left)
                request["content"] = (self.folder / body[1:]).read_bytes() if body.startswith("@") else body.encode()
            elif each == "-F":
                name, value = next(left).split("=", 1)
                if value.startswith("@"):
                    request["files"][name] = (value[1:], (self.folder / value[1:]).read_bytes())
                else:
                    request["data"][name] = value
            elif each == "-X":
                method = next(left)
            elif each not in ("-s", "-sN"):
                url = each.replace(ADDRESS, self.url())
        has_body = bool(request["files"] or "content" in request)
        request = {name: value for name, value in request.items() if value}
        response = httpx.request(method or ("POST" if has_body else "GET"), url, timeout=60, **request)
        self.output, self.code = response.text, int(response.status_code >= 400)

    def _echo(self, arguments: list[str], given: str) -> None:
        self.output = " ".join(str(self.code) if each == "$?" else each for each in arguments) + "\n"

    def _make(self, arguments: list[str], given: str) -> None:
        targets = re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
        assert arguments[0] in targets
        self.code = 0

    def _python(self, arguments: list[str], given: str) -> None:
        if arguments[0] == "-c":
            self._program(sys.executable, arguments)
        else:
            assert arguments[:2] == ["-m", "pytest"]
            assert all((ROOT / each).exists() for each in arguments if each.startswith("tests"))
            self.code = 0

    def _sqlite3(self, arguments: list[str], given: str) -> None:
        if shutil.which("sqlite3"):
            self._program("sqlite3", arguments)

    def _rm(self, arguments: list[str], given: str) -> None:
        self.stop()
        self._program("rm", arguments)

    def _cp(self, arguments: list[str], given: str) -> None:
        self._program("cp", arguments)

    def _program(self, program: str, arguments: list[str]) -> None:
        done = subprocess.run([program, *arguments], cwd=self.folder, check=True, capture_output=True, text=True)
        self.output, self.code = done.stdout, 0


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *arguments: object) -> None:
        pass


@pytest.fixture
def session(
    tmp_path: Path, model: SentenceTransformerEmbedder, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Session]:
    """A folder with the seed article in its store, the files that the documents name, and loaded models."""
    level = logging.getLogger().level
    assembled = partial(assemble, embedder=model, reader=reader)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("service.assembly.assemble", assembled)
    monkeypatch.setattr("os.nice", lambda by: 0, raising=False)
    services = assembled(load_settings())
    add_seeds(services)
    services.close()
    (tmp_path / "report.pdf").write_bytes(pdf([["The mayor opened the new bridge on Monday."]], title="The bridge"))
    (tmp_path / "report.txt").write_text("The port was closed for three days.")
    (tmp_path / "notes.md").write_text("---\ntitle: Notes\ndate: 2024-05-06\n---\nThe council voted.\n")
    (tmp_path / "archive").mkdir()
    (tmp_path / "archive" / "old.txt").write_text("The old bridge fell in 1950.")
    (tmp_path / "news.jsonl").write_text('{"text": "The school has a new roof."}\n')
    subprocess.run(["gzip", "news.jsonl"], check=True)
    (tmp_path / "article.html").write_text(f"<html><body><p>{'The ferry sails at noon. ' * 9}</p></body></html>")
    yield (session := Session(tmp_path))
    session.stop()
    logging.getLogger().setLevel(level)


def like(shown: str) -> re.Pattern[str]:
    """Return the pattern of a text in which "…" stands for anything."""
    return re.compile(".*".join(re.escape(part) for part in shown.split("…")), re.DOTALL)


def compare(shown: object, got: Any, place: str) -> None:  # noqa: ANN401 - JSON
    """Compare JSON with what a document shows of it: "…" stands for anything, also for more keys and more items."""
    if isinstance(shown, dict):
        assert isinstance(got, dict), place
        for name in shown.keys() - {"…"}:
            assert name in got, f"{place}.{name} is not in the response"
            compare(shown[name], got[name], f"{place}.{name}")
    elif isinstance(shown, list):
        items = [each for each in shown if each != "…"]
        assert len(got) == len(items) if items == shown else len(got) >= len(items), place
        for number, (one, other) in enumerate(zip(items, got, strict=False)):
            compare(one, other, f"{place}[{number}]")
    elif isinstance(shown, str) and isinstance(got, str):
        assert like(shown).fullmatch(got), f"{place} is {got!r}"
    elif "took_ms" in place or "model_answered" in place:
        assert isinstance(got, int | float)
    else:
        assert got == (pytest.approx(shown, abs=0.1) if isinstance(shown, float) else shown), place


RUN = [name for name, text in TEXTS.items() if any(block.reason is None for block in blocks_of(text))]


@pytest.mark.parametrize("document", RUN)
def test_every_example_runs_and_gives_what_it_shows(document: str, session: Session) -> None:
    blocks = [each for each in blocks_of(TEXTS[document]) if each.reason is None]
    for block, after in zip(blocks, [*blocks[1:], None], strict=True):
        where = f"{document}:{block.line}"
        if block.language == "sh":
            for words in (commands := list(commands_of(block.text))):
                session.run(words)
                is_shown = after is not None and after.language == "json" and words is commands[-1]
                assert session.code == 0 or is_shown, f"{where}: {words} gives {session.output}"
        elif block.language == "console":
            for command, shown in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", block.text, re.MULTILINE):
                session.run(shlex.split(command))
                if ">" not in command:
                    assert like(shown.rstrip()).fullmatch(session.output.rstrip()), f"{where}: {session.output}"
        elif block.language == "json":
            compare(json.loads(block.text), json.loads(session.output), where)
        elif block.language == "text":
            assert like(block.text.strip()).match(session.output), f"{where}: {session.output}"
        else:
            assert block.language == "python", f"{where}: {block.language or 'nothing'} cannot be run"
            _run_python(block.text, session, where)


def _run_python(code: str, session: Session, where: str) -> None:
    names: dict[str, Any] = {"__name__": "example"}
    code = code.replace(ADDRESS, session.url()) if ADDRESS in code else code
    with patch.dict(FORMATS), redirect_stdout(io.StringIO()):
        exec(compile(code, where, "exec"), names)
    for each in names.values():
        if hasattr(each, "close") and not isinstance(each, type):
            each.close()


@pytest.mark.parametrize("document", DOCUMENTS)
def test_what_is_not_run_has_a_reason_that_counts(document: str) -> None:
    text = TEXTS[document]
    assert {each.reason for each in blocks_of(text)} - {None} <= REASONS
    marks = re.findall("^<!-- not run", text, re.MULTILINE)
    assert len(marks) == sum(each.reason is not None for each in blocks_of(text)), "a mark stands above no example"


@pytest.mark.parametrize("document", DOCUMENTS)
def test_commands_and_options_that_are_named_exist(document: str) -> None:
    text = TEXTS[document]
    shell = [line for block in blocks_of(text) for line in block.text.splitlines()]
    for command in [*CODE.findall(text), *shell]:
        for name, rest in re.findall(r"(?:^|[\s$])pullquote (?!pullquote)([a-z]+)(.*)", command):
            if name not in COMMANDS:  # a group of commands
                name, _, rest = f"{name} {rest.strip()} ".replace(" ", "\0", 1).partition(" ")
                name = name.replace("\0", " ")
            assert name in COMMANDS, command
            options = {option for each in COMMANDS[name].params for option in each.opts} | {"--help"}
            assert set(re.findall(r"(?<=\s)\[?(--[a-z-]+)", rest.split("#")[0])) <= options, command


def test_every_command_and_option_is_documented() -> None:
    for name, command in COMMANDS.items():
        row = re.search(rf"^\| `pullquote {name}\b.*$", TEXTS["docs/commands.md"], re.MULTILINE)
        assert row and command.help, name
        named = {option for each in command.params for option in each.opts if option.startswith("--")}
        assert all(option in row[0] for option in named - {"--json"}), name


def test_every_endpoint_is_documented_and_nothing_else(fake: Services) -> None:
    paths = create_app(Settings(), fake).openapi()["paths"]
    served = {f"{method.upper()} {path}" for path, methods in paths.items() for method in methods}
    named = set(re.findall(r"^\| `((?:GET|POST|PATCH|PUT|DELETE) /\S*)` \|", TEXTS["docs/http.md"], re.MULTILINE))
    assert named == served | {"POST /mcp"}


def test_every_ending_that_is_read_is_documented() -> None:
    assert all(f"`{ending}`" in TEXTS["docs/articles.md"] for ending in SUPPORTED)


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_stands_in_the_readme_with_its_default(name: str) -> None:
    row = re.search(rf"^\| `PULLQUOTE_{name.upper()}` \| (.*?) \|", README, re.MULTILINE)
    assert row, f"PULLQUOTE_{name.upper()} is not in the README's table"
    default = Settings.model_fields[name].default
    assert row[1] == {(): "none", None: "the reader's own", False: "`false`", SecretStr(""): "``"}.get(
        default, f"`{default}`"
    )


@pytest.mark.parametrize("document", DOCUMENTS)
def test_settings_that_are_named_exist(document: str) -> None:
    named = set(re.findall(r"PULLQUOTE_([A-Z_]+)", TEXTS[document])) - {"STORE"}
    assert {name.lower() for name in named} <= set(Settings.model_fields)


def test_the_readme_tells_the_thresholds_in_use() -> None:
    own = load_span_model().calibration.threshold
    others = f"{SimpleReader.threshold} for `simple`, {Calibration().threshold} for other models"
    assert f"{own} ({others})" in README


def test_an_older_version_refuses_a_newer_store_in_the_words_of_the_document(folder: Path) -> None:
    SqliteStore(folder).close()
    file = folder / "pullquote.sqlite3"
    subprocess.run(
        [sys.executable, "-c", f"import sqlite3; sqlite3.connect({str(file)!r}).execute('PRAGMA user_version = 99')"],
        check=True,
    )
    with pytest.raises(StoreUnavailableError) as refused:
        SqliteStore(folder)
    digits = re.compile(r"\d+")
    assert digits.sub("N", f"> {refused.value}\n") in digits.sub("N", TEXTS["docs/operations.md"])


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_link_leads_somewhere(document: str) -> None:
    for target, anchor in re.findall(r"\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)", TEXTS[document]):
        path = (DOCUMENTS[document].parent / target).resolve() if target else DOCUMENTS[document]
        assert path.exists(), target
        if anchor:
            headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
            slugs = {re.sub(r"[^\w\- ]", "", each.lower()).replace(" ", "-") for each in headings}
            assert anchor in slugs, f"{target}#{anchor}"


@pytest.mark.parametrize("document", sorted(set(DOCUMENTS) - {"CHANGELOG.md"}))
def test_every_path_that_is_named_exists(document: str) -> None:
    for path in CODE.findall(TEXTS[document]):
        if re.fullmatch(rf"(?:{'|'.join([*OURS, 'models', 'seeds', 'docs'])})/[\w./-]*|[\w-]+\.(?:toml|yaml)", path):
            assert (ROOT / path).exists(), path


def test_what_is_imported_is_declared_and_what_is_declared_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    served = {_name(each) for each in project["dependencies"]}
    extras = project["optional-dependencies"]
    served |= {_name(each) for extra in ("postgres", "otel") for each in extras[extra]}
    developed = served | {_name(each) for extra in ("dev", "train", "attack", "release") for each in extras[extra]}
    pinned = {_name(line) for line in (ROOT / "constraints.txt").read_text().splitlines() if "==" in line}
    assert developed <= pinned, "constraints.txt lacks some"
    developed |= {_name(line) for line in (ROOT / "tests" / "llm_requirements.txt").read_text().splitlines()}
    of_module = packages_distributions()
    # These run in environments of their own.
    apart = {*(ROOT / "benchmarks" / "peers").glob("*_peer.py"), *(ROOT / "tests" / "clients" / "python").glob("*.py")}
    apart |= {ROOT / "benchmarks" / "attack" / "checks.py"}
    for folder in ("index", "service", "prompts", "benchmarks", "training", "tests"):
        declared = served if folder in ("index", "service", "prompts") else developed
        for path in set((ROOT / folder).rglob("*.py")) - apart:
            for module in _imported(path) - set(sys.stdlib_module_names) - OURS:
                assert {_name(each) for each in of_module.get(module, [module])} & declared, f"{path} imports {module}"


def _name(requirement: str) -> str:
    return re.split(r"[<>=\[]", requirement)[0].lower().replace("_", "-")


def _imported(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.partition(".")[0])
    return found


def test_the_clients_are_named_with_the_versions_that_are_run() -> None:
    folder = ROOT / "tests" / "clients"
    scripts = "".join(path.read_text(encoding="utf-8") for path in (folder / "python").glob("*.py"))
    run = set(re.findall(r'"(?!attrs|httpx|python-dateutil)[\w-]+(?:\[\w+\])?==([\d.]+)"', scripts))
    run |= set(re.findall(r"@([\d.]+)\"", (ROOT / "tests" / "test_clients.py").read_text(encoding="utf-8")))
    for package in (folder / "node" / "package.json", folder / "node" / "newest" / "package.json"):
        named = json.loads(package.read_text(encoding="utf-8"))["dependencies"]
        run |= {named[name] for name in named if name in ("ai", "openai", "openapi-fetch", "openapi-typescript")}
        run |= {named[name] for name in named if name.endswith("inspector")}
    table = [line for line in TEXTS["docs/clients.md"].splitlines() if line.startswith("|")]
    assert len(run) >= 15 and [version for version in run if version not in "\n".join(table)] == []
