"""The golden messages: what is on the wire, byte for byte, on CPython and on MicroPython."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.components import micropython
from yaguts_wire import messages as m
from yaguts_wire.codec import decode
from yaguts_wire.limits import MAX_JOB_BYTES
from yaguts_wire.offers import read_job
from yaguts_wire.server_messages import build_accepted
from yaguts_wire.token_messages import read_paired, read_token
from yaguts_wire.values import Malformed

HERE = Path(__file__).parent
GOLDEN = sorted(HERE.glob("golden/*.json"))
SOURCE = Path(m.__file__).parents[1]


def output(python: list[str], script: str, *arguments: str) -> list[str]:
    """The lines that a script of this folder prints under one of the two Pythons."""
    paths = {"PYTHONPATH": str(SOURCE), "MICROPYPATH": f"{SOURCE}:.frozen"}
    finished = subprocess.run(
        [*python, str(HERE / script), *arguments],
        env={**os.environ, **paths, "PYTHONUTF8": "1"},
        capture_output=True,
        check=True,
        text=True,
        encoding="utf-8",
    )
    return finished.stdout.splitlines()


def pythons() -> dict[str, list[str]]:
    return {
        "cpython": [sys.executable],
        "micropython": [str(micropython()), "-X", "heapsize=64wK"],
    }


@pytest.mark.parametrize("name", ["cpython", "micropython"])
def test_every_golden_message_is_written_back_byte_for_byte(name: str) -> None:
    lines = output(pythons()[name], "round_trip.py", *map(str, GOLDEN))

    assert [line.encode() for line in lines] == [path.read_bytes() for path in GOLDEN]


def test_both_pythons_write_every_amount_alike_and_read_it_back() -> None:
    cpython, on_board = (output(python, "amounts.py") for python in pythons().values())

    assert cpython == on_board
    assert all(line.endswith("True") for line in cpython)


def test_the_largest_job_just_fits_the_buffer_of_firmware_0_1() -> None:
    assert len((HERE / "golden/job_largest.json").read_bytes()) == MAX_JOB_BYTES


UNSENDABLE = ("a\x00b", "\x1f", "Sal\n", "\x7f", "\x9f", "\ud800", "a\udfff")
JOB = json.loads((HERE / "golden/job_one_jar.json").read_bytes())


def changed(path: str, value: object) -> dict[str, object]:
    """A well-formed job with the value at `path` ("itens.0.frasco") changed."""
    job = json.loads(json.dumps(JOB))
    *way, last = path.split(".")
    place = job
    for name in way:
        place = place[int(name)] if name.isdecimal() else place[name]
    place[last] = value
    return job


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("id", 0),
        ("id", True),
        ("id", "7"),
        ("job_key", ""),
        ("job_key", None),
        ("validade_s", -1),
        ("itens", []),
        ("itens", None),
        ("itens", [None]),
        ("itens", JOB["itens"] * 2),
        ("itens.0.frasco", 0),
        ("itens.0.frasco", 17),
        ("itens.0.frasco", 1.0),
        ("itens.0.quantidade_g", -50),
        ("itens.0.quantidade_g", float("nan")),
        ("itens.0.quantidade_g", float("inf")),
        ("itens.0.quantidade_g", "4.5"),
        ("itens.0.quantidade_g", 1e300),
        ("itens.0.segundos", -0.001),
        ("itens.0.tempero", "x" * 61),
        *[("itens.0.tempero", text) for text in UNSENDABLE],
        *[("job_key", text) for text in UNSENDABLE],
        ("job_key", "ç" * 33),
        ("motor_config", None),
        ("motor_config.vibration_intensity", 101),
        ("motor_config.max_runtime_sec", 29),
    ],
)
def test_a_job_that_is_not_as_it_must_be_is_refused_by_its_key(path: str, value: object) -> None:
    with pytest.raises(Malformed) as refusal:
        read_job(changed(path, value))

    assert refusal.value.key in path.split(".") or path == "itens"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<html>Entre na rede</html>",
        b'{"id": 7',
        b"[]",
        b"null",
        b'{"q": NaN}',
        b'{"q": Infinity}',
        b'{"t": "\xff"}',
        b"[" * 8000,
    ],
)
def test_what_is_not_a_message_is_refused(data: bytes) -> None:
    with pytest.raises(Malformed):
        decode(data)


def test_an_answer_for_another_job_is_no_consent() -> None:
    assert m.read_accepted(build_accepted("ab12"), "ab12")
    assert not m.read_accepted(build_accepted("ab12"), "cd34")
    assert not m.read_accepted({"ok": "true", "job_key": "ab12"}, "ab12")


def test_a_yes_is_to_one_question_and_to_no_other() -> None:
    asking = m.build_progress("ab", {"order": 1, "jar": 2}, 500, "running", 7)

    assert asking["pergunta"] == 7
    assert "pergunta" not in m.build_progress("ab", {"order": 1, "jar": 2}, 500, "running")
    assert m.read_resume({"ok": True, "retomar": 7}, 7)
    assert not any(m.read_resume(answer, 7) for answer in ({"retomar": 8}, {"retomar": None}, {}))
    assert not m.read_resume({"retomar": True}, 1)


@pytest.mark.parametrize("token", ["", "a\r\nHost: b", "a\n", "a\0", "\x7f", "a" * 129, 7, None])
def test_a_token_that_no_header_can_carry(token: object) -> None:
    message = {"device_id": 5, "device_token": token, "heartbeat_sec": 30}

    for read in (read_paired, read_token):
        with pytest.raises(Malformed):
            read(message)
