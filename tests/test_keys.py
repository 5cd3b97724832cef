"""Keys in a file: what each allows, their rotation, and the log of what was done with them."""

import logging
import os
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from typer.testing import CliRunner

from index.errors import SettingsError
from service.assembly import Services
from service.commands.app import app as commands
from service.http.app import create_app
from service.keys import KeyFile, new_key, parse_keys
from service.settings import Settings

RAIN = {"text": "Rain fell on Rome."}


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def written(path: Path, *lines: object) -> Path:
    """Write a file of keys as a tool does that replaces it."""
    new = path.with_suffix(".new")
    new.write_text("# our keys\n\n" + "".join(f"{line}\n" for line in lines))
    os.replace(new, path)
    return path


@pytest.fixture
def tokens(tmp_path: Path) -> dict[str, str]:
    """The tokens of one key of each scope; their file is `keys.txt`."""
    made = {scope: new_key(f"{scope}-desk", [scope]) for scope in ("ask", "write", "metrics", "admin")}
    written(tmp_path / "keys.txt", *(key for _, key in made.values()))
    return {scope: token for scope, (token, _) in made.items()}


@pytest.fixture
def client(fake: Services, tokens: dict[str, str], tmp_path: Path) -> TestClient:
    return TestClient(create_app(Settings(keys_file=str(tmp_path / "keys.txt")), fake))


@pytest.mark.parametrize(
    ("scope", "reading", "writing"),
    [("ask", 200, 403), ("write", 403, 201), ("metrics", 403, 403), ("admin", 200, 201), (None, 401, 401)],
)
def test_a_key_allows_what_its_scope_says(
    client: TestClient, tokens: dict[str, str], scope: str | None, reading: int, writing: int
) -> None:
    headers = bearer(tokens[scope]) if scope else bearer("pq_made-up")
    read, wrote = client.get("/v1/articles", headers=headers), client.post("/v1/articles", json=RAIN, headers=headers)
    assert (read.status_code, wrote.status_code) == (reading, writing)
    for response, lacks in ((read, "ask"), (wrote, "write")):
        if response.status_code == 403:
            assert f"scope `{lacks}`" in response.json()["detail"]
            assert f'error="insufficient_scope", scope="{lacks}"' in response.headers["www-authenticate"]


def test_keys_are_rotated_without_a_restart(client: TestClient, tmp_path: Path) -> None:
    (old, old_key), (new, key) = (new_key("desk", ["ask"]) for _ in range(2))
    written(tmp_path / "keys.txt", old_key, key)
    assert [client.get("/v1/articles", headers=bearer(each)).status_code for each in (old, new)] == [200, 200]
    written(tmp_path / "keys.txt", key)
    assert [client.get("/v1/articles", headers=bearer(each)).status_code for each in (old, new)] == [401, 200]


@pytest.mark.parametrize("broken", ["desk ask", "desk all sha256:" + "0" * 64, "a b ask sha256:" + "0" * 64, None])
def test_a_broken_file_keeps_the_keys_as_they_were(
    client: TestClient,
    tokens: dict[str, str],
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    broken: str | None,
) -> None:
    path = tmp_path / "keys.txt"
    if broken is None:
        path.unlink()
    else:
        written(path, broken)
    for _ in range(3):
        assert client.get("/v1/articles", headers=bearer(tokens["ask"])).status_code == 200
    assert [each.levelno for each in caplog.records if "the keys stay as they were" in each.message] == [logging.ERROR]


def test_a_key_that_is_past_its_last_day_is_unknown(client: TestClient, tmp_path: Path) -> None:
    token, key = new_key("desk", ["ask"])
    written(tmp_path / "keys.txt", f"{key} until=2020-01-01")
    assert client.get("/v1/articles", headers=bearer(token)).status_code == 401
    written(tmp_path / "keys.txt", f"{key} until=2999-01-01")
    assert client.get("/v1/articles", headers=bearer(token)).status_code == 200


def test_a_file_that_cannot_be_read_is_an_error_at_the_start_and_repeats_no_key(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="PULLQUOTE_KEYS_FILE .* cannot be read"):
        KeyFile(tmp_path / "none.txt")
    with pytest.raises(SettingsError, match="Line 2 of keys.txt is no key") as refused:
        parse_keys("# one\npq_a-whole-key-by-mistake\n", origin="keys.txt")
    assert "by-mistake" not in str(refused.value)


def test_the_keys_of_the_settings_go_on_working_beside_a_file(
    fake: Services, tokens: dict[str, str], tmp_path: Path
) -> None:
    settings = Settings(api_keys=("a",), keys_file=str(tmp_path / "keys.txt"))
    client = TestClient(create_app(settings, fake))
    assert client.post("/v1/articles", json=RAIN, headers=bearer("a")).status_code == 201
    assert client.get("/v1/articles", headers=bearer(tokens["ask"])).status_code == 200


def test_the_command_makes_a_line_that_the_service_takes(client: TestClient, tmp_path: Path) -> None:
    made = CliRunner().invoke(commands, ["keys", "new", "desk", "--scope", "ask", "--until", "2999-01-01"])
    assert made.exit_code == 0
    token = made.stderr.split()[-1]
    assert token not in made.stdout and token not in str(parse_keys(made.stdout, origin="the output"))
    written(tmp_path / "keys.txt", made.stdout)
    assert client.get("/v1/articles", headers=bearer(token)).status_code == 200
    assert client.post("/v1/articles", json=RAIN, headers=bearer(token)).status_code == 403


def test_each_write_is_logged_without_a_word_of_it(
    client: TestClient, tokens: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.ERROR)  # as PULLQUOTE_LOG_LEVEL=error does
    caplog.handler.setLevel(logging.NOTSET)
    article = {**RAIN, "title": "Secret rain"}
    client.post("/v1/articles", json=article, headers=bearer(tokens["write"]))
    client.get("/v1/articles", headers=bearer(tokens["ask"]))
    client.delete("/v1/articles/1", headers=bearer(tokens["ask"]))
    client.delete("/v1/articles/1", headers=bearer(tokens["admin"]))
    client.delete("/v1/articles/nonsense", headers=bearer(tokens["admin"]))
    lines = [each.message.partition(" ")[2] for each in caplog.records if each.name == "pullquote.audit"]
    assert lines == [
        "write-desk POST /v1/articles article=1 status=201",
        "ask-desk DELETE /v1/articles/{article_id} article=1 status=403",
        "admin-desk DELETE /v1/articles/{article_id} article=1 status=204",
        "admin-desk DELETE /v1/articles/{article_id} article=None status=422",
    ]
    assert not any(word in caplog.text for word in ("rain", "nonsense", *tokens.values()))


def test_without_keys_a_write_is_logged_with_the_callers_address(
    fake: Services, caplog: pytest.LogCaptureFixture
) -> None:
    TestClient(create_app(Settings(), fake), client=("192.168.1.7", 5000)).post("/v1/articles", json=RAIN)
    assert "192.168.1.7 POST /v1/articles article=1 status=201" in caplog.text
