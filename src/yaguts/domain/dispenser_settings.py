"""The settings that an owner gives a dispenser, one declared row each.

A row is the only place that spells a setting in Python. The column, the fields of the API, their
meaning in the OpenAPI document and the form on the dispenser's page come from it. Its wire word is
the constant of `yaguts_wire.words` with its name in capitals; its texts are `setting.<name>.*`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class DispenserSettings:
    """How a dispenser behaves, with the values that a new one has."""

    queues: bool = field(
        default=False,
        metadata={"meaning": "Whether orders wait in the queue while it is busy."},
    )
    asks: bool = field(
        default=False,
        metadata={"meaning": "Whether it asks somebody before it resumes a job after an outage."},
    )


SETTINGS: Mapping[str, str] = MappingProxyType(
    {row.name: row.metadata["meaning"] for row in fields(DispenserSettings)}
)
"""What each setting means, by its name."""
