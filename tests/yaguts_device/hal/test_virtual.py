"""The dispenser in a process: its relays, its faults, its flash."""

import asyncio
import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from yaguts_device.core import dose_machine
from yaguts_device.hal.virtual import Reset, VirtualBoard


class Relays:
    """A board and the log of its relays."""

    def __init__(self, folder: Path) -> None:
        self._log = folder / "relays.jsonl"
        self.board = VirtualBoard("v-1", str(folder / "a" / "flash"), str(self._log))

    def edges(self) -> list[tuple[int, int, bool]]:
        if not self._log.exists():
            return []
        lines = [json.loads(line) for line in self._log.read_text().splitlines()]
        return [(line["t_ms"], line["frasco"], line["on"]) for line in lines]


def wait_for_end(board: VirtualBoard, jar: int) -> None:
    while left_ms := board.remaining_ms(jar):
        time.sleep(left_ms / 1000)


def test_a_pulse_is_logged_to_the_millisecond_however_late_one_looks(tmp_path: Path) -> None:
    relays = Relays(tmp_path)
    relays.board.open(2, 20)
    time.sleep(0.05)

    assert relays.board.remaining_ms(2) == 0
    (on, _, _), (off, jar, is_on) = relays.edges()
    assert (off - on, jar, is_on) == (20, 2, False)


def test_an_extended_pulse_has_no_gap(tmp_path: Path) -> None:
    relays = Relays(tmp_path)
    relays.board.open(1, 30)
    relays.board.extend(1, 20)
    wait_for_end(relays.board, 1)

    (on, _, _), (off, _, _) = relays.edges()
    assert off - on == 50


def test_a_pulse_that_had_ended_is_extended_by_a_new_one(tmp_path: Path) -> None:
    relays = Relays(tmp_path)
    relays.board.open(1, 10)
    time.sleep(0.02)
    relays.board.extend(1, 15)
    wait_for_end(relays.board, 1)

    times = [when for when, _, _ in relays.edges()]
    assert (times[1] - times[0], times[3] - times[2]) == (10, 15)


def test_a_relay_that_is_closed_early_says_what_was_not_used(tmp_path: Path) -> None:
    relays = Relays(tmp_path)
    relays.board.open(1, 1000)
    unused_ms = relays.board.close(1)

    (on, _, _), (off, _, _) = relays.edges()
    assert off - on == 1000 - unused_ms
    assert unused_ms > 900
    assert relays.board.close(1) == 0


def test_dark_is_dark_and_a_boot_writes_no_edge(tmp_path: Path) -> None:
    relays = Relays(tmp_path)
    relays.board.dark()
    assert relays.edges() == []
    relays.board.open(1, 1000)
    relays.board.open(3, 1000)
    relays.board.dark()

    assert [(jar, on) for _, jar, on in relays.edges()] == [
        (1, True),
        (3, True),
        (1, False),
        (3, False),
    ]


def test_faults_are_planted_in_a_file(tmp_path: Path) -> None:
    board = VirtualBoard("v-1", str(tmp_path))
    assert board.fault(2) == dose_machine.NO_REASON
    (tmp_path / "faults.json").write_text('{"2": "no_flow", "3": "no_driver", "4": "stuck"}')

    assert [board.fault(jar) for jar in (1, 2, 3, 4)] == [
        0,
        0,
        dose_machine.NO_DRIVER,
        dose_machine.STUCK,
    ]
    board.open(2, 1)
    assert board.fault(2) == dose_machine.NO_FLOW


def test_the_flash_is_there_after_a_restart(tmp_path: Path) -> None:
    flash = VirtualBoard("v-1", str(tmp_path)).flash("job_state")
    flash.set_i32("p0", -5)
    flash.set_blob("job_a", b"\x00\xff\n")
    flash.set_i32("gone", 1)
    flash.erase_key("gone")

    again = VirtualBoard("v-1", str(tmp_path)).flash("job_state")
    buffer = bytearray(10)
    assert again.get_i32("p0") == -5
    assert buffer[: again.get_blob("job_a", buffer)] == b"\x00\xff\n"
    for key in ("gone", "job_a"):
        with pytest.raises(OSError, match="NOT_FOUND"):
            again.get_i32(key)


def test_a_write_that_was_killed_half_way_leaves_the_old_value(tmp_path: Path) -> None:
    flash = VirtualBoard("v-1", str(tmp_path)).flash("job_state")
    flash.set_i32("p0", 1)
    (tmp_path / "job_state.p0~").write_bytes(b"i2")

    assert flash.get_i32("p0") == 1


def test_a_number_is_replaced_in_one_write_of_a_fixed_length(tmp_path: Path) -> None:
    flash = VirtualBoard("v-1", str(tmp_path)).flash("job_state")
    (tmp_path / "job_state.p0").write_bytes(b"i7")  # as a board before wrote it
    before = (tmp_path / "job_state.p0").stat().st_ino

    for number in (-(2**31), 2**31 - 1, 0, -1):
        flash.set_i32("p0", number)
        assert flash.get_i32("p0") == number
        assert (tmp_path / "job_state.p0").stat().st_size == 12
    assert (tmp_path / "job_state.p0").stat().st_ino == before


def test_the_flash_is_as_strict_as_a_real_one(tmp_path: Path) -> None:
    flash = VirtualBoard("v-1", str(tmp_path)).flash("job_state")
    with pytest.raises(OverflowError):
        flash.set_i32("p0", 2**31)
    flash.set_blob("job_a", b"123")
    with pytest.raises(OSError, match="LENGTH"):
        flash.get_blob("job_a", bytearray(2))


def test_what_is_written_takes_room(tmp_path: Path) -> None:
    flash = VirtualBoard("v-1", str(tmp_path)).flash("job_state")
    free = flash.free_entries()
    flash.set_i32("p0", -(2**31))
    flash.set_blob("job_a", b"x" * 320)

    assert free - flash.free_entries() == 1 + 2 + 11


def test_a_reset_is_nothing_that_the_firmware_catches(tmp_path: Path) -> None:
    with pytest.raises(Reset):
        VirtualBoard("v-1", str(tmp_path)).reset()
    assert not issubclass(Reset, Exception)


def test_the_clock_can_be_set(tmp_path: Path) -> None:
    board = VirtualBoard("v-1", str(tmp_path))
    board.set_clock(1_000_000_000)

    assert board.unix_s() in (1_000_000_000, 1_000_000_001)


def test_work_that_takes_too_long_is_cut_short(tmp_path: Path) -> None:
    board = VirtualBoard("v-1", str(tmp_path))

    with pytest.raises(asyncio.TimeoutError):
        asyncio.run(board.within(5, board.sleep_ms(5_000)))


def test_memory_outlives_a_reset_and_is_one_boards_own(tmp_path: Path) -> None:
    VirtualBoard("v-1", str(tmp_path / "a")).remember(bytearray(b"so far"))

    assert VirtualBoard("v-1", str(tmp_path / "a")).remembered() == b"so far"
    assert VirtualBoard("v-2", str(tmp_path / "b")).remembered() == b""


def test_the_calls_that_a_test_plants_fail_as_those_of_a_real_board_may(tmp_path: Path) -> None:
    board = Relays(tmp_path).board
    calls = {
        "status": board.status,
        "motor": lambda: board.motor(50),
        "set_clock": lambda: board.set_clock(1_800_000_000),
        "remember": lambda: board.remember(bytearray(4)),
        "up": lambda: asyncio.run(board.up()),
        "network_time": lambda: asyncio.run(board.network_time()),
        "connect": lambda: asyncio.run(board.connect("127.0.0.1", 9, tls=False, checked=True)),
    }
    (tmp_path / "a" / "flash" / "faults.json").write_text(json.dumps({"fails": list(calls)}))
    for name, call in calls.items():
        with pytest.raises(OSError, match=name):
            call()
    assert board.fault(1) == dose_machine.NO_REASON


def test_a_log_that_nobody_reads_ends_nothing(tmp_path: Path) -> None:
    """The reader is gone before the first line: the pipe is broken."""
    script = (
        "import sys, time\n"
        "from yaguts_device.hal.virtual import VirtualBoard\n"
        "board = VirtualBoard('v-1', sys.argv[1])\n"
        "sys.stdin.read()\n"
        "for _ in range(3):\n"
        "    board.log('is anybody there?')\n"
        "open(sys.argv[1] + '/went_on', 'w').close()\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    process.stdout.close()
    process.communicate(b"")

    assert (tmp_path / "went_on").exists()
