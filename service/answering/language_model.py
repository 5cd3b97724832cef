"""A language model behind an OpenAI-compatible server: prompts in, text out, within a time limit."""

import logging
import time
from contextlib import closing
from typing import Any, NamedTuple, Protocol

from index.errors import ModelError, SettingsError
from index.waiting import within

_log = logging.getLogger(__name__)
_RETRIES = 2
# Characters; a model that thinks aloud before it answers needs thousands.
_LONGEST = 40_000
_SHORTEST_WAIT = 0.2
# What servers answer that know no JSON schemas, or no temperature: they are asked again without.
_NOT_UNDERSTOOD = (400, 404, 422, 500, 501)


class LanguageModelError(ModelError):
    """The language model cannot be reached, or does not answer as it should."""


class Prompt(NamedTuple):
    """What a model is asked: rules, the question with its material, and the JSON schema that the answer must fit."""

    rules: str
    question: str
    schema: dict[str, Any] | None = None


class LanguageModel(Protocol):
    """A model that continues a prompt."""

    @property
    def name(self) -> str:
        """The model's name on its server."""

    def complete(self, prompt: Prompt, *, share: float) -> str:
        """Return the model's text, within this share of its time limit. Raises LanguageModelError."""


class OpenAiModel:
    """A model served by OpenAI, Ollama, vLLM, llama.cpp or another server with the same API.

    The text is streamed and given up when the time is over. Requests that fail are sent again by the ``openai``
    package. A server that refuses the JSON schema is asked without it, now and later.
    """

    def __init__(self, base_url: str, *, model: str, api_key: str, seconds: float) -> None:
        """Take the server's address (``…/v1``), the model's name there, a key, and the seconds an answer may take.

        Raises SettingsError for what cannot be an address or a key.
        """
        # Imported here because it takes half a second, and most services run without.
        import openai

        if not (api_key.isascii() and api_key.isprintable()):
            raise SettingsError("PULLQUOTE_LLM_API_KEY holds characters that no key has.", remedy="Copy it again.")
        self.name = model
        self._seconds = seconds
        self._openai = openai
        self._plain = False
        try:
            self._client = openai.OpenAI(base_url=base_url, api_key=api_key or "none", max_retries=_RETRIES)
        except Exception as error:  # noqa: BLE001 - of a library below that one
            raise SettingsError(f"PULLQUOTE_LLM_BASE_URL cannot be used: {error}.", remedy="Correct it.") from error

    def complete(self, prompt: Prompt, *, share: float) -> str:
        """See ``LanguageModel.complete``."""
        seconds = share * self._seconds
        deadline = time.monotonic() + seconds
        try:
            return within(seconds, lambda: self._completed(prompt, deadline))
        except TimeoutError as error:
            raise LanguageModelError(f"The language model {self.name} took too long.") from error
        except LanguageModelError:
            raise
        # The one place where a server of any kind meets libraries that raise whatever it makes them stumble on.
        except Exception as error:  # noqa: BLE001
            _log.warning("the language model %s failed: %s", self.name, type(error).__name__)
            _log.debug("where it failed", exc_info=error)
            raise LanguageModelError(f"The language model {self.name} failed: {self._reason(error)}.") from error

    def _completed(self, prompt: Prompt, deadline: float) -> str:
        if prompt.schema is not None and not self._plain:
            by_schema = {"name": "answer", "strict": True, "schema": prompt.schema}
            options = {"temperature": 0, "response_format": {"type": "json_schema", "json_schema": by_schema}}
            try:
                return self._streamed(prompt, deadline, options)
            except self._openai.APIStatusError as error:
                if error.status_code not in _NOT_UNDERSTOOD:
                    raise
                text = self._streamed(prompt, deadline, {})
                # An error 500 may pass; a refusal stays.
                self._plain = error.status_code != 500
                return text
        return self._streamed(prompt, deadline, {})

    def _streamed(self, prompt: Prompt, deadline: float, options: dict[str, Any]) -> str:
        """Return the text. Raises LanguageModelError where it ends too early."""
        pieces: list[str] = []
        ended = False
        stream: Any = self._client.chat.completions.create(
            model=self.name,
            messages=[{"role": "system", "content": prompt.rules}, {"role": "user", "content": prompt.question}],
            stream=True,
            timeout=max(deadline - time.monotonic(), _SHORTEST_WAIT),
            **options,
        )
        with closing(stream):
            for chunk in stream:
                for choice in chunk.choices or ():
                    ended = ended or choice.finish_reason is not None
                    content = choice.delta.content if choice.delta else None
                    pieces.append(content if isinstance(content, str) else "")
                if sum(map(len, pieces)) > _LONGEST or time.monotonic() > deadline:
                    break
        if not ended:
            raise LanguageModelError(f"The language model {self.name} broke off in the middle.")
        return "".join(pieces)

    def _reason(self, error: Exception) -> str:
        """Return what went wrong, without the server's own words: they may hold a key or an address."""
        if isinstance(error, self._openai.APIStatusError):
            return f"its server answers {error.status_code}"
        if isinstance(error, self._openai.APITimeoutError):
            return "it took too long"
        if isinstance(error, self._openai.APIConnectionError):
            return "its server cannot be reached"
        return "it answered in no known form"
