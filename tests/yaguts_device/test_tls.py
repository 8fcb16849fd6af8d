"""Who may speak as the server: chain, host name and dates must all be right, on both Pythons."""

import asyncio
import ssl
from pathlib import Path

import pytest

from tests.support.device.counter import Counter
from tests.support.device.vms import SCRIPTS, VMS, command, environment

HERE = Path(__file__).parent
CERTIFICATES = HERE / "certificates"
BAD = [
    "wrong-host", "wrong-authority", "expired", "not-yet-valid", "self-signed", "by-a-leaf"
]  # fmt: skip


WRONG_DATES = ["expired", "not-yet-valid"]


async def said(vm: str, certificate: str, host: str, folder: Path, what: str = "call") -> str:
    """What a dispenser says of a server with this certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATES / f"{certificate}.pem")
    counter = Counter()
    server = await asyncio.start_server(counter.serve, "127.0.0.1", 0, ssl=context)
    address = f"https://{host}:{server.sockets[0].getsockname()[1]}"
    script = [
        str(SCRIPTS / "one_call.py"),
        address,
        str(CERTIFICATES / "kitchen.der"),
        str(folder),
        what,
    ]
    process = await asyncio.create_subprocess_exec(
        *command(vm), *script, env=environment(), stdout=asyncio.subprocess.PIPE
    )
    output, _ = await process.communicate()
    server.close()
    await asyncio.gather(*filter(None, counter.serving))
    return output.decode()


@pytest.mark.parametrize("vm", VMS)
def test_the_right_server_is_heard(vm: str, tmp_path: Path) -> None:
    assert "2026-11-24" in asyncio.run(said(vm, "good", "localhost", tmp_path))
    assert asyncio.run(said(vm, "good", "localhost", tmp_path, "date")).startswith("answered")


@pytest.mark.parametrize("vm", VMS)
@pytest.mark.parametrize("certificate", BAD)
def test_nobody_else_is(vm: str, certificate: str, tmp_path: Path) -> None:
    told = asyncio.run(said(vm, certificate, "localhost", tmp_path))

    assert told.startswith("wrong dates" if certificate in WRONG_DATES else "refused")


@pytest.mark.parametrize("vm", VMS)
@pytest.mark.parametrize("certificate", WRONG_DATES)
def test_of_whoever_has_wrong_dates_the_date_is_read_without_a_check(
    vm: str, certificate: str, tmp_path: Path
) -> None:
    checked = asyncio.run(said(vm, certificate, "localhost", tmp_path, "date"))
    unchecked = asyncio.run(said(vm, certificate, "localhost", tmp_path, "unchecked date"))

    assert checked.startswith("wrong dates")
    assert unchecked.startswith("answered 18")


@pytest.mark.parametrize("vm", VMS)
def test_nor_is_the_right_server_under_another_name(vm: str, tmp_path: Path) -> None:
    assert asyncio.run(said(vm, "good", "127.0.0.1", tmp_path)).startswith("refused")
