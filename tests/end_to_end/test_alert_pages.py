"""The pages about alerts say what works: commands, addresses, how to check a signature."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT
from tests.support.page_commands import run_page, shell_blocks
from yaguts.domain.alerts.addresses import SERVICES, WEBHOOKS, parsed
from yaguts.services.runtime.alerting.webhook import signature
from yaguts.settings import Settings

PAGES = ["docs/operations/alerts.md", "docs/pt/operacao/avisos.md"]
ON_THE_PAGE = SERVICES - WEBHOOKS - {"json", "jsons", "hassios", "matrix", "mailto"}
"""Each service once: the page does not list both spellings of all."""


@pytest.mark.parametrize("page", PAGES)
def test_its_commands_work(page: str, tmp_path: Path) -> None:
    run_page(page, tmp_path)

    setting = re.search(r"YAGUTS_ALERT_PRIVATE_TARGETS=(\S+)", "".join(shell_blocks(page)))
    assert setting
    read = Settings.from_environment({"YAGUTS_ALERT_PRIVATE_TARGETS": setting[1]})
    assert read.alert_private_targets == ("192.168.1.20/32", "192.168.1.21/32")


@pytest.mark.parametrize("page", PAGES)
def test_its_addresses_may_be_used(page: str) -> None:
    text = (ROOT / page).read_text("utf-8")
    table = re.search(r"\| (?:to|para) \|.*?\n\n", text, re.DOTALL)
    assert table
    named = re.findall(r"`(\w+://[^`…]*)`", table[0])
    whole = [address for address in named if not address.endswith("://")]

    assert len(whole) >= 5
    for address in whole:
        parsed(address)
    schemes = {address.partition("://")[0] for address in named}
    assert {scheme.removesuffix("s") for scheme in schemes} == {
        scheme.removesuffix("s") for scheme in ON_THE_PAGE
    }


@pytest.mark.parametrize("page", PAGES)
def test_a_receiver_that_does_as_it_says_knows_what_is_ours(page: str) -> None:
    block = re.search(r"```python\n(.*?)```", (ROOT / page).read_text("utf-8"), re.DOTALL)
    assert block
    said: dict[str, Callable[..., bool]] = {}
    exec(block[1], said)
    timestamp = str(int(datetime.now(UTC).timestamp()))
    good = signature("key", timestamp, b"{}")

    assert said["is_ours"]("key", timestamp, good, b"{}")
    assert not said["is_ours"]("another", timestamp, good, b"{}")
    assert not said["is_ours"]("key", timestamp, good, b"{ }")
    old = str(int(timestamp) - 400)
    assert not said["is_ours"]("key", old, signature("key", old, b"{}"), b"{}")
