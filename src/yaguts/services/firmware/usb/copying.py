"""The firmware onto the board: into the slot that does not run, so that a cut changes nothing.

A board is first restarted into a USB session, in which nothing runs and no watchdog is armed. The
slot's manifest comes last, when each file was read back; then the slot becomes active.
"""

from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from yaguts.services.firmware.board_tree import BoardTree
from yaguts.services.firmware.root_files import LOADER
from yaguts.services.firmware.usb import on_board
from yaguts.services.firmware.usb.cable import Cable, Command
from yaguts.services.firmware.usb.errors import BrokenOff, UsbError
from yaguts.services.firmware.usb.facts import BoardFacts, facts_of
from yaguts.services.firmware.usb.programs import RECONNECT

Files = Mapping[str, bytes]
"""Contents by their paths on the board."""
OnBytes = Callable[[int], object]
FORMER = ["/lib/yaguts_device", "/lib/yaguts_wire", "/yaguts_device", "/yaguts_wire"]
"""Where earlier instructions put the firmware."""


def open_session(cable: Cable, loader: bytes) -> BoardFacts:
    """Restart the board into a USB session. Raises `UsbError`.

    This much fits into the time that the watchdog of an older firmware leaves.
    """
    with TemporaryDirectory() as folder:
        commands = _copies({_aside(LOADER): loader}, Path(folder))

        def opened() -> BoardFacts:
            cable.do(*commands, resume=False)
            cable.restart(on_board.OPEN_SESSION)
            facts = cable.patiently(lambda: facts_of(cable))
            if facts.waits:
                raise BrokenOff(f"The board does not restart by itself. {RECONNECT}")
            return facts

        return cable.patiently(opened)


def slot_to_fill(facts: BoardFacts) -> str:
    """The slot that does not run."""
    a, b = on_board.SLOTS
    return b if facts.active == a and a in facts.whole else a


def holds(cable: Cable, slot: str, tree: BoardTree) -> bool:
    """Whether the slot holds this tree already, to the byte."""
    found = cable.ask(on_board.DIGESTS, f'digests("{slot}", {{}})')
    return found == _digests(_slot_files(slot, tree))


def put_firmware(cable: Cable, slot: str, tree: BoardTree, on_bytes: OnBytes) -> None:
    """Copy the tree into the slot, read it back and make it the one that starts."""
    manifest = f"{slot}/{on_board.MANIFEST}"
    files = _slot_files(slot, tree)
    files[_aside(manifest)] = files.pop(manifest)
    cable.do(["exec", on_board.empty_slot(slot, _folders(tree))])
    _send(cable, files, on_bytes)
    cable.do(["exec", on_board.put_in_place([manifest])], ["exec", on_board.activate(slot)])


def put_root(cable: Cable, files: Files, obsolete: Sequence[str] = (), resume: bool = True) -> None:
    """Put files into the board's root, each whole in the place of the one before.

    What is `obsolete` then is removed before: nothing old goes with something new.
    """
    _send(cable, {_aside(path): content for path, content in files.items()}, int, resume)
    cable.do(["exec", on_board.remove([*obsolete]) + on_board.put_in_place([*files])])


def tidy(cable: Cable) -> None:
    """Remove what earlier instructions put there, and leave nothing that keeps it from starting."""
    cable.do(["exec", on_board.remove([*FORMER, on_board.USB_SESSION])])


def _send(cable: Cable, files: Files, on_bytes: OnBytes, resume: bool = True) -> None:
    """Copy files to their paths and read each of them back. Raises `UsbError`."""

    def count(line: str) -> None:
        on_bytes(len(files.get(line.rpartition(" :")[2], b"")))

    with TemporaryDirectory() as folder:
        cable.do(*_copies(files, Path(folder)), resume=resume, on_line=count)
    found = cable.ask(on_board.DIGESTS, f"[digest(path) for path in {[*files]!r}]")
    if found != [*_digests(files).values()]:
        raise UsbError(
            "What was read back is not what was written: the flash memory of this board is worn "
            "or faulty. Run this again; if it happens again, use another board."
        )


def _copies(files: Files, folder: Path) -> list[Command]:
    commands: list[Command] = []
    for number, (path, content) in enumerate(files.items()):
        source = folder / str(number)
        source.write_bytes(content)
        commands.append(["cp", "-f", source, f":{path}"])
    return commands


def _slot_files(slot: str, tree: BoardTree) -> dict[str, bytes]:
    return {f"{slot}/{path}": content for path, content in tree.with_manifest().items()}


def _folders(tree: BoardTree) -> list[str]:
    """Each folder of the tree, after the one that it is in."""
    return sorted(
        {str(folder) for path in tree.files for folder in PurePosixPath(path).parents} - {"."}
    )


def _digests(files: Files) -> dict[str, str]:
    return {path: sha256(content).hexdigest() for path, content in files.items()}


def _aside(path: str) -> str:
    return path + "~"
