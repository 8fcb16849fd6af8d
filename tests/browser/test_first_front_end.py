"""The front end of version 0.1, served from another site, still works."""

from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.support.browser.window import Look, Window
from tests.support.processes.arduino import Arduino
from tests.support.processes.kitchen import JARS, NO_MOTOR_PAUSES, PASSWORD, Server

ANA = {"nome": "Ana", "senha": PASSWORD}
BEANS = {
    "nome": "Feijão",
    "porcoes": 2,
    "ingredientes": [{"tempero": "Sal", "quantidade": 4.5}],
}
CALL = """
async ([address, method, path, body]) => {
  const answer = await fetch(address + path, {
    method,
    credentials: "include",
    headers: body ? {"Content-Type": "application/json"} : {},
    body: body && JSON.stringify(body),
  });
  const text = await answer.text();
  return [answer.status, text ? JSON.parse(text) : null];
}
"""
LISTEN = """
([address, job]) => {
  window.heard = [];
  window.socket = new WebSocket(`${address.replace("http", "ws")}/ws/jobs/${job}`);
  socket.onmessage = ({data}) => heard.push(JSON.parse(data));
  return new Promise((opened) => (socket.onopen = () => { socket.send("ping"); opened(); }));
}
"""


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Log nothing."""


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[str]:
    """The server of the front end. Its page calls the Yaguts server."""
    (tmp_path / "index.html").write_text(
        "<!doctype html><title>v0.1</title><link rel=icon href=data:>"
    )
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=tmp_path))
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


class FrontEnd:
    """The page of the front end, and the calls that it makes."""

    def __init__(self, window: Window, address: str) -> None:
        self.page, self.address = window.page, address

    def call(self, method: str, path: str, body: object = None) -> tuple[int, Any]:
        status, answer = self.page.evaluate(CALL, [self.address, method, path, body])
        return status, answer

    def gets(self, path: str) -> Any:
        status, answer = self.call("GET", path)
        assert status == 200, (path, answer)
        return answer


def test_its_calls_in_its_order(browser: Browser, tmp_path: Path, elsewhere: str) -> None:
    folder = tmp_path / "server"
    folder.mkdir()
    server = Server(folder, YAGUTS_ALLOWED_ORIGINS=elsewhere)
    server.start()
    window = Window(browser, server, Look())
    window.forgiven = ["401", "409"]  # The test provokes them.
    try:
        window.page.goto(elsewhere)
        cook(FrontEnd(window, server.address), server)
    finally:
        window.close()
        server.kill()


def cook(front: FrontEnd, server: Server) -> None:
    assert front.call("GET", "/auth/me")[0] == 401
    assert front.call("POST", "/auth/register", ANA)[0] == 201
    assert front.call("POST", "/auth/login", ANA)[0] == 200
    assert front.gets("/auth/me") == {"id": 1, "nome": "Ana"}
    assert "Sal" in front.gets("/catalogo/temperos")
    status, recipe = front.call("POST", "/receitas/", BEANS)
    assert (status, recipe["id"]) == (201, 1)
    assert len(front.gets("/receitas/?q=fei")) == 1
    assert front.gets("/receitas/sugestoes?q=fei") == [{"id": 1, "nome": "Feijão"}]
    order = {"receita_id": 1, "pessoas_solicitadas": 4}
    assert front.call("POST", "/jobs", order)[0] == 409  # No jar holds the spice yet.
    assert front.call("PUT", "/config/robo", JARS)[0] == 200
    assert front.call("PUT", "/config/motor", NO_MOTOR_PAUSES)[0] == 200
    code = front.call("POST", "/devices/claims")[1]["code"]
    assert len(code) == 6
    board = claimed(server, code)
    assert front.gets("/me/devices")["online_any"] is True
    dispense(front, board, order)
    assert front.call("DELETE", "/receitas/1")[0] == 204
    assert front.call("POST", "/auth/logout")[0] == 200
    assert front.call("GET", "/auth/me")[0] == 401


def dispense(front: FrontEnd, board: Arduino, order: dict[str, int]) -> None:
    status, job = front.call("POST", "/jobs", order)
    assert (status, job["status"]) == (201, "queued")
    assert front.gets("/jobs/active")["active"]["id"] == 1
    front.page.evaluate(LISTEN, [front.address, 1])
    fetched = board.poll()
    assert fetched is not None
    board.complete(1, board.report_of(fetched))
    front.page.wait_for_function("heard.at(-1)?.type === 'execution_complete'")
    heard = front.page.evaluate("heard.map((event) => event.type)")
    assert heard == ["pong", "execution_log_entry", "execution_complete"]
    assert front.gets("/jobs/1")["status"] == "done"
    assert front.gets("/jobs/active") == {"active": None}
    assert front.gets("/config/robo")[0]["estoque_g"] == 91.0


def claimed(server: Server, code: str) -> Arduino:
    board = Arduino(server)
    claim = {"uid": "arduino-1", "claim_code": code, "fw_version": "0.1.6"}
    board.token = board.call("POST", "/devices/claim", claim)[1]["device_token"]
    board.call("POST", "/devices/me/heartbeat", {"fw_version": "0.1.6"})
    return board
