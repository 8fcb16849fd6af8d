"""A dispenser is paired in its portal with a server behind HTTPS."""

from contextlib import closing
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest

from tests.end_to_end.test_proxies import CERTIFICATES, PAGES, TRUST, proxied
from tests.support.device.portal_board import portal_board
from tests.support.processes.kitchen import PASSWORD, eventually
from yaguts_device.core import set_up

HEAP = "100K"
"""Of the steps 80, 92, 100 and 108K all but the first were enough."""


@pytest.mark.more
@pytest.mark.parametrize(
    ("authority", "result"), [("kitchen.der", set_up.DONE), ("", set_up.UNTRUSTED)]
)
def test_a_claim_over_tls_needs_the_servers_authority(
    authority: str, result: int, tmp_path: Path
) -> None:
    places = [tmp_path / name for name in ("server", "board")]
    for place in places:
        place.mkdir()
    ca = CERTIFICATES / authority if authority else None
    with (
        proxied(places[0], "nginx", PAGES["docs/proxy.md"]) as yaguts,
        closing(httpx.Client(base_url=yaguts.address, verify=TRUST, timeout=30)) as ana,
    ):
        account = {"nome": "Ana", "senha": PASSWORD}
        ana.post("/auth/register", json=account).raise_for_status()
        ana.post("/auth/login", json=account).raise_for_status()
        code = ana.post("/devices/claims").raise_for_status().json()["code"]
        form = {"ssid": "Cozinha", "pass": "cravo e canela", "claim": code, "api": yaguts.address}
        with portal_board(places[1], "micropython", HEAP, ca) as board:
            board.save(urlencode(form))

            eventually(lambda: f"portal: state {result}" in board.log(), within_s=60)
            assert "Memory" not in board.log()
            assert len(ana.get("/me/devices").json()["devices"]) == (result == set_up.DONE)
