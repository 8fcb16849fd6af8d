"""The orders of version 0.1, as they ended.

Each is taken through the same table and the same reading of reports as an order of today.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, cast

from yaguts.domain.ids import NO_KITCHEN
from yaguts.domain.jobs.job import (
    LONGEST_ERROR,
    Dose,
    Job,
    JobEvent,
    JobKind,
    JobState,
    advance,
)
from yaguts.domain.jobs.report import Report, ReportedDose, event_of, settle_doses
from yaguts.domain.recipe import Motor
from yaguts.domain.units import NOTHING, Milligrams, Milliseconds, milligrams, milliseconds
from yaguts.services.ops.v01.kitchen import LONGEST_NAME
from yaguts.services.ops.v01.values import Notes, cleaned, moment, number, whole, within
from yaguts.storage.v01 import V01Row

CANCELLED = "cancelado pelo usuário"
"""Version 0.1 called a cancelled order failed, with this text."""
UNNAMED = "?"
_OPEN = ("queued", "running")
_ENDED = ("done", "done_partial", "failed", "canceled")
_JARS = range(1, 5)
_LONGEST_MS, _MOST_MG = 180_000, 2**31 - 1
_MOST_PEOPLE = 100


def job_of(
    row: V01Row, items: Sequence[V01Row], key: str, motor: Motor, now: datetime, notes: Notes
) -> Job | None:
    """The order as it ended, of no kitchen yet. None: no doses of it are stored, or wrong ones."""
    doses = [_dose(item, order) for order, item in enumerate(_in_order(items), start=1)]
    wrong = [dose for dose in doses if isinstance(dose, str)]
    if wrong or not doses:
        notes.left_out.append(f"order {row['id']}: {wrong[0] if wrong else 'it has no doses'}")
        return None
    if row.get("status") not in (*_OPEN, *_ENDED):
        notes.changed.append(f"order {row['id']}: {row.get('status')!r} is taken for failed")
    taken = tuple(dose for dose in doses if isinstance(dose, Dose))
    return _ended(_ordered(row, taken, key, motor, now), row, now)


def number_kept(row: V01Row, key: str, now: datetime) -> Job:
    """What stands for an order that cannot be taken, so that no other gets its number."""
    dose = Dose(0, 1, 1, UNNAMED, NOTHING, Milliseconds(1))
    job = replace(_ordered(row, (dose,), key, Motor(), now), kind=JobKind.PURGE, recipe_id=None)
    return advance(job, JobEvent.CANCELLED, _ended_at(row, job.created_at, now))[0]


def is_of(row: V01Row, items: Sequence[V01Row], recipe: V01Row, parts: Sequence[V01Row]) -> bool:
    """Whether the order was of this recipe as it stands. SQLite may have used an id again."""
    if row.get("user_id") != recipe.get("dono_id"):
        return False
    people = whole(row.get("pessoas_solicitadas")) or whole(row.get("multiplicador")) or 1
    portions = whole(recipe.get("porcoes", 1)) or 1
    scales = (people / portions, float(whole(row.get("multiplicador")) or 1))
    ordered = _amounts((item.get("tempero"), item.get("quantidade_g")) for item in items)
    written = [(part.get("tempero"), number(part.get("quantidade")) or 0) for part in parts]
    return any(
        ordered == _amounts((spice, grams * scale) for spice, grams in written) for scale in scales
    )


def _amounts(told: Iterable[tuple[object, object]]) -> list[tuple[str, float]]:
    """Spices and grams that can be compared, whatever their order and their last decimals."""
    return sorted(
        (cleaned(spice, LONGEST_NAME).casefold(), round(number(grams) or 0, 2))
        for spice, grams in told
    )


def _ordered(row: V01Row, doses: tuple[Dose, ...], key: str, motor: Motor, now: datetime) -> Job:
    multiplier = within(whole(row.get("multiplicador")), 1, _MOST_PEOPLE, 1)
    people = within(whole(row.get("pessoas_solicitadas")), 1, _MOST_PEOPLE, multiplier)
    started, finished = moment(row.get("started_at"), now), moment(row.get("finished_at"), now)
    created = moment(row.get("created_at"), now) or started or finished or now
    return Job(
        id=row["id"],
        key=key,
        kitchen_id=NO_KITCHEN,
        dispenser_id=0,
        recipe_id=row.get("receita_id"),
        people=people,
        multiplier=multiplier,
        motor=motor,
        doses=doses,
        created_at=created,
        expires_at=None,
        started_at=started,
    )


def _ended(job: Job, row: V01Row, now: datetime) -> Job:
    if row.get("status") in _OPEN:
        return _given_up(job, row, now)
    ended_at = _ended_at(row, job.created_at, now)
    error = cleaned(row.get("erro_msg"), LONGEST_ERROR) or None
    cancelled = row.get("status") == "canceled" or error == CANCELLED
    report = _report(row, error, cancelled=cancelled)
    if report is None:
        return advance(job, JobEvent.CANCELLED, ended_at)[0]
    job = replace(job, state=JobState.CANCELLING) if cancelled else replace(job, error=error)
    settled = settle_doses(job, report)
    return advance(settled, event_of(settled, report), ended_at)[0]


def _given_up(job: Job, row: V01Row, now: datetime) -> Job:
    """An order that was open: its dispenser may still report it, and that is booked then."""
    if row.get("status") == "queued" and job.started_at is None:
        return advance(job, JobEvent.EXPIRED, now)[0]
    under_way = replace(job, state=JobState.RUNNING, started_at=job.started_at or job.created_at)
    return advance(under_way, JobEvent.FELL_SILENT, now)[0]


def _ended_at(row: V01Row, created: datetime, now: datetime) -> datetime:
    told = (moment(row.get(name), now) for name in ("finished_at", "started_at"))
    return next((at for at in told if at is not None), created)


def _report(row: V01Row, error: str | None, *, cancelled: bool) -> Report | None:
    """What the dispenser reported, or None: nobody did."""
    log = _log(row.get("execution_report"))
    completed, failed = whole(row.get("itens_completados")), whole(row.get("itens_falhados"))
    if log is not None or completed is not None:
        doses = cast("list[object]", log) if isinstance(log, list) else []
        unreadable = log is not None and not isinstance(log, list)
        return Report(completed, failed, tuple(map(_reported, doses)), unreadable=unreadable)
    if row.get("status") == "done_partial":
        return Report(None, None)
    if cancelled:
        return None
    return Report(None, None, all_done=row.get("status") == "done", error=error)


def _log(told: object) -> Any:
    if not isinstance(told, str):
        return told
    try:
        return json.loads(told)
    except ValueError:
        return told


def _reported(entry: object) -> ReportedDose:
    if not isinstance(entry, dict):
        return ReportedDose(None, "", None, None, unreadable=True)
    told = cast("dict[str, Any]", entry)
    grams = number(told.get("quantidade_g"))
    done = {"done": True, "failed": False}.get(str(told.get("status")))
    return ReportedDose(
        whole(told.get("frasco")),
        cleaned(told.get("tempero"), LONGEST_NAME),
        None if grams is None else milligrams(grams),
        done,
        whole(told.get("item_ordem")),
        error=cleaned(told.get("error"), LONGEST_ERROR) or None,
    )


def _in_order(items: Sequence[V01Row]) -> list[V01Row]:
    return sorted(items, key=lambda item: (whole(item.get("ordem")) or 0, item["id"]))


def _dose(item: V01Row, order: int) -> Dose | str:
    """The dose, or what is wrong with it."""
    grams, seconds = number(item.get("quantidade_g")), number(item.get("segundos"))
    amount = NOTHING if grams is None else milligrams(grams)
    if item.get("frasco") not in _JARS:
        return f"it has a dose from jar {item.get('frasco')}"
    if not 0 < amount <= _MOST_MG:
        return f"it has a dose of {item.get('quantidade_g')} g"
    spice = cleaned(item.get("tempero"), LONGEST_NAME) or UNNAMED
    duration = within(None if seconds is None else milliseconds(seconds), 1, _LONGEST_MS, 1)
    return Dose(0, order, item["frasco"], spice, Milligrams(amount), Milliseconds(duration))
