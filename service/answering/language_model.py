"""A language model behind an OpenAI-compatible server: prompts in, text out, within a time limit."""

import json
import random
import time
from collections.abc import Iterator
from contextlib import closing
from typing import Any, NamedTuple, Protocol

from index.errors import ModelError

_ATTEMPTS = 3
_BACKOFF_SECONDS = 0.5
_LONGEST = 8_000
_WORTH_A_TRY = 0.2


_REFUSED = (400, 404, 422, 500, 501)
_PASSING = (408, 409, 429, 500, 502, 503, 504)
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

    The text is streamed, so that it can be broken off when the time is up. Refused connections, "too many requests" and
    errors of the server are tried three times, with growing pauses.
    """

    def __init__(self, base_url: str, *, model: str, api_key: str, seconds: float) -> None:
        """Take the server's address (``…/v1``), the model's name there, a key, and the seconds an answer may take."""
        # Imported here because it takes half a second, and most services run without.
        import openai

        self.name = model
        self._seconds = seconds
        self._openai = openai
        self._form = 0
        self._client = openai.OpenAI(base_url=base_url, api_key=api_key or "none", max_retries=0)

    def complete(self, asked: Asked, *, share: float) -> str:
        """See ``LanguageModel.complete``."""
        deadline = time.monotonic() + share * self._seconds
        messages = [{"role": "system", "content": asked.rules}]
        for role, content in zip(("user", "assistant"), asked.example or (), strict=False):
            messages.append({"role": role, "content": content})
        messages.append({"role": "user", "content": asked.prompt})
        attempt = 0
        while True:
            options = _options(self._form, asked.schema)
            try:
                return "".join(self._streamed(messages, deadline, options))
            except self._openai.APIStatusError as error:
                refused = error.status_code in _REFUSED
                if refused and self._form < _PLAIN:
                    self._form += 1  # not every server knows every way to ask; this one stays with what it knows
                elif error.status_code not in _PASSING or not self._pause(attempt, deadline):
                    raise self._error(error) from error
                attempt += not refused
            except self._openai.APIConnectionError as error:
                if not self._pause(attempt, deadline):
                    raise self._error(error) from error
                attempt += 1
            except (self._openai.OpenAIError, json.JSONDecodeError) as error:
                raise self._error(error) from error

    def _pause(self, attempt: int, deadline: float) -> bool:
        """Wait before another attempt, longer each time; tell whether there is one to be made."""
        pause = _BACKOFF_SECONDS * 2**attempt * random.uniform(0.5, 1)  # noqa: S311
        if attempt == _ATTEMPTS - 1 or time.monotonic() + pause + _WORTH_A_TRY > deadline:
            return False
        time.sleep(pause)
        return True

    def _streamed(self, messages: list[dict[str, str]], deadline: float, options: dict[str, Any]) -> Iterator[str]:
        """Give the parts of the text as they come. Raises LanguageModelError where they end too early or too late."""
        import httpx

        left = max(deadline - time.monotonic(), _WORTH_A_TRY)
        length, ended = 0, False
        try:
            stream: Any = self._client.chat.completions.create(
                model=self.name,
                messages=messages,  # type: ignore[arg-type]
                stream=True,
                timeout=left,
                **options,
            )
            with closing(stream):
                for chunk in stream:
                    if time.monotonic() > deadline:
                        raise LanguageModelError(f"The language model {self.name} took too long.")
                    for choice in chunk.choices or ():
                        part = choice.delta.content or ""
                        ended = ended or choice.finish_reason is not None
                        length += len(part)
                        yield part
                    if length > _LONGEST:
                        return
        except httpx.HTTPError as error:  # the connection breaks in the middle of a stream
            raise LanguageModelError(f"The language model {self.name} broke off: {error}.") from error
        except (AttributeError, TypeError, KeyError, IndexError) as error:  # what came is JSON, but of another shape
            raise LanguageModelError(f"The language model {self.name} answered in no known form.") from error
        if not ended:
            raise LanguageModelError(f"The language model {self.name} broke off in the middle.")

    def _error(self, error: Exception) -> LanguageModelError:
        reason = " ".join(str(error).split())[:200] or type(error).__name__
        return LanguageModelError(f"The language model {self.name} failed: {reason}")
