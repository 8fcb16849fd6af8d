"""Constraints and columns that several tables have."""

from collections.abc import Iterable

from sqlalchemy import CheckConstraint, Column, ForeignKey, Integer


def words(values: Iterable[str]) -> str:
    """The values as SQL writes a list of texts."""
    return ", ".join(f"'{value}'" for value in sorted(values))


def one_of(column: str, values: Iterable[str]) -> CheckConstraint:
    """The column holds one of these values, or nothing."""
    return CheckConstraint(f"{column} IN ({words(values)})", name=f"{column}_known")


def of_a_person(column: str, *, once: bool = False) -> Column[int]:
    """The column of the person whose row it is, if `once` their only one. The row is deleted with
    the person.
    """
    of = ForeignKey("people.id", ondelete="CASCADE")
    return Column(column, Integer, of, nullable=False, index=not once, unique=once)


def of_a_person_alone(column: str) -> Column[int]:
    """The column of a key that begins with the person. The row is deleted with the person."""
    of = ForeignKey("people.id", ondelete="CASCADE")
    return Column(column, Integer, of, primary_key=True, autoincrement=False)


def of_a_target(*, key: bool) -> Column[int]:
    """The column of the target whose row it is, as the first part of its key or with an index. The
    row is deleted with the target.
    """
    of = ForeignKey("alert_targets.id", ondelete="CASCADE")
    if key:
        return Column("target_id", Integer, of, primary_key=True, autoincrement=False)
    return Column("target_id", Integer, of, nullable=False, index=True)


def part_of_a_dispenser(column: str) -> Column[int]:
    """The column of a key that begins with the dispenser. The row is deleted with it."""
    of = ForeignKey("dispensers.id", ondelete="CASCADE")
    return Column(column, Integer, of, primary_key=True)
