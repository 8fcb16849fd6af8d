"""Tables that make pages forgive: booked forms, what jars held before, spoons that were weighed."""

from sqlalchemy import BigInteger, CheckConstraint, Column, Integer, String, Table

from yaguts.domain.amounts.spoons import WEIGHED_UNITS
from yaguts.storage.db.constraints import of_a_person_alone, one_of, part_of_a_dispenser
from yaguts.storage.db.metadata import metadata
from yaguts.storage.db.types import UtcDateTime

# A form that a person sent, by the key that its page carried. `address`: the page that it led to.
booked_forms = Table(
    "booked_forms",
    metadata,
    of_a_person_alone("person_id"),
    Column("key", String(64), primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("address", String(400)),
)

# What a jar held before it was given to another spice. `stock_mg` was in it then, if it was known.
former_spices = Table(
    "former_spices",
    metadata,
    part_of_a_dispenser("dispenser_id"),
    Column("jar", Integer, primary_key=True, autoincrement=False),
    Column("label", String(60), primary_key=True),
    Column("rate_ug_s", Integer),
    Column("stock_mg", BigInteger),
    Column("capacity_mg", Integer),
    Column("at", UtcDateTime, nullable=False),
    CheckConstraint("rate_ug_s > 0", name="rate"),
)

# What one level spoon of a spice weighed on a scale of the kitchen.
weighed_spoons = Table(
    "weighed_spoons",
    metadata,
    of_a_person_alone("owner_id"),
    Column("spice", String(60), primary_key=True),
    Column("unit", String(16), nullable=False),
    Column("weight_mg", Integer, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    one_of("unit", WEIGHED_UNITS),
    CheckConstraint("weight_mg BETWEEN 1 AND 1000000", name="weight"),
)
