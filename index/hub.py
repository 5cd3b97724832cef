"""Loading models: from this machine first, and from the hub only where that is allowed and needed."""

import logging
import os
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from index.errors import ModelError

Model = TypeVar("Model")
_log = logging.getLogger(__name__)


def load(source: str, read: Callable[[bool], Model], *, what: str, remedy: str) -> Model:
    """Call ``read(local_only)``; if the model is not on this machine, once more with the network allowed.

    The network is not asked for a folder, nor with ``HF_HUB_OFFLINE=1``. ``what`` names the model in the error:
    "embedding model". Raises ModelError.
    """
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    # Imported here because it takes seconds, and most commands need no model.
    from safetensors import SafetensorError
    from transformers.utils import logging as transformers_logging

    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    broken = (OSError, ValueError, RuntimeError, ImportError, SafetensorError)
    try:
        return read(True)
    except broken as error:
        if Path(source).exists() or os.environ.get("HF_HUB_OFFLINE") == "1":
            raise cannot_load(source, what, remedy, error) from error
    _log.warning("%s %s is not on this machine: asking the hub for it", what, source)
    try:
        return read(False)
    except broken as error:
        raise cannot_load(source, what, remedy, error) from error


def cannot_load(source: str, what: str, remedy: str, error: Exception) -> ModelError:
    """Put an error of a library into words."""
    reason = str(error).partition("\n")[0].rstrip(".")
    return ModelError(f"The {what} {source!r} cannot be loaded: {reason}.", remedy=remedy)
