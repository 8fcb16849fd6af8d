"""Everything that is taken from a version 0.1, person by person, before anything is written."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from yaguts.domain.jobs.job import Job
from yaguts.domain.recipe import Jar, Motor, Recipe
from yaguts.services.ops.v01.history import is_of, job_of, number_kept
from yaguts.services.ops.v01.kitchen import (
    OldAccount,
    OldBoard,
    account_of,
    boards_of,
    jars_of,
    motor_of,
    recipe_of,
)
from yaguts.services.ops.v01.values import Notes
from yaguts.services.runtime.context import Randomness
from yaguts.storage.v01 import PEOPLE, V01Database, V01Row

_KEY_BYTES = 16
_Rows = Mapping[object, list[V01Row]]


@dataclass(frozen=True, slots=True)
class OldKitchen:
    """A person and what is theirs. `recipes` and `jobs` have the ids of version 0.1; a job names
    its recipe by that id.
    """

    account: OldAccount
    recipes: tuple[Recipe, ...]
    jars: tuple[Jar, ...]
    motor: Motor
    boards: tuple[OldBoard, ...]
    jobs: tuple[Job, ...]


@dataclass(frozen=True, slots=True)
class Conversion:
    """What is taken, the highest number of an order, and what an operator is told."""

    kitchens: tuple[OldKitchen, ...]
    highest_job: int
    notes: Notes


def convert(
    old: V01Database, taken: Iterable[str], randomness: Randomness, now: datetime
) -> Conversion:
    """What becomes of a database of version 0.1. `taken`: the keys of the names that are."""
    notes, names, by = Notes(), set(taken), _by_owner(old)
    people = [(row, account_of(row, names, notes)) for row in old.rows[PEOPLE]]
    kitchens = [_kitchen(row, account, by, randomness, now, notes) for row, account in people]
    known = {row["id"] for row in old.rows[PEOPLE]}
    for name, column in (("receitas", "dono_id"), ("jobs", "user_id"), ("devices", "user_id")):
        notes.left_out += [
            f"row {row['id']} of {name}: its person {row.get(column)} is not there"
            for row in old.rows[name]
            if row.get(column) not in known
        ]
    highest = max((row["id"] for row in old.rows["jobs"]), default=0)
    _keep_number(kitchens, highest, old, randomness, now, notes)
    return Conversion(tuple(kitchens), highest, notes)


def _kitchen(
    row: V01Row,
    account: OldAccount,
    by: Mapping[str, _Rows],
    randomness: Randomness,
    now: datetime,
    notes: Notes,
) -> OldKitchen:
    whose = account.name
    recipes = {
        recipe["id"]: (recipe, by["ingredientes_receita"].get(recipe["id"], []))
        for recipe in by["receitas"].get(row["id"], [])
    }
    read = {number: recipe_of(*told, whose, notes) for number, told in recipes.items()}
    motor = motor_of(next(iter(by["motor_config"].get(row["id"], [])), None), whose, notes)
    jobs: list[Job] = []
    for told in by["jobs"].get(row["id"], []):
        items = by["job_items"].get(told["id"], [])
        job = job_of(told, items, randomness(_KEY_BYTES).hex(), motor, now, notes)
        if job is None:
            continue
        recipe_id = told.get("receita_id")
        is_its = read.get(recipe_id) is not None and is_of(told, items, *recipes[recipe_id])
        jobs.append(job if is_its else replace(job, recipe_id=None))
    return OldKitchen(
        account,
        tuple(replace(recipe, id=number) for number, recipe in read.items() if recipe),
        jars_of(by["reservatorio_config"].get(row["id"], []), whose, now, notes),
        motor,
        boards_of(by["devices"].get(row["id"], []), whose, now, notes),
        tuple(jobs),
    )


def _keep_number(
    kitchens: list[OldKitchen],
    highest: int,
    old: V01Database,
    randomness: Randomness,
    now: datetime,
    notes: Notes,
) -> None:
    """Have a cancelled order stand for the last one, if that could not be taken.

    SQLite numbers orders above the highest that is there, and a keyless report of the last order
    would be one of the first new order.
    """
    taken = {job.id for kitchen in kitchens for job in kitchen.jobs}
    if not kitchens or not highest or highest in taken:
        return
    row = next(row for row in old.rows["jobs"] if row["id"] == highest)
    stands_for = number_kept(row, randomness(_KEY_BYTES).hex(), now)
    owners = [account_row["id"] for account_row in old.rows[PEOPLE]]
    owner = row.get("user_id")
    place = owners.index(owner) if owner in owners else 0
    kitchens[place] = replace(kitchens[place], jobs=(*kitchens[place].jobs, stands_for))
    notes.changed.append(f"order {highest}: a cancelled one of no doses keeps its number")


_OWNERS = {
    "receitas": "dono_id",
    "ingredientes_receita": "receita_id",
    "reservatorio_config": "user_id",
    "motor_config": "user_id",
    "devices": "user_id",
    "jobs": "user_id",
    "job_items": "job_id",
}


def _by_owner(old: V01Database) -> Mapping[str, _Rows]:
    """The rows of each table, by what they belong to."""
    by: dict[str, _Rows] = {}
    for name, column in _OWNERS.items():
        rows: defaultdict[object, list[V01Row]] = defaultdict(list)
        for row in old.rows[name]:
            rows[row.get(column)].append(row)
        by[name] = rows
    return by
