"""How many entries of NVS are free, read from its pages as ESP-IDF writes them. Pure.

A page is 4,096 bytes: a head of 32 bytes (the first word is its state), a bitmap of 32 bytes with
two bits for each of 126 entries (3 empty, 2 written, 0 erased), then the entries.
"""

PAGE_BYTES = 4096
HEAD_BYTES = 64
ENTRIES = 126
_WRITTEN = 2
_UNUSED = 0xFFFFFFFF


def written_entries(head: bytes) -> int:
    """How many entries of the page with these first 64 bytes hold something."""
    if int.from_bytes(head[:4], "little") == _UNUSED:
        return 0
    written = 0
    for place in range(ENTRIES):
        written += head[32 + place // 4] >> place % 4 * 2 & 3 == _WRITTEN
    return written


def free_entries(heads: "list[bytes]") -> int:
    """How many entries can still be written in a partition of these pages; one stays in reserve."""
    return (len(heads) - 1) * ENTRIES - sum([written_entries(head) for head in heads])
