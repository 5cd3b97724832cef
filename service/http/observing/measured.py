"""Every request is counted and logged, and every question counted."""

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import date

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from index.errors import QuestionError, StoppedError
from index.types import Filters
from service.answering.answer import Answerer, Step
from service.answering.types import Answer, Turn
from service.http.observing.logs import ACCESS
from service.http.observing.metrics import Metrics

_log = logging.getLogger(ACCESS)
_LONGEST = 200


class Measured:
    """ASGI middleware that counts and logs requests: their path, never what they ask."""

    def __init__(self, app: ASGIApp, *, metrics: Metrics) -> None:
        """Wrap ``app``."""
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and look at its response."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status = 500  # where nothing is sent, an unexpected error is handled outside

        async def seen(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        began = time.perf_counter()
        self._metrics.entered()
        try:
            await self._app(scope, receive, seen)
        finally:
            seconds = time.perf_counter() - began
            self._metrics.left()
            self._metrics.requested(_template(scope), scope["method"], status, seconds)
            _log_request(scope, status, seconds)


def _template(scope: Scope) -> str:
    return str(getattr(scope.get("route"), "path_format", ""))


def _log_request(scope: Scope, status: int, seconds: float) -> None:
    client = scope["client"][0] if scope.get("client") else "-"
    # As it was sent, percent-encoded: no character of it can end the line.
    path = scope.get("raw_path", b"").split(b"?")[0].decode("ascii", "replace")[:_LONGEST]
    milliseconds = round(seconds * 1000)
    facts = {"client": client, "method": scope["method"], "path": path, "status": status, "ms": milliseconds}
    line = '%s "%s %s" %d in %d ms'
    _log.info(line, client, scope["method"], path, status, milliseconds, extra={"facts": facts})


class ObservedAnswerer(Answerer):
    """An answerer whose answers and failures are told to others as well."""

    def __init__(self, answerer: Answerer, metrics: Metrics, *, told: Sequence[Callable[[Answer], None]]) -> None:
        """Take the one that answers, where failures are counted, and what is called with each answer."""
        self._answerer = answerer
        self._metrics = metrics
        self._told = told

    def steps(
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        max_quotes: int = 3,
        filters: Filters | None = None,
        today: date | None = None,
    ) -> Iterator[Step]:
        """See ``Answerer.steps``."""
        outcome = "failed"
        try:
            for step in self._answerer.steps(
                question, history=history, max_quotes=max_quotes, filters=filters, today=today
            ):
                if isinstance(step, Answer):
                    outcome = ""
                    for tell in self._told:
                        tell(step)
                yield step
        except QuestionError:
            outcome = "rejected"
            raise
        except (StoppedError, GeneratorExit):
            outcome = outcome and "stopped"
            raise
        finally:
            if outcome:
                self._metrics.failed(outcome)
