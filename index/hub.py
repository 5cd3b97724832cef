"""Loading models: from this machine first, and from the hub only where that is allowed and needed."""

import logging
import os
import socket
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit
from urllib.request import getproxies

from index.errors import ModelError, PullquoteError

Loaded = TypeVar("Loaded")
_CONNECTING_SECONDS = 5.0
_log = logging.getLogger(__name__)


def load(source: str, read: Callable[[bool], Loaded], *, what: str, remedy: str) -> Loaded:
    """Call ``read(local_only)``; if the model is not on this machine, once more with the network allowed.

    A folder is never asked of the network, nor anything with ``HF_HUB_OFFLINE=1``. ``what`` names the model in errors:
    "embedding model". Raises ModelError.
    """
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    # Imported here because it takes seconds, and most commands need no model.
    from transformers.utils import logging as transformers_logging

    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    transformers_logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    if source.startswith(("/", "./", "../", "~")) and not Path(source).is_dir():
        raise ModelError(f"The {what} {source!r} cannot be loaded: there is no such folder.", remedy=remedy)
    try:
        return _translated(source, read, True, what=what, remedy=remedy)
    except ModelError:
        if Path(source).exists() or os.environ.get("HF_HUB_OFFLINE") == "1":
            raise
    _log.warning("%s %s is not on this machine: asking the hub for it", what, source)
    if not _is_reachable():
        raise ModelError(
            f"The {what} {source!r} is not on this machine, and the hub cannot be reached.", remedy=remedy
        ) from None
    return _translated(source, read, False, what=what, remedy=remedy)


def cached_folder(name: str) -> Path | None:
    """Return the folder of a hub model that is on this machine; None where it is not."""
    from huggingface_hub import try_to_load_from_cache

    found = try_to_load_from_cache(name, "config.json")
    return Path(found).parent if isinstance(found, str) else None


def _is_reachable() -> bool:
    """Whether the hub can be connected to: asked once, since its own client tries for a minute."""
    if "https" in getproxies():
        return True
    endpoint = urlsplit(os.environ.get("HF_ENDPOINT", "https://huggingface.co"))
    try:
        socket.create_connection((endpoint.hostname or "", endpoint.port or 443), timeout=_CONNECTING_SECONDS).close()
    except OSError:
        return False
    return True


def _translated(source: str, read: Callable[[bool], Loaded], local_only: bool, *, what: str, remedy: str) -> Loaded:
    try:
        return read(local_only)
    except PullquoteError:
        raise
    except Exception as error:  # noqa: BLE001 - the libraries that read damaged files raise whatever comes, Exception itself too
        reason = " ".join(str(error).split())[:300].rstrip(".:") or type(error).__name__
        raise ModelError(f"The {what} {source!r} cannot be loaded: {reason}.", remedy=remedy) from error
