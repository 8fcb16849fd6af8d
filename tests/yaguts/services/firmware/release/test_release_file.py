"""Releases: the same bytes at every build, signed by a key, refused with a reason if not whole."""

import json
import zipfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from random import Random
from typing import Any

import pytest

from yaguts.domain.firmware.release import UpdateReason
from yaguts.services.firmware.board_tree import BoardTree, as_bytes
from yaguts.services.firmware.release import keys
from yaguts.services.firmware.release.keys import (
    BadKey,
    PrivateKey,
    new_key,
    read_private,
    read_public,
)
from yaguts.services.firmware.release.manifest import BadRelease
from yaguts.services.firmware.release.release_file import (
    ReleaseFacts,
    ReleaseFile,
    new_release,
    read_release,
    signed,
    verified,
)
from yaguts_wire.update_words import MAX_FILES, MAX_MANIFEST_BYTES

FACTS = ReleaseFacts(7, "esp32", datetime(2027, 1, 1, tzinfo=UTC), "1.28", "0.2.0", "0.9")
FILES = {
    "yaguts_wire/words.mpy": b"w" * 200,
    "yaguts_device/main.mpy": b"m" * 200,
    "yaguts_device/flow/pour.mpy": b"p" * 200,
    "yaguts_device/portal/form.html": b"f" * 200,
}
TREE = BoardTree("6.3", FILES)
PASSWORD = "uma senha comprida"


@pytest.fixture(scope="module")
def key() -> PrivateKey:
    return new_key()


@pytest.fixture(scope="module")
def release(key: PrivateKey) -> ReleaseFile:
    return signed(new_release(TREE, FACTS), key)


def reason(release: ReleaseFile, key: PrivateKey) -> UpdateReason:
    with pytest.raises(BadRelease) as caught:
        verified(release, key.public)
    return caught.value.reason


def signed_anew(key: PrivateKey, change: Callable[[dict[str, Any]], object]) -> ReleaseFile:
    """A release whose manifest was changed by somebody who has the key."""
    plain = signed(new_release(TREE, FACTS), key)
    told = json.loads(plain.manifest)
    change(told)
    manifest = as_bytes(told)
    return replace(plain, manifest=manifest, signature=key.signature_of(manifest))


def test_the_same_release_is_the_same_bytes_and_is_read_back(
    release: ReleaseFile, key: PrivateKey
) -> None:
    again = signed(new_release(TREE, FACTS), key)

    assert again.as_zip() == release.as_zip()
    assert read_release(release.as_zip()) == release
    assert verified(release, key.public).release.number == 7
    assert [file.path for file in verified(release, key.public).files] == sorted(FILES)


def test_a_signature_is_384_bytes_that_plain_arithmetic_verifies(
    release: ReleaseFile, key: PrivateKey
) -> None:
    """As the board does it."""
    number = int.from_bytes(release.signature, "big")
    padded = pow(number, 65537, int.from_bytes(key.public.modulus, "big"))

    assert len(release.signature) == len(key.public.modulus) == 384
    assert f"{padded:x}".startswith("1ffffffff")


def test_one_bit_in_any_byte_of_the_manifest_or_the_signature_is_found(
    release: ReleaseFile, key: PrivateKey
) -> None:
    for name in ("manifest", "signature"):
        whole: bytes = getattr(release, name)
        for place in range(len(whole)):
            changed = bytearray(whole)
            changed[place] ^= 1
            bad = replace(release, **{name: bytes(changed)})
            assert reason(bad, key) == UpdateReason.BAD_SIGNATURE, (name, place)


def test_one_bit_in_any_byte_of_a_file_is_found(release: ReleaseFile, key: PrivateKey) -> None:
    for path, content in FILES.items():
        for place in range(len(content)):
            changed = bytearray(content)
            changed[place] ^= 1
            bad = replace(release, files={**FILES, path: bytes(changed)})
            assert reason(bad, key) == UpdateReason.HASH


def test_a_stranger_s_signature_is_none(release: ReleaseFile, key: PrivateKey) -> None:
    stranger = new_key()

    assert reason(signed(new_release(TREE, FACTS), stranger), key) == UpdateReason.BAD_SIGNATURE
    assert reason(replace(release, signature=b""), key) == UpdateReason.BAD_SIGNATURE
    named = signed_anew(key, lambda told: told.update(key="f" * 16))
    assert reason(named, key) == UpdateReason.BAD_SIGNATURE


def _file(told: dict[str, Any], **changes: Any) -> None:
    told["files"][0].update(changes)


MALFORMED = UpdateReason.MALFORMED
DIGEST = "0" * 64


NOT_TO_BE_TAKEN: list[tuple[Callable[[dict[str, Any]], object], UpdateReason]] = [
    (lambda t: _file(t, path="../boot.mpy"), UpdateReason.PATH),
    (lambda t: _file(t, path="/main.mpy"), UpdateReason.PATH),
    (lambda t: _file(t, path="yaguts_device/../key_a.mpy"), UpdateReason.PATH),
    (lambda t: _file(t, path="yaguts_device//main.mpy"), UpdateReason.PATH),
    (lambda t: _file(t, path="yaguts_device/main.py"), UpdateReason.PATH),
    (lambda t: _file(t, path="boot.html"), UpdateReason.PATH),
    (lambda t: _file(t, path="yaguts_device/a\n.mpy"), UpdateReason.PATH),
    (lambda t: _file(t, path=7), UpdateReason.PATH),
    (lambda t: _file(t, size=201), UpdateReason.SIZE),
    (lambda t: _file(t, size=0), MALFORMED),
    (lambda t: _file(t, size=True), MALFORMED),
    (lambda t: _file(t, size=256 * 1024), UpdateReason.TOO_LARGE),
    (lambda t: _file(t, sha256=DIGEST), UpdateReason.HASH),
    (lambda t: _file(t, sha256="x"), MALFORMED),
    (lambda t: t["files"].reverse(), MALFORMED),
    (lambda t: t["files"].pop(), MALFORMED),
    (lambda t: t.update(files=[]), MALFORMED),
    (lambda t: t.update(files=[{}] * (MAX_FILES + 1)), UpdateReason.TOO_MANY),
    (lambda t: t.update(padding="x" * MAX_MANIFEST_BYTES), UpdateReason.TOO_LARGE),
    (lambda t: t.update(release=0), MALFORMED),
    (lambda t: t.update(release=1 << 31), MALFORMED),
    (lambda t: t.update(hardware="toaster"), MALFORMED),
    (lambda t: t.update(hardware=["esp32"]), MALFORMED),
    (lambda t: t.update(expires="never"), MALFORMED),
    (lambda t: t.update(expires=1 << 60), MALFORMED),
    (lambda t: t.update(server=None), MALFORMED),
    (lambda t: t.update(micropython="1.x"), MALFORMED),
    (lambda t: t.update(add_key="ff"), MALFORMED),
    (lambda t: t.pop("bytecode"), MALFORMED),
]


@pytest.mark.parametrize("place", range(len(NOT_TO_BE_TAKEN)))
def test_what_no_board_must_take_is_refused_with_its_reason(key: PrivateKey, place: int) -> None:
    change, expected = NOT_TO_BE_TAKEN[place]

    assert reason(signed_anew(key, change), key) == expected


@pytest.mark.parametrize("manifest", [b"", b"null", b"[]", b"{", b"\xff", b"[" * 8000, b'"x"'])
def test_a_manifest_that_is_none_is_malformed(key: PrivateKey, manifest: bytes) -> None:
    bad = ReleaseFile(manifest, key.signature_of(manifest), FILES)

    assert reason(bad, key) == MALFORMED


def test_a_file_that_is_no_release_is_refused(release: ReleaseFile) -> None:
    def zipped(compression: int = zipfile.ZIP_STORED, **entries: bytes) -> bytes:
        written = BytesIO()
        with zipfile.ZipFile(written, "w", compression) as archive:
            for name, content in entries.items():
                archive.writestr(name, content)
        return written.getvalue()

    bomb = zipped(zipfile.ZIP_DEFLATED, manifest=b"0" * 10_000_000)
    many = zipped(**{f"f{number}": b"" for number in range(MAX_FILES + 3)})
    large = zipped(manifest=b"0" * 600_000)
    whole = release.as_zip()
    for content, expected in {
        b"": MALFORMED,
        whole[:-1]: MALFORMED,
        whole[: len(whole) // 2]: MALFORMED,
        zipped(other=b""): MALFORMED,
        bomb: MALFORMED,
        many: UpdateReason.TOO_MANY,
        large: UpdateReason.TOO_LARGE,
    }.items():
        with pytest.raises(BadRelease) as caught:
            read_release(content)
        assert caught.value.reason == expected


def test_a_damaged_file_is_refused_as_one(release: ReleaseFile) -> None:
    whole = release.as_zip()
    chances = Random(1)
    damaged = [whole[:-1], whole + b"0" * 600_000]
    for _ in range(3000):
        content = bytearray(whole)
        content[chances.randrange(-800, 0)] = chances.randrange(256)  # where the directory is
        damaged.append(bytes(content))

    for content in damaged:
        with suppress(BadRelease):
            read_release(content)


def test_a_build_of_too_much_is_no_release() -> None:
    with pytest.raises(BadRelease) as caught:
        new_release(BoardTree("6.3", {"yaguts_device/main.mpy": b"x" * 300_000}), FACTS)

    assert caught.value.reason == UpdateReason.TOO_LARGE


def test_another_key_is_announced_and_one_retired(key: PrivateKey) -> None:
    other = new_key()
    release = signed(new_release(TREE, FACTS), key, add=other.public, retire=key.public.id)

    manifest = verified(release, key.public)
    assert manifest.add_key == other.public.modulus.hex()
    assert manifest.retire_key == key.public.id


# Keys


def test_a_key_is_kept_encrypted_where_only_its_owner_reads_it(
    tmp_path: Path, key: PrivateKey
) -> None:
    file = tmp_path / "key"
    public = keys.write_pair(file, key, PASSWORD)

    assert file.stat().st_mode & 0o777 == 0o600
    assert b"ENCRYPTED" in file.read_bytes()
    assert read_private(file, PASSWORD).public.id == key.public.id == read_public(public).id
    with pytest.raises(FileExistsError):
        keys.write_pair(file, key, PASSWORD)
    for wrong in (file, public):
        with pytest.raises(BadKey):
            read_private(wrong, "another password")
    with pytest.raises(BadKey):
        read_public(file)


def test_a_key_of_another_kind_or_size_is_none(tmp_path: Path) -> None:
    from cryptography.hazmat.primitives import serialization as s  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric import ed25519, rsa  # noqa: PLC0415

    file = tmp_path / "key"
    for private in (ed25519.Ed25519PrivateKey.generate(), rsa.generate_private_key(65537, 2048)):
        coding = s.Encoding.PEM, s.PrivateFormat.PKCS8
        file.write_bytes(private.private_bytes(*coding, s.BestAvailableEncryption(b"password")))
        with pytest.raises(BadKey):
            read_private(file, "password")
        file.write_bytes(private.private_bytes(*coding, s.NoEncryption()))
        with pytest.raises(BadKey):
            read_private(file, "password")
        public = private.public_key()
        file.write_bytes(public.public_bytes(s.Encoding.PEM, s.PublicFormat.SubjectPublicKeyInfo))
        with pytest.raises(BadKey):
            read_public(file)
