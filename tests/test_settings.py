import logging
import traceback

import pytest
from pydantic import SecretStr, ValidationError

from index.errors import SettingsError
from service.settings import Limits, Settings, load_settings


def test_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PULLQUOTE_STORE", raising=False)
    settings = load_settings()
    assert (settings.store, settings.embedding_model) == ("file:./data", "all-MiniLM-L6-v2")
    assert (settings.api_keys, settings.admin_keys) == ((), ())


def test_every_setting_can_be_set(monkeypatch: pytest.MonkeyPatch) -> None:
    given = {
        "STORE": "file:/srv",
        "EMBEDDING_MODEL": "m",
        "READER_MODEL": "r",
        "ATTRIBUTION_MODEL": "rules",
        "STANCE_MODEL": "none",
        "ANSWER_THRESHOLD": "0.5",
        "LLM_BASE_URL": "http://127.0.0.1:11434/v1",
        "LLM_MODEL": "small",
        "LLM_API_KEY": "secret",
        "LLM_SECONDS": "5",
        "API_KEYS": "a, b,",
        "ADMIN_KEYS": "c",
        "KEYS_FILE": "keys.txt",
        "RATE_LIMIT": "60/minute",
        "TRUSTED_PROXIES": "127.0.0.1, 172.16.0.0/12",
        "CORS_ORIGINS": "https://x.org",
        "OPEN_METRICS": "true",
        "OPEN_WEBUI_SOURCES": "true",
        "PUBLIC_URL": "https://x.org/q",
        "FETCH_URLS": "true",
        "MAX_UPLOAD_MB": "0.5",
        "LIMITS": "queue=2 file_mb=300",
        "LOG_FORMAT": "json",
        "LOG_LEVEL": "DEBUG",
    }
    assert {name.lower() for name in given} == set(Settings.model_fields)
    for name, value in given.items():
        monkeypatch.setenv(f"PULLQUOTE_{name}", value)
    settings = load_settings()
    assert settings == Settings(
        store="file:/srv",
        embedding_model="m",
        reader_model="r",
        attribution_model="rules",
        stance_model="none",
        answer_threshold=0.5,
        llm_base_url="http://127.0.0.1:11434/v1",
        llm_model="small",
        llm_api_key=SecretStr("secret"),
        llm_seconds=5,
        api_keys=(SecretStr("a"), SecretStr("b")),
        admin_keys=(SecretStr("c"),),
        keys_file="keys.txt",
        rate_limit="60/minute",
        trusted_proxies=("127.0.0.1", "172.16.0.0/12"),
        cors_origins=("https://x.org",),
        open_metrics=True,
        open_webui_sources=True,
        public_url="https://x.org/q",
        max_upload_mb=0.5,
        limits="queue=2 file_mb=300",
        log_level="debug",
    )


def test_limits_that_are_left_out_keep_their_default() -> None:
    assert Settings(limits="queue=2 file_mb=300").limited == Limits(queue=2, file_mb=300)
    assert Settings(limits="").limited == Settings().limited == Limits()


def test_an_empty_threshold_is_the_readers_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULLQUOTE_ANSWER_THRESHOLD", "")
    assert load_settings().answer_threshold is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ANSWER_THRESHOLD", "2"),
        ("ANSWER_THRESHOLD", "high"),
        ("MAX_UPLOAD_MB", "0"),
        ("MAX_UPLOAD_MB", "inf"),
        ("LOG_LEVEL", "loud"),
        ("LIMITS", "queue"),
        ("LIMITS", "queue=0"),
        ("LIMITS", "lines=3"),
        ("EMBEDDING_MODEL", ""),
        ("RATE_LIMIT", "60"),
        ("RATE_LIMIT", "0/minute"),
        ("RATE_LIMIT", "60/fortnight"),
    ],
)
def test_a_bad_value_is_reported_with_its_name(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(f"PULLQUOTE_{name}", value)
    with pytest.raises(SettingsError, match=f"PULLQUOTE_{name} is '{value}'.*unset it"):
        load_settings()


def test_a_misspelt_variable_is_warned_of(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setenv("PULLQUOTE_API_KEY", "secret")
    with caplog.at_level(logging.WARNING):
        load_settings()
    assert "PULLQUOTE_API_KEY is set, but this version has no such setting" in caplog.text
    assert "secret" not in caplog.text


@pytest.mark.parametrize(
    ("text", "rate"),
    [("60/minute", (60, 60)), ("5/second", (5, 1)), ("1000/12 hours", (1_000, 43_200)), ("9/days", (9, 86_400))],
)
def test_a_rate_is_a_number_in_a_span_of_time(text: str, rate: tuple[int, int]) -> None:
    assert Settings(rate_limit=text).rate == rate


def test_no_secret_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not with the settings, and not with an error about them, nor with what caused it."""
    given = {
        "API_KEYS": "hush-a",
        "ADMIN_KEYS": "hush-b",
        "LLM_API_KEY": "hush-c",
        "STORE": "postgresql://u:hush-d@h/d",
    }
    for name, value in given.items():
        monkeypatch.setenv(f"PULLQUOTE_{name}", value)
    assert "hush" not in repr(load_settings()) + str(load_settings())
    monkeypatch.setenv("PULLQUOTE_LLM_BASE_URL", "ftp://user:hush-e@models.example")
    with pytest.raises(SettingsError, match="ftp://…@models.example") as refused:
        load_settings()
    assert "hush" not in "".join(traceback.format_exception(refused.value))


def test_settings_are_frozen() -> None:
    with pytest.raises(ValidationError):
        Settings().store = "file:other"  # type: ignore[misc]
