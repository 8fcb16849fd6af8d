"""What is held open ends with the token or the session that opened it, on a real server."""

import os
import subprocess
import threading
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from tests.support.processes.arduino import Arduino
from tests.support.processes.kitchen import YAGUTS, Person

NOT_SOON_S = 20
NOT_ALLOWED = 4003


def test_a_held_poll_of_a_revoked_board_is_refused_and_gets_no_job(person: Person) -> None:
    board = Arduino.paired(person, "lost-1", "0.2.0")
    answers: list[tuple[int, Any]] = []
    poll = threading.Thread(
        target=lambda: answers.append(board.call("GET", "/devices/me/next_job?wait=6"))
    )
    poll.start()
    (dispenser,) = person.http.get("/me/devices").json()["devices"]

    assert person.http.delete(f"/devices/{dispenser['id']}").is_success
    ordered = person.order(person.recipe(Sal=1.0))
    poll.join(NOT_SOON_S)

    assert [status for status, _ in answers] == [401]
    assert person.job(ordered["id"])["status"] == "queued"


@pytest.mark.more
def test_a_web_socket_on_which_nothing_happens_ends_with_the_session(person: Person) -> None:
    job = person.order(person.recipe(Sal=1.0))
    cookie = "; ".join(f"{name}={value}" for name, value in person.http.cookies.items())
    address = f"{person.server.address.replace('http', 'ws', 1)}/ws/jobs/{job['id']}"
    with connect(address, additional_headers={"Cookie": cookie}) as socket:
        socket.send("ping")
        assert "pong" in str(socket.recv(NOT_SOON_S))

        assert person.http.post("/auth/logout").is_success
        with pytest.raises(ConnectionClosed) as closed:
            socket.recv(NOT_SOON_S)

    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == NOT_ALLOWED


@pytest.mark.more
def test_what_is_held_open_ends_when_the_account_is_disabled(person: Person) -> None:
    """By a command, which is another process: poll, live page and WebSocket."""
    board = Arduino.paired(person, f"disabled-{person.name}", "0.2.0")
    job = person.order(person.recipe(Sal=1.0))
    assert person.http.post("/jobs/active/cancel").is_success
    cookie = "; ".join(f"{name}={value}" for name, value in person.http.cookies.items())
    address = f"{person.server.address.replace('http', 'ws', 1)}/ws/jobs/{job['id']}"
    answers: list[tuple[int, Any]] = []
    poll = threading.Thread(
        target=lambda: answers.append(board.call("GET", "/devices/me/next_job?wait=6"))
    )
    with (
        connect(address, additional_headers={"Cookie": cookie}) as socket,
        person.http.stream("GET", "/app/live", timeout=NOT_SOON_S) as page,
    ):
        assert page.status_code == 200
        poll.start()
        subprocess.run(
            [YAGUTS, "user", "disable", person.name],
            env={**os.environ, "YAGUTS_DATA": str(person.server.folder)},
            check=True,
            timeout=60,
        )
        for _ in page.iter_bytes():
            pass
        with pytest.raises(ConnectionClosed):
            while True:
                socket.recv(NOT_SOON_S)
    poll.join(NOT_SOON_S)

    assert [status for status, _ in answers] == [403]
    assert person.http.get("/auth/me").status_code == 401
