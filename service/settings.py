"""The settings: one flat frozen object, built once from ``PULLQUOTE_…`` environment variables."""

import logging
import os
import re
from ipaddress import ip_network
from typing import Annotated, Literal, NamedTuple

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from index.attribution.factory import DEFAULT_TAGGER
from index.embedding import DEFAULT_MODEL
from index.errors import SettingsError
from index.stance.factory import DEFAULT_STANCE_TAGGER
from service.answering.reading.factory import DEFAULT_READER

_PREFIX = "PULLQUOTE_"
_LARGEST_LIMIT = 1_000_000
_UNITS = {"second": 1, "minute": 60, "hour": 3_600, "day": 86_400}
_RATE = re.compile(rf"(?P<requests>\d{{1,9}})/(?:(?P<times>\d{{1,4}}) ?)?(?P<unit>{'|'.join(_UNITS)})s?")
_USER_IN_ADDRESS = re.compile(r"(?<=://)[^/@\s]*@")
_log = logging.getLogger(__name__)

Names = Annotated[tuple[str, ...], NoDecode]
Secrets = Annotated[tuple[SecretStr, ...], NoDecode]


class Limits(NamedTuple):
    """How much may be done at once, and how much one file may take.

    ``queue`` questions wait while others are answered, ``seconds`` is the longest that a request may take.
    """

    queue: int = 16
    seconds: int = 60
    file_seconds: int = 30
    file_mb: int = 1_000

    @classmethod
    def parsed(cls, text: str) -> "Limits":
        """Return the limits that ``text`` sets. Raises ValueError."""
        given: dict[str, int] = {}
        for each in text.split():
            name, _, number = each.partition("=")
            if name not in cls._fields or not number.isdecimal() or not 0 < int(number) <= _LARGEST_LIMIT:
                known = ", ".join(cls._fields)
                raise ValueError(f"{each!r} is no limit; write NAME=NUMBER with one of {known}")
            given[name] = int(number)
        return cls(**given)

    def __str__(self) -> str:
        """Return the limits as they are set."""
        return " ".join(f"{name}={number}" for name, number in self._asdict().items())


class Rate(NamedTuple):
    """How many requests one caller may send in how many seconds."""

    requests: int
    seconds: int

    @classmethod
    def parsed(cls, text: str) -> "Rate":
        """Return the rate that ``text`` is, such as ``60/minute`` or ``1000/12 hours``. Raises ValueError."""
        found = _RATE.fullmatch(text)
        if not found or not 0 < int(found["requests"]) <= _LARGEST_LIMIT or not 0 < int(found["times"] or 1) <= 1_000:
            raise ValueError(f"{text!r} is no rate; write NUMBER/second, minute, hour or day")
        return cls(int(found["requests"]), int(found["times"] or 1) * _UNITS[found["unit"]])

    def __str__(self) -> str:
        """Return the rate in words."""
        return f"{self.requests} in {self.seconds} s"


class Settings(BaseSettings):
    """The settings; each field is set by the variable ``PULLQUOTE_`` and its name in capitals."""

    model_config = SettingsConfigDict(env_prefix=_PREFIX, frozen=True)

    # Not shown with the settings: the address of a database may hold its password.
    store: str = Field(
        "file:./data", repr=False, description="where articles are kept: `file:FOLDER`, or `postgresql://…`"
    )
    embedding_model: str = Field(
        DEFAULT_MODEL, min_length=1, description="any sentence-transformers model: a folder, or a name on the hub"
    )
    reader_model: str = Field(
        DEFAULT_READER,
        min_length=1,
        description="what reads the passages: the one shipped, `simple`, or a question-answering model",
    )
    attribution_model: str = Field(
        DEFAULT_TAGGER, min_length=1, description="what finds who said what: the one shipped, `rules`, or a folder"
    )
    stance_model: str = Field(
        DEFAULT_STANCE_TAGGER,
        min_length=1,
        description="what finds what an article denies, doubts or supposes: the one shipped, `none`, or a folder",
    )
    answer_threshold: float | None = Field(
        None,
        ge=0,
        le=1,
        description="the confidence from which on a quote counts as an answer; the reader's own if unset",
    )
    llm_base_url: str = Field(
        "",
        pattern=r"^(https?://[^\s/?#]+[^\s?#]*)?$",
        description="an OpenAI-compatible server, whose language model then chooses among the reader's sentences",
    )
    llm_model: str = Field("", description="the language model's name on that server")
    llm_api_key: SecretStr = Field(SecretStr(""), description="the key for that server")
    llm_seconds: float = Field(
        20.0,
        gt=0,
        le=600,
        description="the longest that an answer waits for the language model: "
        "0.6 of it to choose, 0.4 to rewrite a follow-up",
    )
    api_keys: Secrets = Field(
        (), description="keys, set apart by commas; where set, every `/v1` and `/mcp` call needs one"
    )
    admin_keys: Secrets = Field((), description="keys for writing; where set, adding and removing articles needs one")
    keys_file: str = Field(
        "", description="a file of keys, hashed, each with a name and scopes; read again when it changes"
    )
    open_metrics: bool = Field(False, description="whether `/metrics` needs no key where keys are set")
    rate_limit: str = Field(
        "", description="how often each key, or else each address, may call, such as `60/minute`; no limit if unset"
    )
    trusted_proxies: Names = Field(
        (), description="addresses and networks, set apart by commas, whose `X-Forwarded-…` headers count"
    )
    cors_origins: Names = Field((), description="origins, set apart by commas, whose pages may call the service")
    open_webui_sources: bool = Field(
        False,
        description="whether streamed chat completions carry Open WebUI's source events, which show the quote itself,"
        " in place of annotations",
    )
    public_url: str = Field(
        "",
        pattern=r"^(https?://[^\s/?#]+[^\s?#]*)?$",
        description="the address under which people reach the service, where it is not the one that it is called by",
    )
    fetch_urls: bool = Field(
        False,
        description="whether an article may be added over HTTP by its public address alone, which is then fetched",
    )
    max_upload_mb: float = Field(
        20.0, gt=0, le=100_000, description="the largest request body, in megabytes (10⁶ bytes)"
    )
    limits: str = Field(
        str(Limits()),
        description="`NAME=NUMBER`, set apart by spaces; those that are left out keep their default",
    )
    log_format: Literal["text", "json"] = Field(
        "text", description="how it is logged: `text`, or `json` with one object a line"
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="what is logged: `debug`, `info`, `warning` or `error`"
    )

    @field_validator("api_keys", "admin_keys", "cors_origins", "trusted_proxies", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @field_validator("limits")
    @classmethod
    def _are_limits(cls, value: str) -> str:
        Limits.parsed(value)
        return value

    @field_validator("rate_limit")
    @classmethod
    def _is_a_rate(cls, value: str) -> str:
        if value:
            Rate.parsed(value)
        return value

    @property
    def rate(self) -> Rate | None:
        """The rate limit; None where there is none."""
        return Rate.parsed(self.rate_limit) if self.rate_limit else None

    @field_validator("trusted_proxies")
    @classmethod
    def _are_networks(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for each in value:
            ip_network(each, strict=False)
        return value

    @property
    def limited(self) -> Limits:
        """The limits by name."""
        return Limits.parsed(self.limits)

    @field_validator("answer_threshold", mode="before")
    @classmethod
    def _unset(cls, value: object) -> object:
        return None if value == "" else value

    @field_validator("log_level", mode="before")
    @classmethod
    def _lower(cls, value: object) -> object:
        return value.lower() if isinstance(value, str) else value


def load_settings() -> Settings:
    """Read the settings from the environment. Raises SettingsError, naming the variable and its value.

    A ``PULLQUOTE_`` variable that is no setting is logged as a warning: it is most likely misspelt.
    """
    known = {f"{_PREFIX}{name.upper()}" for name in Settings.model_fields}
    for name in sorted(os.environ):
        if name.upper().startswith(_PREFIX) and name.upper() not in known:
            _log.warning("%s is set, but this version has no such setting", name)
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        name = f"{_PREFIX}{'_'.join(str(part) for part in first['loc'][:1]).upper()}"
        shown = _USER_IN_ADDRESS.sub("…@", repr(first["input"])) if "KEY" not in name else "no value that can be used"
        # Not chained: the error of pydantic shows the values of all fields.
        raise SettingsError(
            f"{name} is {shown}: {first['msg'].lower()}.", remedy="Correct it, or unset it for the default."
        ) from None
