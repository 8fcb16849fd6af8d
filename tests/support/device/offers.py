"""Jobs as a server offers them."""

from typing import Any

from yaguts_wire.limits import MAX_JARS
from yaguts_wire.server_messages import build_job

NO_PAUSES = {"intensity": 75, "pre_start_ms": 0, "post_stop_ms": 0, "max_runtime_s": 300}


def an_offer(
    number: int = 7,
    *,
    ms_per_g: int = 1000,
    motor: dict[str, int] = NO_PAUSES,
    asks: bool = False,
    **grams: float,
) -> dict[str, Any]:
    """`an_offer(Sal=4.5)`: the message of a job, its jars numbered in this order."""
    doses = [
        {
            "id": 20 + order,
            "order": order,
            "jar": min(order, MAX_JARS),
            "spice": spice,
            "quantity_mg": round(amount * 1000),
            "duration_ms": round(amount * ms_per_g),
            "status": "pending",
        }
        for order, (spice, amount) in enumerate((grams or {"Sal": 2.0}).items(), start=1)
    ]
    return build_job(
        {
            "id": number,
            "job_key": f"{number:032x}",
            "ttl_s": 600,
            "status": "queued",
            "recipe_id": 3,
            "people": 1,
            "multiplier": 1,
            "created_at": "2026-11-24T12:00:00Z",
            "started_at": None,
            "doses": doses,  # type: ignore[typeddict-item]
            "motor": motor,  # type: ignore[typeddict-item]
            "asks": asks,
        }
    )
