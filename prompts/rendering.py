"""Templates: plain files with ``$name`` where a value goes."""

import hashlib
from functools import cache
from pathlib import Path
from string import Template


def render(name: str, **values: object) -> str:
    """Fill the template ``name`` (the file's name without ``.txt``) with ``values``.

    Raises FileNotFoundError for an unknown template and KeyError for a value that is not given.
    """
    return _template(name).substitute({key: str(value) for key, value in values.items()})


def version(*names: str) -> str:
    """Name the wording of templates: the first eight hexadecimal digits of the SHA-256 of all of them."""
    return hashlib.sha256("\0".join(_template(name).template for name in names).encode()).hexdigest()[:8]


@cache
def _template(name: str) -> Template:
    text = (Path(__file__).parent / f"{name}.txt").read_text(encoding="utf-8")
    return Template(text.removesuffix("\n"))
