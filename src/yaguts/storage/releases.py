"""Published releases: their bytes, and how far each rollout is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    bindparam,
    func,
    insert,
    select,
    update,
)

from yaguts.domain.errors import NotFound
from yaguts.domain.firmware.release import Channel, Release
from yaguts.domain.firmware.rollout import HaltReason, Rollout
from yaguts.storage.db.statements import Statement
from yaguts.storage.release_tables import release_files, releases

_FACTS = (
    *("number", "version", "hardware", "bytecode", "micropython"),
    *("server_from", "server_to", "expires_at", "key_id"),
)
_LIGHT: list[ColumnElement[Any]] = [
    column for column in releases.c if column.name not in ("manifest", "signature")
]
"""All but the bytes, which only a board that fetches needs."""
_NEWEST_FIRST: Select[Any] = select(*_LIGHT).order_by(releases.c.number.desc())
_ALL = Statement(_NEWEST_FIRST)
_OF_HARDWARE = Statement(_NEWEST_FIRST.where(releases.c.hardware == bindparam("hardware")))
_ONE = select(*_LIGHT).where(releases.c.number == bindparam("of"))
_CHANGE = update(releases).where(releases.c.number == bindparam("of"))
_PIECE = select(
    func.length(release_files.c.content).label("size"),
    func.substr(release_files.c.content, bindparam("first"), bindparam("most")).label("piece"),
).where(
    release_files.c.release == bindparam("of"), release_files.c.position == bindparam("position")
)


@dataclass(frozen=True, slots=True)
class PublishedRelease:
    """A release as it was published, and its rollout.

    `watched_since`: since when the server has looked at it without a longer pause.
    """

    release: Release
    channel: Channel
    published_at: datetime
    rollout: Rollout
    checked_at: datetime | None
    watched_since: datetime | None

    def gave_way_to(self, other: "PublishedRelease") -> bool:
        """Whether all who could get this release get the other, newer one."""
        return (
            other.release.number > self.release.number
            and other.release.hardware == self.release.hardware
            and other.channel in (self.channel, Channel.STABLE)
        )


@dataclass(frozen=True, slots=True)
class SignedBytes:
    """What a board fetches: manifest, signature, and the files in the manifest's order."""

    manifest: bytes
    signature: bytes
    files: Sequence[bytes]


def add(connection: Connection, published: PublishedRelease, signed: SignedBytes) -> None:
    """Add a release."""
    facts = {name: getattr(published.release, name) for name in _FACTS}
    row = {
        **facts,
        **_rollout_columns(published.rollout),
        "channel": published.channel,
        "published_at": published.published_at,
        "manifest": signed.manifest,
        "signature": signed.signature,
    }
    connection.execute(insert(releases).values(row))
    files = [
        {"release": published.release.number, "position": position, "content": content}
        for position, content in enumerate(signed.files)
    ]
    connection.execute(insert(release_files), files)


def every(connection: Connection) -> tuple[PublishedRelease, ...]:
    """All of them, the newest first."""
    return tuple(_published(row) for row in _ALL.rows(connection))


def halted(connection: Connection) -> tuple[PublishedRelease, ...]:
    """The releases that are halted, the newest first; `rollout.halted` says why.

    One that a newer release has taken the place of is none of them.
    """
    published = every(connection)
    goes_on = [one for one in published if one.rollout.halted is None]
    return tuple(
        one
        for one in published
        if one.rollout.halted is not None and not any(map(one.gave_way_to, goes_on))
    )


def of_hardware(connection: Connection, hardware: str) -> tuple[PublishedRelease, ...]:
    """Those for this hardware, the newest first."""
    found = _OF_HARDWARE.rows(connection, {"hardware": hardware})
    return tuple(_published(row) for row in found)


def find(connection: Connection, number: int, *, to_change: bool = False) -> PublishedRelease:
    """One of them; with `to_change` nobody else changes it meanwhile. Raises `NotFound`."""
    one = _ONE.with_for_update() if to_change else _ONE
    row = connection.execute(one, {"of": number}).one_or_none()
    if row is None:
        raise NotFound(what="release")
    return _published(row)


def manifest_of(connection: Connection, number: int) -> bytes:
    """The bytes that are signed."""
    return connection.execute(_bytes(releases.c.manifest, number)).scalar_one()


def signature_of(connection: Connection, number: int) -> bytes:
    """The signature of the manifest."""
    return connection.execute(_bytes(releases.c.signature, number)).scalar_one()


def piece_of(
    connection: Connection, number: int, position: int, offset: int, most: int
) -> tuple[int, bytes] | None:
    """The size of a file, and its bytes from an offset on. None: there is no such file."""
    which = {"of": number, "position": position, "first": offset + 1, "most": most}
    row = connection.execute(_PIECE, which).one_or_none()
    return None if row is None else (row.size, bytes(row.piece or b""))


def set_rollout(connection: Connection, number: int, rollout: Rollout) -> None:
    """Store how far the rollout is."""
    change(connection, number, _rollout_columns(rollout))


def change(connection: Connection, number: int, values: Mapping[str, object]) -> None:
    """Set these columns of the release."""
    connection.execute(_CHANGE, {"of": number, **values})


def _bytes(column: Any, number: int) -> Any:
    return select(column).where(releases.c.number == number)


def _rollout_columns(rollout: Rollout) -> dict[str, object]:
    return {
        "stages": list(rollout.stages),
        "stage": rollout.stage,
        "stage_since": rollout.stage_since,
        "counts_since": rollout.counts_since,
        "halted": rollout.halted,
        "halted_at": rollout.halted_at,
    }


def _published(row: Row[Any]) -> PublishedRelease:
    return PublishedRelease(
        release=Release(**{name: getattr(row, name) for name in _FACTS}),
        channel=Channel(row.channel),
        published_at=row.published_at,
        rollout=Rollout(
            stages=tuple(row.stages),
            stage=row.stage,
            stage_since=row.stage_since,
            counts_since=row.counts_since,
            halted=None if row.halted is None else HaltReason(row.halted),
            halted_at=row.halted_at,
        ),
        checked_at=row.checked_at,
        watched_since=row.watched_since,
    )
