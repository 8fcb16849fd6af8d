"""What runs on the board, as code for its MicroPython."""

from yaguts.services.firmware.root_files import LOADER

SLOTS = ("/a", "/b")
MANIFEST = "manifest.json"
CONFIGURATION = "/yaguts.json"
DARK_LIST = "/dark.json"
AUTHORITY = "/ca.der"
KEYS = ("/key_a", "/key_b")
"""The public keys that sign releases. They belong to no slot, so that no release brings its own."""
USB_SESSION = "/usb-session"

FACTS = f"""
import esp32, machine, os, sys
from binascii import hexlify
def there(path):
    try:
        os.stat(path)
        return True
    except OSError:
        return False
def text(path):
    with open(path) as file:
        return file.read()
def cell(key):
    try:
        return esp32.NVS("slot").get_i32(key)
    except OSError:
        return 0
nvs = esp32.Partition.find(esp32.Partition.TYPE_DATA, label="nvs")[0].info()[3]
facts = {{
    "machine": getattr(sys.implementation, "_machine", sys.platform),
    "version": list(sys.implementation.version[:3]),
    "uid": hexlify(machine.unique_id()).decode(),
    "bytecode": getattr(sys.implementation, "_mpy", 0) & 0xFF,
    "nvs_bytes": nvs,
    "active": cell("active") & 1,
    "whole": [there(slot + "/{MANIFEST}") for slot in {SLOTS!r}],
    "waits": there("{USB_SESSION}"),
    "configuration": text("{CONFIGURATION}") if there("{CONFIGURATION}") else "",
    "authority": there("{AUTHORITY}"),
}}
"""

OPEN_SESSION = f"""
import machine, os, time
os.rename("{LOADER}~", "{LOADER}")
open("{USB_SESSION}", "w").close()
time.sleep_ms(100)
machine.reset()
"""

_FOLDERS = """
import os
def remove(path):
    try:
        if os.stat(path)[0] & 0x4000:
            for entry in os.ilistdir(path):
                remove(path + "/" + entry[0])
            os.rmdir(path)
        else:
            os.remove(path)
    except OSError:
        pass
"""

DIGESTS = """
import hashlib, os
from binascii import hexlify
def digest(path):
    whole = hashlib.sha256()
    buffer = bytearray(512)
    with open(path, "rb") as file:
        while True:
            length = file.readinto(buffer)
            if not length:
                return hexlify(whole.digest()).decode()
            whole.update(memoryview(buffer)[:length])
def digests(path, found):
    try:
        if os.stat(path)[0] & 0x4000:
            for entry in os.ilistdir(path):
                digests(path + "/" + entry[0], found)
        else:
            found[path] = digest(path)
    except OSError:
        pass
    return found
"""


def empty_slot(slot: str, folders: list[str]) -> str:
    """Empty a slot, the manifest first, and make its folders."""
    made = [slot, *(f"{slot}/{folder}" for folder in folders)]
    return _FOLDERS + (
        f'remove("{slot}/{MANIFEST}")\n'
        f'remove("{slot}")\n'
        f"for folder in {made!r}:\n    os.mkdir(folder)\n"
    )


def put_in_place(paths: list[str]) -> str:
    """Let each file `<path>~` take the place of the file at its path."""
    return f'import os\nfor path in {paths!r}:\n    os.rename(path + "~", path)\n'


def activate(slot: str) -> str:
    """Let the loader start this slot. Each cell is old or new after a power cut."""
    return (
        'import esp32\ncells = esp32.NVS("slot")\n'
        f'for key, value in (("untried", 0), ("tries", 0), ("active", {SLOTS.index(slot)})):\n'
        "    cells.set_i32(key, value)\n    cells.commit()\n"
    )


def remove(paths: list[str]) -> str:
    """Remove files and folders that may be there."""
    return _FOLDERS + f"for path in {paths!r}:\n    remove(path)\n"
