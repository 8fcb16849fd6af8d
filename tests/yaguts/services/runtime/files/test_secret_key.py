"""Where the secret key comes from."""

import secrets
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from yaguts.services.runtime.files.secret_key import with_secret_key
from yaguts.settings import Settings


def key_of(url: str, key: str = "") -> str:
    return with_secret_key(Settings(url, secret_key=key), secrets.token_bytes).secret_key


def test_a_given_key_is_taken(tmp_path: Path) -> None:
    assert key_of(f"sqlite:///{tmp_path}/a.db", "given") == "given"
    assert list(tmp_path.iterdir()) == []


def test_a_generated_key_stays_and_is_its_owners_alone(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/a.db"

    assert key_of(url) == key_of(url)

    (file,) = tmp_path.iterdir()
    assert file.name == "a.db.key"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_two_databases_have_two_keys(tmp_path: Path) -> None:
    assert key_of(f"sqlite:///{tmp_path}/a.db") != key_of(f"sqlite:///{tmp_path}/b.db")


def test_processes_that_start_together_agree(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(key_of, [f"sqlite:///{tmp_path}/a.db"] * 8))

    assert len(keys) == 1
    assert [file.name for file in tmp_path.iterdir()] == ["a.db.key"]


def test_a_database_in_memory_has_a_key_while_it_lives() -> None:
    assert key_of("sqlite://") != key_of("sqlite://")


def test_a_database_elsewhere_has_its_key_where_the_server_was_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    assert key_of("postgresql://db/yaguts") == key_of("postgresql://db/yaguts")

    assert stat.S_IMODE((tmp_path / "yaguts.key").stat().st_mode) == 0o600


def test_settings_do_not_show_the_key() -> None:
    assert "given" not in repr(Settings(secret_key="given"))
