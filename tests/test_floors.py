"""Imports go down only, lazy ones included, and modules import modules."""

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
# From the ground up. A module may import from its own floor and from those below.
FLOORS = [
    ["index.types", "index.errors"],
    ["index.hub", "index.waiting", "index.stopping"],
    [
        "index.text",
    ],
    ["index.formats", "index.embedding", "index.attribution", "index.furniture"],
    ["index.stance", "index.parsing"],
    ["index.annotator"],
    ["index.store.catalogue", "index.store.kept.base"],
    ["index.store.base"],
    [
        "index.store.rows",
        "index.store.checks",
        "index.store.comparing",
        "index.store.furnished",
        "index.store.searched",
    ],
    ["index.store.editions"],
    ["index.store.sqlite", "index.store.postgres", "index.store.kept"],
    ["index.store.factory"],
    ["index.speakers"],
    ["index.ingest", "index.search", "index.copying"],
    ["index.pipeline", "index.editing"],
    ["prompts"],
    ["service.answering.types"],
    ["service.answering.language_model"],
    ["service.answering.question", "service.answering.verification.quote_matching"],
    ["service.answering.reading", "service.answering.quoting"],
    ["service.answering.verification"],
    ["service.answering.gist"],
    ["service.answering.answer"],
    ["service.answering.examples"],
    ["service.settings", "service.fetching", "service.uploads", "service.keys"],
    ["service.feeds"],
    ["service.assembly"],
    ["service.http.schemas.fields", "service.http.observing.request_ids", "service.http.connections"],
    [
        "service.http.access",
        "service.http.auth",
        "service.http.observing.logs",
        "service.http.observing.probe",
        "service.http.observing.tracing",
        "service.http.observing.versions",
        "service.http.admission",
        "service.http.deadlines",
        "service.http.body_limit",
        "service.http.problems",
        "service.http.markdown",
        "service.http.conditional",
    ],
    ["service.http.observing.metrics"],
    ["service.http.observing.measured"],
    ["service.http.schemas", "service.http.plain_text"],
    ["service.http.chat", "service.http.evidence", "service.http.exports"],
    ["service.http.dependencies"],
    ["service.http.agents"],
    ["service.http.routes", "service.http.web", "service.http.document", "service.http.overload"],
    ["service.http.app"],
    ["service.commands"],
    ["service.__main__"],
    ["benchmarks", "training"],
]
OURS = ("index", "prompts", "service", "benchmarks", "training")
UPSTAIRS_ONLY = {
    "fastapi",
    "starlette",
    "uvicorn",
    "pydantic",
    "pydantic_settings",
    "typer",
    "rich",
    "httpx",
    "mcp",
    "openai",
}
MODULES = sorted(path for package in OURS for path in (ROOT / package).rglob("*.py") if path.name != "__init__.py")


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


def floor_of(module: str) -> int:
    for number, floor in enumerate(FLOORS):
        if any(module == room or module.startswith(room + ".") for room in floor):
            return number
    raise AssertionError(f"{module} stands on no floor: name it in FLOORS")


def is_package(module: str) -> bool:
    return (ROOT / Path(*module.split("."))).is_dir()


def imports_of(path: Path) -> Iterator[str]:
    """Name every module that is imported; ``from package import module`` names the module."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path} imports relatively"
            module = node.module or ""
            ours = module.split(".")[0] in OURS
            yield from (f"{module}.{alias.name}" for alias in node.names) if ours and is_package(module) else [module]


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_imports_go_down_and_to_modules(path: Path) -> None:
    module = name_of(path)
    for imported in imports_of(path):
        if imported.split(".")[0] not in OURS:
            continue
        assert (ROOT / Path(*imported.split("."))).with_suffix(".py").exists(), f"{imported} is not a module"
        assert floor_of(imported) <= floor_of(module), f"{module} imports {imported}, from a floor above"


@pytest.mark.parametrize(
    "path", [path for path in MODULES if name_of(path).startswith(("index.", "service.answering."))], ids=name_of
)
def test_the_lower_floors_know_nothing_of_http(path: Path) -> None:
    speaks_to_a_server = {"openai", "httpx"} if name_of(path) == "service.answering.language_model" else set()
    assert not {imported.split(".")[0] for imported in imports_of(path)} & (UPSTAIRS_ONLY - speaks_to_a_server)


def test_the_ground_floor_is_of_the_standard_library_only() -> None:
    import sys

    for name in ("types", "errors"):
        for imported in imports_of(ROOT / "index" / f"{name}.py"):
            assert imported.split(".")[0] in sys.stdlib_module_names


def test_a_file_stays_readable() -> None:
    for path in MODULES:
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 300, f"{path} is too long"


def test_a_folder_stays_readable() -> None:
    for folder in {path.parent for path in MODULES if name_of(path).startswith(("index.", "service."))}:
        files = [path for path in folder.glob("*.py") if path.name != "__init__.py"]
        assert len(files) <= 13, f"{folder} holds too many files"


def test_no_pickle_anywhere() -> None:
    for path in MODULES:
        assert not {"pickle", "joblib", "shelve", "marshal"} & set(imports_of(path)), path


def test_every_package_is_installed() -> None:
    listed = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]["packages"]
    installed = ("index", "prompts", "service")
    folders = {path.parent.relative_to(ROOT) for top in installed for path in (ROOT / top).rglob("*.py")}
    assert {".".join(folder.parts) for folder in folders} <= set(listed)
    assert {f"models.{path.name}" for path in (ROOT / "models").iterdir() if path.is_dir()} <= set(listed)
