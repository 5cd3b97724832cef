"""Logs for people and for machines: no question, no article's words and no key stands in them above DEBUG."""

import json
import logging
import sys
from datetime import UTC, datetime
from typing import Literal, TextIO

from service.http.observing.request_ids import request_id

LogFormat = Literal["text", "json"]
ACCESS = "pullquote.access"
"""The logger with a line for each request. What it says in JSON comes as the attribute ``facts`` of its records."""

_TEXT = "%(levelname)s %(name)s: %(message)s"


class TextFormatter(logging.Formatter):
    """One line for people, which ends with the request's id."""

    def __init__(self) -> None:
        """Take the layout that the commands have."""
        super().__init__(_TEXT)

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - as logging calls it
        """Return the line; whatever a message quotes cannot begin another one."""
        line = super().formatMessage(record).replace("\r", "\\r").replace("\n", "\\n")
        return f"{line} [{known}]" if (known := request_id()) else line


class JsonFormatter(logging.Formatter):
    """One JSON object a line: ``time`` (UTC), ``level``, ``logger``, ``message``, and what else is known."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if known := request_id():
            line["request_id"] = known
        line.update(getattr(record, "facts", {}))
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


def configure_logs(level: str, kind: LogFormat) -> None:
    """Log to standard error, and each request to standard output."""
    formatter = JsonFormatter() if kind == "json" else TextFormatter()
    _log_to(sys.stderr, logging.getLogger(), formatter)
    access = logging.getLogger(ACCESS)
    _log_to(sys.stdout, access, formatter)
    access.propagate = False
    logging.getLogger().setLevel(level.upper())


def _log_to(stream: TextIO, logger: logging.Logger, formatter: logging.Formatter) -> None:
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter)
    logger.handlers = [handler]
