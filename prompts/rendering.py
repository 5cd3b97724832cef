"""Templates: plain files with ``$name`` where a value goes."""

from functools import cache
from pathlib import Path
from string import Template


def render(name: str, **values: object) -> str:
    """Fill the template ``name`` (the file's name without ``.txt``) with ``values``.

    Raises FileNotFoundError for an unknown template and KeyError for a value that is not given.
    """
    return _template(name).substitute({key: str(value) for key, value in values.items()})


@cache
def _template(name: str) -> Template:
    text = (Path(__file__).parent / f"{name}.txt").read_text(encoding="utf-8")
    return Template(text.removesuffix("\n"))
