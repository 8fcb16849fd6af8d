"""The releases that are offered: good ones, forged ones, ones for another board, ones that fail."""

from typing import Any

from yaguts_device.update.signature import key_id
from yaguts_sim.updates.signing import OWNER, STRANGER, SignedRelease, make_release, small_files
from yaguts_sim.updates.updated import NEW, OLD, Case
from yaguts_wire import update_words as u

_PATH = "yaguts_device/part_0.mpy"


def _release(number: int = NEW, **facts: Any) -> SignedRelease:
    return make_release(number, small_files(2), OWNER, **facts)


def _flipped(data: bytes, place: int = 40) -> bytes:
    changed = bytearray(data)
    changed[place] ^= 1
    return bytes(changed)


def _with(release: SignedRelease, **changed: Any) -> SignedRelease:
    return SignedRelease(**{**vars(release), **changed})


def _refused(name: str, reason: str, release: SignedRelease, **more: Any) -> Case:
    return Case(name, release, (u.REFUSED, reason), within_s=1800, **more)


def _file(path: str, size: Any = 200) -> dict[str, Any]:
    return {"path": path, "size": size, "sha256": "0" * 64}


def _bit_in_file(place: int) -> SignedRelease:
    good = _release()
    path = sorted(good.files)[place]
    return _with(good, files={**good.files, path: _flipped(good.files[path])})


def _longer_file() -> SignedRelease:
    good = _release()
    return _with(good, files={**good.files, _PATH: good.files[_PATH] + b"!"})


def _shorter_file() -> SignedRelease:
    good = _release()
    return _with(good, files={**good.files, _PATH: good.files[_PATH][:-1]})


GOOD = Case("good", _release(), (u.CONFIRMED, ""))
OF_REAL_SIZE = Case(
    "of real size", make_release(NEW, small_files(3, 48, 1100), OWNER), (u.CONFIRMED, "")
)
_GOOD = GOOD.release
ROTATION = Case(
    "announces a key and retires the one before",
    _release(add_key=STRANGER.modulus.hex(), retire_key=key_id(OWNER.modulus)),
    (u.CONFIRMED, ""),
    keys_after=(STRANGER.modulus,),
)

REFUSED = (
    _refused("signed by a stranger", u.BAD_SIGNATURE, make_release(NEW, small_files(2), STRANGER)),
    _refused(
        "a bit in the manifest", u.BAD_SIGNATURE, _with(_GOOD, manifest=_flipped(_GOOD.manifest))
    ),
    _refused(
        "a bit in the signature", u.BAD_SIGNATURE, _with(_GOOD, signature=_flipped(_GOOD.signature))
    ),
    _refused("a short signature", u.BAD_SIGNATURE, _with(_GOOD, signature=_GOOD.signature[:-1])),
    _refused("a long signature", u.BAD_SIGNATURE, _with(_GOOD, signature=_GOOD.signature + b"0")),
    *(_refused(f"a bit in file {place}", u.WRONG_HASH, _bit_in_file(place)) for place in range(3)),
    _refused("a longer file", u.WRONG_SIZE, _longer_file()),
    _refused("a shorter file", u.WRONG_SIZE, _shorter_file()),
    _refused("downgrade", u.DOWNGRADE, _release(OLD - 1)),
    _refused("no newer than confirmed", u.DOWNGRADE, _release(NEW), cells=(("release", NEW),)),
    _refused("another one than offered", u.MALFORMED, _with(_release(NEW + 1), number=NEW)),
    _refused("expired", u.EXPIRED, _release(expires=1_000_000_000)),
    _refused("no time", u.NO_TIME, _release(), has_time=False),
    _refused("another chip", u.WRONG_HARDWARE, _release(hardware="esp32-s3")),
    _refused("another bytecode", u.WRONG_BYTECODE, _release(bytecode="6.4")),
    _refused("a newer MicroPython", u.OLD_MICROPYTHON, _release(micropython="1.100")),
    _refused("a newer server", u.WRONG_SERVER, _release(server={"from": "0.3", "to": None})),
    _refused("an older server", u.WRONG_SERVER, _release(server={"from": "0.1", "to": "0.1"})),
    _refused("no key", u.NO_KEY, _release(), keys=()),
    _refused("an endless manifest", u.TOO_LARGE, _release(), endless="manifest"),
    _refused("an endless signature", u.BAD_SIGNATURE, _release(), endless="signature"),
    _refused("an endless file", u.WRONG_SIZE, _release(), endless="files"),
    _refused("a manifest too large", u.TOO_LARGE, _release(note="x" * u.MAX_MANIFEST_BYTES)),
    _refused(
        "files too large", u.TOO_LARGE, _release(files=[_file(_PATH, u.MAX_RELEASE_BYTES + 1)])
    ),
    _refused(
        "too many files",
        u.TOO_MANY,
        _release(files=[_file(f"yaguts_wire/{n:03}.mpy") for n in range(u.MAX_FILES + 1)]),
    ),
    *(
        _refused(f"path {path}", u.BAD_PATH, _release(files=[_file(path)]))
        for path in (
            "../main.mpy",
            "/main.mpy",
            "main.py",
            "yaguts_device/../../main.mpy",
            "yaguts_device//x.mpy",
            "yaguts_device/.mpy",
            "yaguts_device/x.py",
            "yaguts_device/.html",
            "yaguts_wire.mpy",
            "yaguts_wire\\x.mpy",
            "boot.mpy",
        )
    ),
    _refused("a file twice", u.MALFORMED, _release(files=[_file(_PATH), _file(_PATH)])),
    _refused("no size", u.MALFORMED, _release(files=[_file(_PATH, "200")])),
    _refused("no list of files", u.MALFORMED, _release(files=7)),
    _refused("no expiry", u.MALFORMED, _release(expires=None)),
    _refused("no room", u.NO_ROOM, _release(), room=40_000),
)

FALLING_BACK = (
    *(
        Case(how, _release(), (u.FELL_BACK, u.CRASH), breaks=how)
        for how in (
            "at import",
            "in main",
            "in its first poll",
            "in its first job",
            "after an hour",
        )
    ),
    Case("hangs", _release(), (u.FELL_BACK, u.WATCHDOG), breaks="hangs"),
    Case("silent", _release(), (u.FELL_BACK, u.SILENCE), breaks="silent"),
)

OUTAGES = (
    Case("no network for half an hour", _release(), (u.CONFIRMED, ""), outage_s=(0, 1800)),
    Case("no network after a minute", _release(), (u.CONFIRMED, ""), outage_s=(60, 3000)),
    Case(
        "no network for a day",
        _release(),
        (u.CONFIRMED, ""),
        outage_s=(0, 86_400),
        within_s=200_000,
    ),
)
ALL = (GOOD, OF_REAL_SIZE, ROTATION, *REFUSED, *FALLING_BACK, *OUTAGES)
