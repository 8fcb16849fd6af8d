"""A person of version 0.1 with their recipes, jars, motor and boards."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from yaguts.domain.people import name_key
from yaguts.domain.recipe import Ingredient, Jar, Motor, Recipe
from yaguts.domain.units import Milligrams, micrograms_per_second, milligrams, nearest
from yaguts.services.ops.v01.values import Notes, cleaned, moment, number, unlike, whole, within
from yaguts.storage.look_keys import look_key
from yaguts.storage.people import NO_PASSWORD
from yaguts.storage.v01 import V01Row

LONGEST_NAME = 60
_LONGEST_RECIPE_NAME = 120
_LONGEST_UID, _SHORTEST_UID = 64, 4
_JARS = range(1, 5)
_MOST_PORTIONS = 20
_MOST_MG, _STEP_MG = 500_000, 100
_BCRYPT = re.compile(r"\$2[aby]\$(0[4-9]|1[0-4])\$[./A-Za-z0-9]{53}")
"""Version 0.1 asked for 12. A check at 15 or more would hold others up for seconds."""


@dataclass(frozen=True, slots=True)
class OldAccount:
    """A person: the number that version 0.1 gave them, name, and hash of the password."""

    id: int
    name: str
    password_hash: str


@dataclass(frozen=True, slots=True)
class OldBoard:
    """A dispenser. It has to be paired again, and finds its jars by its uid."""

    uid: str
    name: str | None
    firmware: str | None
    last_seen_at: datetime | None


def account_of(row: V01Row, taken: set[str], notes: Notes) -> OldAccount:
    """The account. Its name is added to `taken`, the keys of the names that are."""
    told = row.get("nome")
    wanted = cleaned(told, LONGEST_NAME) or f"Pessoa {row['id']}"
    name = unlike(wanted, lambda name: not taken.isdisjoint(_keys(name)), LONGEST_NAME)
    taken |= _keys(name)
    if name != told:
        notes.changed.append(f"person {told!r} signs in as {name!r}")
    kept = str(row.get("senha_hash") or "")
    if _BCRYPT.fullmatch(kept) is None:
        notes.changed.append(f"person {name!r} has no password that can be checked: reset it")
        kept = NO_PASSWORD
    return OldAccount(row["id"], name, kept)


def _keys(name: str) -> set[str]:
    """By which the name is found, and which no other that looks like it may have."""
    return {name_key(name), look_key(name) or name_key(name)}


def recipe_of(
    row: V01Row, ingredients: Sequence[V01Row], whose: str, notes: Notes
) -> Recipe | None:
    """The recipe, or None if it cannot be cooked as it stands."""
    name = cleaned(row.get("nome"), _LONGEST_RECIPE_NAME) or f"Receita {row['id']}"
    which = f"recipe {row['id']} of {whose!r}, {name!r}"
    if name != row.get("nome"):
        notes.changed.append(f"{which}: its name was {row.get('nome')!r}")
    portions = whole(row.get("porcoes", 1)) or 1
    kept = within(portions, 1, _MOST_PORTIONS, 1)
    if kept != portions:
        notes.changed.append(f"{which}: {portions} portions become {kept}, with as much less")
    scale = kept / portions if portions > kept else 1.0
    parts = [_ingredient(part, scale, which, notes) for part in ingredients]
    wrong = [part for part in parts if isinstance(part, str)]
    if wrong or not parts:
        notes.left_out.append(f"{which}: {wrong[0] if wrong else 'it has no ingredients'}")
        return None
    return Recipe(name, kept, tuple(part for part in parts if isinstance(part, Ingredient)))


def _ingredient(row: V01Row, scale: float, which: str, notes: Notes) -> Ingredient | str:
    """The ingredient, or what is wrong with it."""
    spice, grams = cleaned(row.get("tempero"), LONGEST_NAME), number(row.get("quantidade"))
    if not spice:
        return "an ingredient has no name"
    if grams is None or grams <= 0 or milligrams(grams * scale) > _MOST_MG:
        return f"{row.get('quantidade')} g of {spice!r} is no amount from 0.1 to 500 g"
    exact = milligrams(grams * scale)
    steps = Milligrams(max(1, nearest_step(exact)) * _STEP_MG)
    if steps != milligrams(grams) or spice != row.get("tempero"):
        told = f"{row.get('quantidade')} g of {row.get('tempero')!r}"
        notes.changed.append(f"{which}: {told} become {steps / 1000:g} g of {spice!r}")
    return Ingredient(spice, steps)


def nearest_step(amount: Milligrams) -> int:
    """How many steps of 0.1 g the amount is."""
    return nearest(Fraction(amount, _STEP_MG))


def jars_of(rows: Iterable[V01Row], whose: str, now: datetime, notes: Notes) -> tuple[Jar, ...]:
    """The four jars. What cannot be true of one is unknown."""
    jars = {number: Jar(number) for number in _JARS}
    for row in rows:
        which = f"jar {row.get('frasco')} of {whose!r}"
        if row.get("frasco") not in jars:
            notes.left_out.append(f"{which}: there are jars 1 to 4")
            continue
        jars[row["frasco"]] = _jar(row, which, now, notes)
    return tuple(jars.values())


def _jar(row: V01Row, which: str, now: datetime, notes: Notes) -> Jar:
    label, told = cleaned(row.get("rotulo"), LONGEST_NAME) or None, row.get("rotulo")
    if label != (told or None):
        notes.changed.append(f"{which}: its label {told!r} becomes {label!r}")
    rate, stock = number(row.get("g_por_seg")), number(row.get("estoque_g"))
    if row.get("g_por_seg") is not None and not 0.001 <= (rate or 0) <= 100:
        notes.changed.append(f"{which}: a rate of {row['g_por_seg']} g/s is none; calibrate it")
        rate = None
    if row.get("estoque_g") is not None and not 0 <= (-1 if stock is None else stock) <= 100_000:
        notes.changed.append(f"{which}: a stock of {row['estoque_g']} g is none; weigh it")
        stock = None
    return Jar(
        row["frasco"],
        label,
        None if rate is None else micrograms_per_second(rate),
        None if stock is None else milligrams(stock),
        updated_at=moment(row.get("updated_at"), now) or now,
    )


def motor_of(row: V01Row | None, whose: str, notes: Notes) -> Motor:
    """The settings of the motor, each the nearest that is allowed."""
    if row is None:
        return Motor()
    usual = Motor()
    motor = Motor(
        within(whole(row.get("vibration_intensity")), 0, 100, usual.intensity),
        within(whole(row.get("pre_start_delay_ms")), 0, 5000, usual.pre_start_ms),
        within(whole(row.get("post_stop_delay_ms")), 0, 5000, usual.post_stop_ms),
        within(whole(row.get("max_runtime_sec")), 30, 600, usual.max_runtime_s),
    )
    told = [row.get(name) for name in _MOTOR]
    kept = [motor.intensity, motor.pre_start_ms, motor.post_stop_ms, motor.max_runtime_s]
    if told != kept:
        notes.changed.append(f"the motor of {whose!r}: {told} become {kept}")
    return motor


_MOTOR = ("vibration_intensity", "pre_start_delay_ms", "post_stop_delay_ms", "max_runtime_sec")


def boards_of(
    rows: Iterable[V01Row], whose: str, now: datetime, notes: Notes
) -> tuple[OldBoard, ...]:
    """The boards, the one that was heard of last first: it has the jars."""
    boards: dict[str, OldBoard] = {}
    for row in rows:
        uid = cleaned(row.get("uid"), _LONGEST_UID)
        if len(uid) < _SHORTEST_UID or uid != row.get("uid") or uid in boards:
            notes.left_out.append(f"a dispenser of {whose!r}: {row.get('uid')!r} is no uid")
            continue
        boards[uid] = OldBoard(
            uid,
            cleaned(row.get("name"), LONGEST_NAME) or None,
            cleaned(row.get("fw_version"), 40) or None,
            moment(row.get("last_seen"), now),
        )
    heard = sorted(boards.values(), key=lambda board: _heard(board, now), reverse=True)
    for board in heard[1:]:
        notes.changed.append(
            f"dispenser {board.uid!r} of {whose!r} has jars of its own now: labels and rates are"
            " the same, its stock is to be weighed"
        )
    return tuple(heard)


def _heard(board: OldBoard, now: datetime) -> datetime:
    return board.last_seen_at or now.replace(year=1970)
