"""Who may speak as the server: chain, host name and dates must all be right, on both Pythons."""

import asyncio
import ssl
from pathlib import Path

import pytest

from tests.support.device.counter import Counter
from tests.support.device.vms import SCRIPTS, VMS, command, environment

BEGIN = "-----BEGIN CERTIFICATE-----"
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


SENTENCES = {
    "expired": "the server's certificate has expired, or the clock is ahead",
    "not-yet-valid": "the server's certificate is not valid yet, or the clock is behind",
    "wrong-host": "the certificate is that of another server",
    "wrong-authority": "the certificate is not signed by the authority on this board",
    "self-signed": "the certificate is not signed by the authority on this board",
    "by-a-leaf": "the certificate is not signed by the authority on this board",
    "damaged": "the certificate is not signed by the authority on this board",
    "no TLS": "what answers speaks no TLS",
}


def damaged(folder: Path) -> Path:
    """The good certificate with a bit of its signature flipped."""
    key, _, certificate = (CERTIFICATES / "good.pem").read_text().partition(BEGIN)
    der = bytearray(ssl.PEM_cert_to_DER_cert(BEGIN + certificate))
    der[-1] ^= 1
    file = folder / "damaged.pem"
    file.write_text(key + ssl.DER_cert_to_PEM_cert(bytes(der)))
    return file


async def logged(vm: str, name: str, folder: Path) -> str:
    """What the whole firmware's log says of a server with this certificate, without the address."""
    context = None if name == "no TLS" else ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    if context:
        file = damaged(folder) if name == "damaged" else CERTIFICATES / f"{name}.pem"
        context.load_cert_chain(file)
    counter = Counter()
    server = await asyncio.start_server(
        _hang_up if not context else counter.serve, "127.0.0.1", 0, ssl=context
    )
    address = f"https://localhost:{server.sockets[0].getsockname()[1]}"
    options = {"server": address, "uid": "v-1", "flash": str(folder / "flash"), "claim": "123456"}
    options["ca"] = str(CERTIFICATES / "kitchen.der")
    arguments = [part for key, value in options.items() for part in (f"--{key}", value)]
    process = await asyncio.create_subprocess_exec(
        *command(vm), "-m", "yaguts_device", *arguments,
        env=environment(), stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    line = b""
    while not line.startswith(b"not answered: "):
        line = await process.stdout.readline()
        assert line, "it ended"
    process.kill()
    await process.wait()
    server.close()
    await asyncio.gather(*filter(None, counter.serving))
    assert not counter.requests, "nothing was asked of it"
    return line.decode().strip()


async def _hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read(100)
    writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
    writer.close()


@pytest.mark.parametrize("vm", VMS)
@pytest.mark.parametrize("name", SENTENCES)
def test_each_bad_server_has_its_sentence_in_the_log(vm: str, name: str, tmp_path: Path) -> None:
    told = asyncio.run(logged(vm, name, tmp_path))

    assert told.endswith(": " + SENTENCES[name])


@pytest.mark.parametrize("vm", VMS)
def test_nor_is_the_right_server_under_another_name(vm: str, tmp_path: Path) -> None:
    assert asyncio.run(said(vm, "good", "127.0.0.1", tmp_path)).startswith("refused")
