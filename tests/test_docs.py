"""The README says what there is, and what it says is so."""

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
import typer
from pydantic import SecretStr

from service.answering.reading.simple_reader import SimpleReader
from service.answering.reading.span_model import Calibration
from service.answering.reading.span_model_factory import load_span_model
from service.commands.app import app
from service.settings import Settings

OURS = {"index", "service", "prompts", "benchmarks", "training", "tests"}
ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_stands_in_the_readme_with_its_default(name: str) -> None:
    row = re.search(rf"^\| `PULLQUOTE_{name.upper()}` \| (.*?) \|", README, re.MULTILINE)
    assert row, f"PULLQUOTE_{name.upper()} is not in the README's table"
    default = Settings.model_fields[name].default
    assert row[1] == {(): "none", None: "the reader's own", False: "`false`", SecretStr(""): "``"}.get(
        default, f"`{default}`"
    )


def test_the_readme_names_no_setting_that_is_not() -> None:
    named = set(re.findall(r"PULLQUOTE_([A-Z_]+)", README))
    assert {name.lower() for name in named} <= set(Settings.model_fields)


def test_every_command_stands_in_the_readme() -> None:
    commands = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    assert set(commands) == {"serve", "ask", "add", "list", "show", "remove", "verify", "check", "reindex"}
    for name, command in commands.items():
        assert f"`pullquote {name}" in README
        assert command.help


def test_what_is_imported_is_declared_and_what_is_declared_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    served = {_name(each) for each in project["dependencies"]}
    extras = project["optional-dependencies"]
    developed = served | {_name(each) for extra in ("dev", "train") for each in extras[extra]}
    pinned = {_name(line) for line in (ROOT / "constraints.txt").read_text().splitlines() if "==" in line}
    assert developed <= pinned, "constraints.txt lacks some"
    of_module = packages_distributions()
    for folder in ("index", "service", "prompts", "benchmarks", "training", "tests"):
        declared = served if folder in ("index", "service", "prompts") else developed
        for path in set((ROOT / folder).rglob("*.py")) - set((ROOT / "benchmarks" / "peers").glob("*_peer.py")):
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


def test_the_readme_tells_the_thresholds_in_use() -> None:
    own = load_span_model().calibration.threshold
    others = f"{SimpleReader.threshold} for `simple`, {Calibration().threshold} for other models"
    assert f"{own} ({others})" in README


def test_every_link_into_the_project_leads_somewhere() -> None:
    for target in re.findall(r"\]\((?!http)([^)#]+)", README):
        assert (ROOT / target).exists(), target
