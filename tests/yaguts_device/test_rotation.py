"""A token is renewed in two phases: no cut and no lost answer locks a board out.

The firmware on the bench, against the real server.
"""

import asyncio
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from tests.support.device.bench import Bench
from tests.support.device.counter import Counter
from tests.support.device.flash import CUTS
from tests.support.kitchen.household import Household
from yaguts.domain.dispenser import TOKEN_LIFE
from yaguts.services.dispensers import pairing_codes
from yaguts_device.journal.identity import NAMESPACE, Identity
from yaguts_sim.faults.kinds import Torn
from yaguts_wire import dispenser_words as w

OWNER = 1


class RealServer(Counter):
    """The server itself. It books the `lost`-th call from now, and hangs up without an answer.

    The answer to the `refused`-th call comes from somebody else, who says 401.
    """

    def __init__(self, home: Household) -> None:
        super().__init__()
        self._browser = home.browser()
        self.lost = self.refused = 0
        self.calls: list[str] = []
        self.statuses: list[int] = []

    async def answer(self, target: str, body: dict[str, Any]) -> bytes | None:
        first, *lines = self.head.split("\r\n")
        method, path = first.split(" ")[0], target.partition("?")[0]
        headers = dict(line.split(": ", 1) for line in lines)
        headers.setdefault(w.HOLDING_HEADER, "")
        said = self._browser.request(method, path, json=body or None, headers=headers)
        self.calls.append(path)
        await asyncio.sleep(25 if said.status_code == 204 else 0.01)
        self.lost -= 1
        if self.lost == 0:
            return None
        self.refused -= 1
        if self.refused == 0:
            return (
                b"HTTP/1.1 401 X\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
            )
        self.statuses.append(said.status_code)
        head = f"HTTP/1.1 {said.status_code} X\r\nContent-Type: application/json\r\n"
        return f"{head}Content-Length: {len(said.content)}\r\n\r\n".encode() + said.content


class Kitchen:
    """A server, and a board on its bench that was claimed ninety days ago."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.home = Household(folder)
        self.ana = self.home.person("Ana")
        self.server = RealServer(self.home)
        self.bench = Bench(self.server)
        self.code = pairing_codes.new_code(self.home.site, OWNER, long=True).text

    def claim(self) -> str:
        """The board's first token."""
        self.bench.serve(5_000, self.code)
        self.home.clock.now += TOKEN_LIFE
        self.server.calls.clear()
        return self.token()

    def token(self) -> str:
        return Identity(self.bench.flash.namespace(NAMESPACE)).token

    def knows(self, token: str) -> bool:
        bearer = {"Authorization": f"Bearer {token}"}
        return self.home.browser().post("/devices/me/heartbeat", headers=bearer).is_success

    def end_well(self, old: str) -> None:
        """A boot later the board has a new token that works, and the old one is dead."""
        self.bench.serve(120_000, "")
        assert self.token() != old
        assert self.knows(self.token())
        assert not self.knows(old)


@pytest.fixture
def kitchen(tmp_path: Path) -> Generator[Kitchen]:
    made = Kitchen(tmp_path / "kitchen")
    yield made
    made.home.close()


def test_a_token_of_ninety_days_is_renewed(kitchen: Kitchen) -> None:
    kitchen.end_well(kitchen.claim())
    assert kitchen.server.calls.count("/devices/me/token") == 1
    lines = kitchen.home.signed_in("Ana").get("/auditoria").json()
    assert lines[1]["evento"] == "token_renewed"


def test_a_younger_one_is_renewed_when_its_owner_asks(kitchen: Kitchen) -> None:
    old = kitchen.claim()
    kitchen.home.clock.now -= TOKEN_LIFE
    kitchen.bench.serve(60_000, "")
    assert kitchen.token() == old

    kitchen.ana.post("/devices/1/token")
    kitchen.end_well(old)


def test_the_old_token_works_until_the_new_one_is_used(kitchen: Kitchen) -> None:
    old = kitchen.claim()
    bearer = {"Authorization": f"Bearer {old}"}
    browser = kitchen.home.browser()
    first, second = (
        browser.post("/devices/me/token", headers=bearer).json()[w.DEVICE_TOKEN] for _ in range(2)
    )

    assert kitchen.knows(old)
    assert not kitchen.knows(first)
    assert kitchen.knows(second)
    assert not kitchen.knows(old)


def test_a_server_restored_from_before_the_change_knows_the_board_still(kitchen: Kitchen) -> None:
    old = kitchen.claim()
    Identity(kitchen.bench.flash.namespace(NAMESPACE)).renew("unknown to this server")
    kitchen.end_well(old)


@pytest.mark.parametrize("torn", CUTS)
def test_the_power_fails_in_each_flash_write_of_it(torn: Torn, tmp_path: Path) -> None:
    def cut_in(kitchen: Kitchen, write: int) -> None:
        old = kitchen.claim()
        kitchen.bench.serve_until_cut_in_write(write, torn, "")
        kitchen.end_well(old)

    for write in range(1, flash_writes(tmp_path / "counted") + 1):
        kitchen = Kitchen(tmp_path / str(write))
        try:
            cut_in(kitchen, write)
        except AssertionError as failure:
            raise AssertionError(f"power cut {torn} write {write}") from failure
        kitchen.home.close()


def flash_writes(folder: Path) -> int:
    """How often the flash is written while a token is renewed."""
    kitchen = Kitchen(folder)
    kitchen.claim()
    before = kitchen.bench.flash.operations
    kitchen.bench.serve(60_000, "")
    kitchen.home.close()
    writes = kitchen.bench.flash.operations - before
    assert writes >= 2
    return writes


@pytest.mark.parametrize("call", range(1, 5))
def test_each_answer_on_the_way_is_lost(call: int, kitchen: Kitchen) -> None:
    old = kitchen.claim()
    kitchen.server.lost = call
    kitchen.end_well(old)


@pytest.mark.parametrize("call", range(1, 5))
def test_each_answer_on_the_way_is_a_refusal_of_somebody_elses(call: int, kitchen: Kitchen) -> None:
    """The board may give a token up that the server knows, and must come back to it by itself."""
    old = kitchen.claim()
    kitchen.server.refused = call
    kitchen.bench.serve(300_000, "")
    assert kitchen.server.statuses[-1] in (200, 204)
    kitchen.end_well(old)


def test_a_claim_whose_answer_is_lost_does_not_cost_its_code(kitchen: Kitchen) -> None:
    kitchen.server.lost = 1
    kitchen.bench.serve(30_000, kitchen.code)

    assert kitchen.server.calls[:2] == ["/devices/claim"] * 2
    assert kitchen.knows(kitchen.token())
    assert len(kitchen.ana.get("/devices").json()["devices"]) == 1
