"""`yaguts.json` of a board: read, changed, checked and shown."""

import json
from collections.abc import Mapping, Sequence
from typing import cast
from urllib.parse import urlsplit

from yaguts.services.firmware.pin_uses import BUTTON, LED, Configuration, defaults
from yaguts.services.firmware.usb.errors import UsbError
from yaguts.services.firmware.wiring import NEW_BOARDS, problems

FIRST_CHIP = "esp32"
"""A configuration of this chip that names no wiring means that of firmware 0.1."""
ACCESS_POINT = "access_point"
"""The password of the board's own Wi-Fi."""
NETWORKS = "networks"
"""The Wi-Fi networks before `wifi`, the latest first, each as [name, password]."""
_SECRETS = ("password", "code", ACCESS_POINT)
_NAMES = ("wifi", "password", "server", "code", "authority", ACCESS_POINT)
MOST_NETWORKS = 5


def parsed(text: str | bytes, where: str) -> dict[str, object]:
    """The configuration in a text; none in an empty one. Raises `UsbError`."""
    if not text.strip():
        return {}
    try:
        found: object = json.loads(text)
    except ValueError as error:
        raise UsbError(f"{where} is not JSON ({error}): correct it.") from None
    if not isinstance(found, dict):
        raise UsbError(f"{where} is not an object with keys: correct it.")
    return cast("dict[str, object]", found)


def changed(
    chip: str,
    before: Configuration,
    values: Mapping[str, str | None],
    wiring: Configuration | None = None,
) -> dict[str, object]:
    """The configuration with other values, and with another wiring if one is given.

    A board without a wiring gets that of a new board. Raises `UsbError`, which says all that is
    wrong with it.
    """
    after = {**before, **{key: value for key, value in values.items() if value is not None}}
    if values.get("wifi") is not None:
        after[NETWORKS] = _others(before, after["wifi"])
        if not after[NETWORKS]:
            del after[NETWORKS]
    if wiring is not None:
        _refuse_unknown(wiring)
        after = {key: value for key, value in after.items() if key not in _wired()}
        after.update(wiring)
    if not _wiring_keys() & after.keys() and (chip != FIRST_CHIP or not before):
        after.update(NEW_BOARDS[chip])
    _check(chip, after)
    return after


def wiring_of(configuration: Configuration) -> dict[str, object]:
    """The keys of the configuration that say what is wired to which pin."""
    return {key: value for key, value in configuration.items() if key in _wiring_keys()}


def as_bytes(configuration: Configuration) -> bytes:
    """The configuration as it lies on the board."""
    return json.dumps(configuration, ensure_ascii=False, indent=1).encode() + b"\n"


def shown(configuration: Configuration) -> list[str]:
    """A line for each key; of a secret only that it is there."""
    return [f"{key}: {_shown(key, value)}" for key, value in configuration.items()]


def _others(before: Configuration, wifi: object) -> list[object]:
    """The networks that the board knows beside this one, the latest first."""
    known = before.get(NETWORKS, [])
    networks: list[object] = list(cast("list[object]", known)) if isinstance(known, list) else []
    if before.get("wifi"):
        networks.insert(0, [before["wifi"], before.get("password", "")])
    return [each for each in networks if not _is_named(each, wifi)][: MOST_NETWORKS - 1]


def _is_named(network: object, name: object) -> bool:
    return isinstance(network, list) and cast("list[object]", network)[:1] == [name]


def _shown(key: str, value: object) -> str:
    if key == NETWORKS and isinstance(value, list):
        pairs = cast("list[list[object]]", value)
        return ", ".join(str(name) for name, *_ in pairs)
    if key in _SECRETS:
        return "(set)" if value else "(empty)"
    return value if isinstance(value, str) else json.dumps(value)


def _wiring_keys() -> set[str]:
    return {BUTTON, *(key for driver in defaults().values() for key in driver)}


def _wired() -> set[str]:
    """What a file with a wiring may name: an LED as well, without which a wiring is whole."""
    return {LED, *_wiring_keys()}


def _refuse_unknown(wiring: Configuration) -> None:
    unknown = sorted(wiring.keys() - _wired())
    if unknown:
        known = ", ".join(sorted(_wired()))
        raise UsbError(f"The wiring has {_listed(unknown)}, which are none of: {known}.")


def _check(chip: str, configuration: Configuration) -> None:
    wrong = [*problems(chip, configuration), *_wrong_values(configuration)]
    if wrong:
        raise UsbError("The board would not work so:\n" + "\n".join(f"- {each}" for each in wrong))


def _wrong_values(configuration: Configuration) -> list[str]:
    wrong = [
        f"{key}: {json.dumps(configuration[key])} is not a text."
        for key in _NAMES
        if not isinstance(configuration.get(key, ""), str)
    ]
    server = str(configuration.get("server", "http://none"))
    return [*wrong, *_wrong_access_point(configuration), *_wrong_server(server)]


def _wrong_access_point(configuration: Configuration) -> list[str]:
    password = str(configuration.get(ACCESS_POINT, ""))
    if password and not 8 <= len(password) <= 63:
        return [f"{ACCESS_POINT}: a password has 8 to 63 characters."]
    return []


def _wrong_server(server: str) -> list[str]:
    if not server.startswith(("http://", "https://")):
        return [f"server: {server} begins neither with https:// nor with http://."]
    try:
        good = bool(urlsplit(server).hostname) and urlsplit(server).port != 0
    except ValueError:
        good = False
    return [] if good else [f"server: {server} is no address of a server."]


def _listed(names: Sequence[str]) -> str:
    return " and ".join(names)
