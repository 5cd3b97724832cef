"""A language model behind an OpenAI-compatible server: prompts in, text out, within a time limit."""

import itertools
import logging
import random
import time
from contextlib import closing
from typing import Any, NamedTuple, Protocol

from index.errors import ModelError, SettingsError
from index.waiting import within

_log = logging.getLogger(__name__)
_ATTEMPTS = 3
_BACKOFF_SECONDS = 0.5
# With what a model thinks aloud before it answers.
_LONGEST = 40_000
_WORTH_A_TRY = 0.2


_REFUSED = (400, 404, 422, 501)
_FAILED = 500
_PASSING = (408, 409, 429)
# Ways to ask, by what a server may not know: JSON by a schema, the same as llama.cpp's Python server has it, plainly.
_PLAIN = 2


def _options(form: int, schema: dict[str, Any] | None) -> dict[str, Any]:
    if form == _PLAIN:
        return {}  # some models take no temperature either
    if schema is None:
        return {"temperature": 0}
    by_schema = {"type": "json_schema", "json_schema": {"name": "answer", "strict": True, "schema": schema}}
    return {"temperature": 0, "response_format": by_schema if form == 0 else {"type": "json_object", "schema": schema}}


class LanguageModelError(ModelError):
    """The language model cannot be reached, or does not answer as it should."""


class Asked(NamedTuple):
    """What a model is asked: rules, a prompt, an example of both prompt and answer, and the JSON schema to fill."""

    rules: str
    prompt: str
    example: tuple[str, str] | None = None
    schema: dict[str, Any] | None = None


class LanguageModel(Protocol):
    """Continue a prompt."""

    @property
    def name(self) -> str:
        """The model's name."""

    def complete(self, asked: Asked, *, share: float) -> str:
        """Give the model's text, in this share of its time. Raises LanguageModelError."""


class OpenAiModel:
    """A model served by OpenAI, Ollama, vLLM, llama.cpp or whatever else speaks like them.

    The text is streamed, and given up when the time is over. Refused connections, "too many requests" and errors of the
    server are tried again, three times in all, with growing pauses; a way to ask that the server does not know gives
    place to a simpler one.
    """

    def __init__(self, base_url: str, *, model: str, api_key: str, seconds: float) -> None:
        """Take the server's address (``…/v1``), the model's name there, a key, and the seconds an answer may take.

        Raises SettingsError for what cannot be an address or a key.
        """
        # Imported here because it takes half a second, and most services run without.
        import openai

        if not (api_key.isascii() and api_key.isprintable()):
            raise SettingsError("PULLQUOTE_LLM_API_KEY has characters that no key has.", remedy="Copy it anew.")
        self.name = model
        self._seconds = seconds
        self._openai = openai
        self._form = 0
        self._doubted = False
        try:
            self._client = openai.OpenAI(base_url=base_url, api_key=api_key or "none", max_retries=0)
        except Exception as error:  # noqa: BLE001 - of a library below that one
            raise SettingsError(f"PULLQUOTE_LLM_BASE_URL cannot be used: {error}.", remedy="Correct it.") from error

    def complete(self, asked: Asked, *, share: float) -> str:
        """See ``LanguageModel.complete``."""
        deadline = time.monotonic() + share * self._seconds
        try:
            return within(share * self._seconds, lambda: self._attempts(asked, deadline))
        except TimeoutError as error:
            raise LanguageModelError(f"The language model {self.name} took too long.") from error
        except LanguageModelError:
            raise
        # The one place where a server of any kind meets libraries that raise whatever it makes them stumble on.
        except Exception as error:  # noqa: BLE001
            _log.warning("the language model %s failed: %s", self.name, type(error).__name__)
            _log.debug("where it failed", exc_info=error)
            raise LanguageModelError(f"The language model {self.name} failed: {self._told(error)}.") from error

    def _attempts(self, asked: Asked, deadline: float) -> str:
        """Ask, and ask again where that may help."""
        messages = [{"role": "system", "content": asked.rules}]
        for role, content in zip(("user", "assistant"), asked.example or (), strict=False):
            messages.append({"role": role, "content": content})
        messages.append({"role": "user", "content": asked.prompt})
        form, sure = self._form, True
        for attempt in itertools.count():
            try:
                text = self._streamed(messages, deadline, _options(form, asked.schema))
                self._settle(form, sure=sure)
                return text
            except self._openai.APIStatusError as error:
                refused, failed = error.status_code in _REFUSED, error.status_code == _FAILED
                simpler = (refused or failed) and form < _PLAIN
                again = simpler or error.status_code in _PASSING or error.status_code >= _FAILED
                if not again or not _pause(attempt, deadline, quick=simpler and refused):
                    raise
                sure = sure and not failed
                form += simpler and (1 if asked.schema else _PLAIN - form)
            except self._openai.APIConnectionError:
                if not _pause(attempt, deadline, quick=False):
                    raise
        raise AssertionError("every attempt returns or raises")

    def _settle(self, form: int, *, sure: bool) -> None:
        """Keep to the way to ask that worked; after an error 500, which may pass, if that happens twice running."""
        if form == self._form:
            self._doubted = False
        elif sure or self._doubted:
            self._form, self._doubted = form, False
        else:
            self._doubted = True

    def _streamed(self, messages: list[dict[str, str]], deadline: float, options: dict[str, Any]) -> str:
        """Give the text. Raises LanguageModelError where it ends too early."""
        parts: list[str] = []
        ended = False
        stream: Any = self._client.chat.completions.create(
            model=self.name,
            messages=messages,  # type: ignore[arg-type]
            stream=True,
            timeout=max(deadline - time.monotonic(), _WORTH_A_TRY),
            **options,
        )
        with closing(stream):
            for chunk in stream:
                for choice in chunk.choices or ():
                    ended = ended or choice.finish_reason is not None
                    parts.append(str((choice.delta and choice.delta.content) or ""))
                if sum(map(len, parts)) > _LONGEST or time.monotonic() > deadline:
                    break
        if not ended and sum(map(len, parts)) <= _LONGEST:
            raise LanguageModelError(f"The language model {self.name} broke off in the middle.")
        return "".join(parts)[:_LONGEST]

    def _told(self, error: Exception) -> str:
        """Say what went wrong, without the server's own words: they may hold a key or an address."""
        if isinstance(error, self._openai.APIStatusError):
            return f"its server answers {error.status_code}"
        if isinstance(error, self._openai.APITimeoutError):
            return "it took too long"
        if isinstance(error, self._openai.APIConnectionError):
            return "its server cannot be reached"
        return "it answered in no known form"


def _pause(attempt: int, deadline: float, *, quick: bool) -> bool:
    """Wait before another attempt, longer each time unless ``quick``; tell whether there is one to be made."""
    pause = 0.0 if quick else _BACKOFF_SECONDS * 2**attempt * random.uniform(0.5, 1)  # noqa: S311
    if attempt >= _ATTEMPTS - 1 or time.monotonic() + pause + _WORTH_A_TRY > deadline:
        return False
    time.sleep(pause)
    return True
