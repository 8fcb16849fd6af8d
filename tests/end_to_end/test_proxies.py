"""Yaguts behind Debian's nginx and Caddy, configured as docs/proxy.md says in both languages."""

import os
import re
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from websockets.sync.client import connect

from tests.architecture.sources import ROOT
from tests.support.components import from_debian
from tests.support.processes.kitchen import PASSWORD, Server, eventually, free_port
from yaguts.http.bodies import LARGEST
from yaguts.web.pages.recipes.large_forms import LARGEST_FORM
from yaguts_wire import words as w

PAGES = {name: (ROOT / name).read_text("utf-8") for name in ("docs/proxy.md", "docs/pt/proxy.md")}
CERTIFICATES = ROOT / "tests/yaguts_device/certificates"
CERTIFICATE = CERTIFICATES / "good.pem"
TRUST = ssl.create_default_context(cadata=(CERTIFICATES / "kitchen.der").read_bytes())
STRANGER = "203.0.113.7"
HELD_S = 1.0
KINDS = (
    "nginx",
    pytest.param("caddy", marks=pytest.mark.more),
    pytest.param("nginx below", marks=pytest.mark.more),
    pytest.param("caddy below", marks=pytest.mark.more),
)


@dataclass(frozen=True)
class Proxied:
    """A server, and its address at the proxy."""

    server: Server
    address: str

    def browser(self) -> httpx.Client:
        return httpx.Client(base_url=self.address, verify=TRUST, timeout=30)


def blocks(page: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", page, re.DOTALL)


def nginx_site(page: str, server: Server, port: int, *, below: bool) -> str:
    """The page's configuration, with the ports and the certificate of the test."""
    site, location, _ = blocks(page, "nginx")
    if below:
        site = re.sub(r"    location / \{.*?\n    \}\n", lambda _: location, site, flags=re.DOTALL)
    site = site.replace("    listen [::]:443 ssl;\n", "").replace("127.0.0.1:8000", at(server))
    site = site.replace("listen 443 ssl", f"listen 127.0.0.1:{port} ssl")
    return re.sub(r"/etc/letsencrypt/\S+\.pem", str(CERTIFICATE), site)


def nginx(folder: Path, site: str) -> list[str]:
    user = "user root;" if os.geteuid() == 0 else ""
    kept = [f"{what}_temp_path {folder};" for what in ("client_body", "proxy", "fastcgi", "uwsgi",
                                                      "scgi")]  # fmt: skip
    (folder / "nginx.conf").write_text(
        f"{user} daemon off; pid {folder}/pid; error_log {folder}/error.log; events {{}}\n"
        f"http {{ access_log off; {' '.join(kept)}\n{site}\n}}"
    )
    program, log = from_debian("nginx"), f"{folder}/error.log"
    return [str(program), "-e", log, "-p", str(folder), "-c", f"{folder}/nginx.conf"]


def caddy_site(page: str, server: Server, port: int, *, below: bool) -> str:
    site = blocks(page, "caddy")[below].replace("127.0.0.1:8000", at(server))
    certificate = f"    tls {CERTIFICATE} {CERTIFICATE}\n"
    return re.sub(r"^\S+ \{\n", f"https://localhost:{port} {{\n{certificate}", site)


def caddy(folder: Path, site: str) -> list[str]:
    (folder / "Caddyfile").write_text(
        "{\n    admin off\n    auto_https disable_redirects\n"
        f"    storage file_system {folder}\n}}\n{site}"
    )
    words = ["run", "--adapter", "caddyfile", "--config", f"{folder}/Caddyfile"]
    return [str(from_debian("caddy")), *words]


def at(server: Server) -> str:
    return f"127.0.0.1:{server.port}"


@contextmanager
def proxied(folder: Path, kind: str, page: str) -> Generator[Proxied]:
    program, _, below = kind.partition(" ")
    port = free_port()
    address = f"https://localhost:{port}{'/yaguts' if below else ''}"
    server = Server(folder, YAGUTS_PUBLIC_URL=address)
    if program == "nginx":
        words = nginx(folder, nginx_site(page, server, port, below=bool(below)))
    else:
        words = caddy(folder, caddy_site(page, server, port, below=bool(below)))
    server.start()
    with (folder / "proxy.log").open("wb") as log:
        process = subprocess.Popen(words, stdout=log, stderr=log, env={"HOME": str(folder)})
    try:
        eventually(lambda: accepts(port))
        yield Proxied(server, address)
    finally:
        process.terminate()
        process.wait()
        server.kill()


def accepts(port: int) -> bool:
    with socket.socket() as attempt:
        return attempt.connect_ex(("127.0.0.1", port)) == 0


def test_both_pages_say_the_same_as_the_files() -> None:
    english, portuguese = PAGES.values()
    for language, how_many in (("nginx", 3), ("caddy", 2)):
        assert blocks(english, language) == blocks(portuguese, language)
        assert len(blocks(english, language)) == how_many
    files = [(ROOT / f"deploy/nginx/{name}.conf").read_text() for name in ("yaguts", "two-servers")]
    assert blocks(english, "nginx")[::2] == files
    assert blocks(english, "caddy")[0] == (ROOT / "deploy/caddy/Caddyfile").read_text("utf-8")


@pytest.mark.parametrize("kind", KINDS)
def test_a_kitchen_behind_a_proxy(tmp_path: Path, kind: str) -> None:
    with proxied(tmp_path, kind, PAGES["docs/proxy.md"]) as yaguts, yaguts.browser() as browser:
        _people_are_who_they_are(yaguts, browser)
        token = _a_board_is_paired(yaguts, browser)
        job = _a_held_poll_is_answered_at_once(yaguts, browser, token)
        _a_websocket_tells_of_the_job(yaguts, browser, job)
        _a_live_page_is_not_held_back(browser)
        _a_large_file_arrives(yaguts, browser)


def _people_are_who_they_are(yaguts: Proxied, browser: httpx.Client) -> None:
    """By their own address and over HTTPS, whatever they say of themselves."""
    account = {"nome": "Ana", "senha": PASSWORD}
    lie = {"X-Forwarded-For": STRANGER, "X-Forwarded-Proto": "http"}
    origin = {"Origin": yaguts.address.removesuffix("/yaguts")}
    browser.post("/auth/register", json=account, headers=origin).raise_for_status()
    signed_in = browser.post("/auth/login", json=account, headers=lie | origin)
    cookie = signed_in.raise_for_status().headers["set-cookie"]
    assert cookie.startswith("__Host-yaguts_session=")
    assert "Secure" in cookie
    told = browser.get("/auditoria").raise_for_status().text
    assert "127.0.0.1" in told
    assert STRANGER not in told

    page = browser.get("/app/", follow_redirects=True)
    assert page.status_code == 200
    script = re.findall(r'src="([^"]+kitchen\.js)"', page.text)[0]
    assert browser.get(page.url.join(script)).status_code == 200


def _a_board_is_paired(yaguts: Proxied, browser: httpx.Client) -> str:
    assert yaguts.address in browser.post("/app/dispensers/pair").text
    code = browser.post("/devices/claims", json={"formato": "longo"}).json()["code"]
    claim = {"uid": "board-1", "claim_code": code}
    return browser.post("/devices/claim", json=claim).raise_for_status().json()["device_token"]


def _a_held_poll_is_answered_at_once(yaguts: Proxied, browser: httpx.Client, token: str) -> int:
    jar = {"frasco": 1, "rotulo": "Sal", "g_por_seg": 2.0, "estoque_g": 100.0}
    browser.put("/config/robo", json=[jar]).raise_for_status()
    sent = {"Authorization": f"Bearer {token}", "Yaguts-Holding": ""}
    answers: list[tuple[int, float]] = []

    def poll() -> None:
        with yaguts.browser() as board:
            answer = board.get("/devices/me/next_job?wait=25", headers=sent)
            answers.append((answer.json()["id"], time.monotonic()))

    polling = threading.Thread(target=poll)
    polling.start()
    polling.join(HELD_S)
    assert answers == []  # It is held.
    dispenser = browser.get("/me/devices").json()["devices"][0]["id"]
    dose = {"frasco": 1, "quantidade_g": 2.0}
    job = browser.post(f"/devices/{dispenser}/dose", json=dose).raise_for_status().json()["id"]
    ordered = time.monotonic()
    polling.join()
    assert answers[0][0] == job
    assert answers[0][1] - ordered < 10
    return job


def _a_websocket_tells_of_the_job(yaguts: Proxied, browser: httpx.Client, job: int) -> None:
    cookies = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    address = yaguts.address.replace("https", "wss") + f"/ws/jobs/{job}"
    headers = {"Cookie": cookies, "Origin": yaguts.address.removesuffix("/yaguts")}
    with connect(address, ssl=TRUST, additional_headers=headers) as live:
        live.send(w.PING)
        assert live.recv(timeout=10)


def _a_live_page_is_not_held_back(browser: httpx.Client) -> None:
    page = browser.get("/app/")
    source = re.findall(r'data-live="([^"]+)"', page.text)[0]
    with browser.stream("GET", page.url.join(source), timeout=10) as live:
        assert live.headers["content-type"].startswith("text/event-stream")
        assert next(live.iter_text()).startswith("data: ")


def _a_large_file_arrives(yaguts: Proxied, browser: httpx.Client) -> None:
    """As large as the server itself takes."""
    file = b"1 g sal\n" + b" " * (LARGEST_FORM - LARGEST)
    origin = {"Origin": yaguts.address.removesuffix("/yaguts")}
    page = browser.post("/app/recipes/import", files={"file": ("a.txt", file)}, headers=origin)
    assert page.status_code == 200, page.text[:300]


@pytest.mark.parametrize(
    ("trusted", "believed"),
    [("", True), ("none", False), pytest.param("192.0.2.0/24", False, marks=pytest.mark.more)],
)
def test_only_a_trusted_proxy_is_believed(tmp_path: Path, trusted: str, believed: bool) -> None:
    server = Server(tmp_path, YAGUTS_TRUSTED_PROXIES=trusted)
    server.start()
    account = {"nome": "Ana", "senha": PASSWORD}
    said = {"X-Forwarded-For": STRANGER, "X-Forwarded-Proto": "https"}
    try:
        with httpx.Client(base_url=server.address) as browser:
            browser.post("/auth/register", json=account).raise_for_status()
            cookie = browser.post("/auth/login", json=account, headers=said).headers["set-cookie"]
            assert ("Secure" in cookie) == believed
            browser.post("/auth/login", json=account).raise_for_status()
            assert (STRANGER in browser.get("/auditoria").text) == believed
    finally:
        server.kill()
