"""What `/metrics` says, and to whom."""

import json
from collections.abc import Generator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.support.kitchen.furnished import Furnished, a_log
from tests.support.kitchen.household import PASSWORD, Household
from tests.support.kitchen.releases import publish
from yaguts.services.dispensers.updates import publishing
from yaguts.services.dispensers.updates.watching import choose
from yaguts.services.runtime.observer import KEPT_S
from yaguts.settings import BadSetting, Settings

TOKEN = "noz-moscada-e-canela"
HERE = {"Host": "localhost:8000"}
AT = int(datetime(2026, 1, 31, 3, tzinfo=UTC).timestamp())


@pytest.fixture
def open_home(tmp_path: Path) -> Generator[Household]:
    home = Household(tmp_path, metrics="open")
    yield home
    home.close()


def samples(home: Household) -> dict[str, float]:
    """Each sample under its name and labels, as Prometheus writes them."""
    answer = home.browser().get("/metrics")
    assert answer.status_code == 200
    return {
        f"{sample.name}{dict(sorted(sample.labels.items())) or ''}": sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def requests_of(route: str, outcome: str) -> str:
    labels = {"method": "GET", "outcome": outcome, "route": route}
    return f"yaguts_request_seconds_count{labels}"


# Who may read


@pytest.mark.parametrize(
    ("address", "headers", "status"),
    [
        ("127.0.0.1", HERE, 200),
        ("::1", {"Host": "[::1]:8000"}, 200),
        ("::ffff:127.0.0.1", {"Host": "127.0.0.1"}, 200),
        ("192.0.2.1", HERE, 404),
        ("", HERE, 404),
        ("127.0.0.1", {"Host": "kitchen.test"}, 404),
        ("127.0.0.1", {"Host": "127.0.0.1.kitchen.test"}, 404),
        *(
            ("127.0.0.1", {**HERE, header: "127.0.0.1"}, 404)
            for header in (
                "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP",
                "Forwarded", "Via",
            )
        ),
    ],
)  # fmt: skip
def test_only_this_computer_may_read_unless_told(
    home: Household, address: str, headers: Mapping[str, str], status: int
) -> None:
    answer = home.browser(address=address).get("/metrics", headers=headers)

    assert answer.status_code == status
    assert ("yaguts_request_seconds" in answer.text) == (status == 200)


@pytest.mark.parametrize(
    ("setting", "sent", "status"),
    [
        ("open", None, 200),
        ("off", None, 404),
        (TOKEN, None, 404),
        (TOKEN, f"Bearer {TOKEN}", 200),
        (TOKEN, f"bearer {TOKEN}", 200),
        (TOKEN, f"Bearer {TOKEN}x", 404),
        (TOKEN, f"Basic {TOKEN}", 404),
        (TOKEN, "Bearer é", 404),
    ],
)
def test_a_setting_opens_and_closes(
    tmp_path: Path, setting: str, sent: str | None, status: int
) -> None:
    home = Household(tmp_path, metrics=setting)
    headers = {} if sent is None else {"Authorization": sent.encode()}

    answer = home.browser(address="203.0.113.5").get("/metrics", headers=headers)
    home.close()

    assert answer.status_code == status


def test_off_is_off_for_this_computer_too(tmp_path: Path) -> None:
    home = Household(tmp_path, metrics="off")

    answer = home.browser(address="127.0.0.1").get("/metrics", headers=HERE)
    home.close()

    assert answer.status_code == 404


@pytest.mark.parametrize("given", ["opne", "a token with spaces in it", "curto"])
def test_a_setting_that_is_none(given: str) -> None:
    with pytest.raises(BadSetting, match="YAGUTS_METRICS") as error:
        Settings.from_environment({"YAGUTS_METRICS": given})

    assert given not in str(error.value)


def test_the_token_is_in_no_text_of_the_settings() -> None:
    settings = Settings.from_environment({"YAGUTS_METRICS": TOKEN})

    assert settings.metrics == TOKEN
    assert TOKEN not in repr(settings)


# What is counted


def test_requests_are_counted_by_the_template_of_their_path(open_home: Household) -> None:
    ana = open_home.person("Ana")
    for number in range(30):
        ana.get(f"/jobs/{number + 1}")
        ana.get(f"/app/recipes/{number + 1}/edit")
        ana.get(f"/nix/{number}")
        ana.request(f"NIX{number}", "/health")
    ana.head("/health")

    found = samples(open_home)

    requests = {name for name in found if name.startswith("yaguts_request_seconds_count")}
    assert (
        found["yaguts_request_seconds_count{'method': 'GET', 'outcome': '4xx', 'route': 'other'}"]
        == 30
    )
    job = (
        "yaguts_request_seconds_count{'method': 'GET', 'outcome': '4xx', 'route': '/jobs/{job_id}'}"
    )
    assert found[job] == 30
    assert "'route': '/app/recipes/{recipe_id}/edit'" in " ".join(requests)
    assert "'method': 'other'" in " ".join(requests)
    assert "NIX" not in " ".join(found)
    assert len(requests) < 10


def test_a_sub_path_is_no_part_of_a_route(tmp_path: Path) -> None:
    home = Household(tmp_path, metrics="open", public_url="https://example.org/yaguts")
    home.browser().get("/yaguts/app/sign-in")
    home.browser().get("/health")

    found = " ".join(samples(home))
    home.close()

    assert "'route': '/app/sign-in'" in found
    assert "'route': '/health'" in found
    assert "'route': '/yaguts" not in found


def test_an_error_nobody_foresaw_is_counted(
    open_home: Household, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("yaguts.api.server.insist_on_database", broken)
    assert open_home.browser().get("/health").status_code == 500

    assert samples(open_home)[requests_of("/health", "5xx")] == 1


def test_a_job_from_the_order_to_the_report(open_home: Household) -> None:
    kitchen = Furnished(open_home)
    board = kitchen.board()
    before = samples(open_home)
    kitchen.order(Sal=4.5)
    open_home.clock.passes(seconds=KEPT_S)
    waiting = samples(open_home)

    job = board.get("/devices/me/next_job").json()
    report = f"/devices/me/jobs/{job['id']}/complete"
    assert board.post(report, json=a_log(job)).status_code == 200
    assert board.post(report, json=a_log(job)).status_code == 200
    assert board.post("/devices/me/jobs/77/complete", json=a_log(job)).status_code == 200
    open_home.clock.passes(seconds=KEPT_S)
    after = samples(open_home)

    assert waiting["yaguts_jobs_open{'state': 'queued'}"] == 1
    assert after["yaguts_jobs_open{'state': 'queued'}"] == 0
    ended = "yaguts_jobs_ended_total{'failure': '', 'outcome': 'done'}"
    assert (before[ended], after[ended]) == (0, 1)
    assert after["yaguts_dispensed_grams_total"] == 4.5
    counted = {how: after[f"yaguts_reports_total{{'outcome': '{how}'}}"] for how in
               ("in_time", "late", "repeated", "kept")}  # fmt: skip
    assert counted == {"in_time": 1, "late": 0, "repeated": 1, "kept": 1}
    assert after["yaguts_orphan_reports"] == 1
    assert (after["yaguts_dispensers"], after["yaguts_dispensers_online"]) == (1, 1)
    open_home.clock.passes(minutes=5)
    assert samples(open_home)["yaguts_dispensers_online"] == 0


def test_a_report_after_the_job_was_given_up_is_late(open_home: Household) -> None:
    kitchen = Furnished(open_home)
    job = kitchen.fetched(Sal=4.5)
    open_home.clock.passes(days=1)
    kitchen.order(Pimenta=1)  # ends what is overdue
    kitchen.report(job)

    found = samples(open_home)

    assert found["yaguts_reports_total{'outcome': 'late'}"] == 1
    assert found["yaguts_jobs_ended_total{'failure': 'unconfirmed', 'outcome': 'failed'}"] == 1


def test_releases_on_their_way_and_halted(open_home: Household) -> None:
    kitchen, site = Furnished(open_home), open_home.site
    publish(open_home, number=2)
    with site.database.write() as connection:
        choose(site, connection, kitchen.person.kitchen_id, kitchen.dispenser_id, 2)
    goes_on = samples(open_home)
    publishing.halt(site, 2)
    open_home.clock.passes(seconds=KEPT_S)

    assert goes_on["yaguts_releases_halted"] == 0
    assert goes_on["yaguts_release_boards{'release': '2', 'state': 'chosen'}"] == 1
    assert samples(open_home)["yaguts_releases_halted"] == 1


def test_the_database_is_asked_once_in_ten_seconds(open_home: Household) -> None:
    samples(open_home)
    read = "yaguts_database_seconds_count{'way': 'read'}"
    first = samples(open_home)[read]
    for _ in range(5):
        assert samples(open_home)[read] == first

    open_home.clock.passes(seconds=KEPT_S)
    samples(open_home)
    assert samples(open_home)[read] == first + 1


def test_without_a_database_the_rest_is_told(open_home: Household) -> None:
    samples(open_home)
    with open_home.site.database.write() as connection:
        connection.exec_driver_sql("PRAGMA locking_mode = NORMAL")
    open_home.site.database.close()
    folder = open_home.site.settings.data_folder
    assert folder is not None
    for file in folder.glob("yaguts.db*"):
        if file.is_file():
            file.unlink()
    (folder / "yaguts.db").mkdir()
    open_home.clock.passes(seconds=KEPT_S)

    found = samples(open_home)

    assert found["yaguts_ready"] == 0
    assert "yaguts_dispensers" not in found
    assert found["yaguts_disk_free_bytes"] > 0


@pytest.mark.parametrize(
    ("changed", "at"),
    [
        ({}, AT),
        ({"at": "2026-01-31T03:00:00+00:00"}, AT),
        ({"verified": False}, 0),
        ({"verified": None}, 0),
        ({"at": "2026-01-31T03:00:00"}, 0),
        ({"at": "yesterday"}, 0),
        ({"at": 3}, 0),
        ({"bytes": "many"}, 0),
    ],
)
def test_the_last_backup(
    open_home: Household, tmp_path: Path, changed: Mapping[str, Any], at: int
) -> None:
    whole = {"at": "2026-01-31T03:00:00Z", "file": "a", "bytes": 7, "verified": True}
    (tmp_path / "last-backup.json").write_text(json.dumps({**whole, **changed}))

    found = samples(open_home)

    assert found["yaguts_last_backup_timestamp_seconds"] == at
    assert found["yaguts_last_backup_bytes"] == (7 if at else 0)


@pytest.mark.parametrize("text", [None, "no JSON", "[]", "{}", "7"])
def test_no_backup_that_is_known(open_home: Household, tmp_path: Path, text: str | None) -> None:
    if text is not None:
        (tmp_path / "last-backup.json").write_text(text)

    assert samples(open_home)["yaguts_last_backup_timestamp_seconds"] == 0


def test_nothing_about_anybody_is_in_it(open_home: Household) -> None:
    ana = open_home.newcomer("Anabela")
    open_home.board(ana, uid="board-of-anabela")
    open_home.browser().post("/auth/login", json={"nome": "Anabela", "senha": PASSWORD})

    text = open_home.browser().get("/metrics").text

    assert "nabela" not in text
    assert "192.0.2" not in text
