"""Which program, models and store these are, exactly."""

import hashlib
import platform
import re
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

from index.attribution.factory import DEFAULT_TAGGER
from index.embedding import DEFAULT_MODEL, packaged_path
from index.hub import cached_folder
from index.stance.factory import DEFAULT_STANCE_TAGGER
from service.answering.reading.factory import DEFAULT_READER
from service.settings import Settings

_MODELS = Path(__file__).parents[3] / "models"
_SHIPPED = {DEFAULT_READER: "reader", DEFAULT_TAGGER: "tagger", DEFAULT_STANCE_TAGGER: "stance"}
_HUB_NAME = re.compile(r"[\w.-]+/[\w.-]+")
_WEIGHTS = (".onnx", ".safetensors", ".bin")


class Model(NamedTuple):
    """A model's name, and the SHA-256 of its weights; None where it has none, or they are not on this machine."""

    name: str
    sha256: str | None


class Versions(NamedTuple):
    """The program, and the models by what they do."""

    pullquote: str
    python: str
    models: dict[str, Model]


@lru_cache(maxsize=4)
def versions(settings: Settings, embedder: str) -> Versions:
    """Return the versions; ``embedder`` is the embedding model's name. The first time, this reads all weights."""
    folder = Path(packaged_path()) if embedder == DEFAULT_MODEL else _folder(embedder)
    models = {"embedding": Model(embedder, _hash(folder))}
    for use, name in (
        ("reader", settings.reader_model),
        ("attribution", settings.attribution_model),
        ("stance", settings.stance_model),
    ):
        models[use] = Model(name, _hash(_MODELS / _SHIPPED[name] if name in _SHIPPED else _folder(name)))
    if settings.llm_model:
        models["language"] = Model(settings.llm_model, None)
    return Versions(version("pullquote"), platform.python_version(), models)


def _folder(name: str) -> Path | None:
    return Path(name) if Path(name).is_dir() else cached_folder(name) if _HUB_NAME.fullmatch(name) else None


def _hash(folder: Path | None) -> str | None:
    """Return the hash of a folder's weights, one after the other by name."""
    files = sorted(path for path in folder.rglob("*") if path.suffix in _WEIGHTS) if folder else []
    if not files:
        return None
    digest = hashlib.sha256()
    for path in files:
        with path.open("rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
    return digest.hexdigest()
