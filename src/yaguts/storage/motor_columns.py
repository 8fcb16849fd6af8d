"""The four columns in which dispensers and jobs keep a motor's settings."""

from typing import Any

from sqlalchemy import Row

from yaguts.domain.recipe import Motor


def motor_columns(motor: Motor) -> dict[str, int]:
    """The settings as columns."""
    return {
        "motor_intensity": motor.intensity,
        "motor_pre_start_ms": motor.pre_start_ms,
        "motor_post_stop_ms": motor.post_stop_ms,
        "motor_max_runtime_s": motor.max_runtime_s,
    }


def motor_in(row: Row[Any]) -> Motor:
    """The settings that a row holds."""
    return Motor(
        row.motor_intensity,
        row.motor_pre_start_ms,
        row.motor_post_stop_ms,
        row.motor_max_runtime_s,
    )
