"""Stored times compared with a window or a moment, in queries: see `domain.clock`."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam, or_

from yaguts.domain.clock import Window


def inside(column: ColumnElement[Any], name: str = "window") -> ColumnElement[bool]:
    """Whether a stored time counts. The window is given as `bounds` under the same name."""
    return (column > bindparam(f"{name}_after")) & (column <= bindparam(f"{name}_until"))


def outside(column: ColumnElement[Any], name: str = "window") -> ColumnElement[bool]:
    """Whether a stored time does not count."""
    return or_(column <= bindparam(f"{name}_after"), column > bindparam(f"{name}_until"))


def bounds(window: Window, name: str = "window") -> dict[str, datetime]:
    """The parameters of `inside` and `outside`."""
    return {f"{name}_after": window.after, f"{name}_until": window.until}


def after(column: ColumnElement[Any], moment: datetime | ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether a time was stored by a clock that was ahead. `moment`: the latest that can be."""
    return column > moment


def later(column: ColumnElement[Any], other: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether of two stored things the one came after the other."""
    return column > other


def before(column: ColumnElement[Any], moment: datetime) -> ColumnElement[bool]:
    """Whether a row is so old that it may be removed. `moment` counts by the lived-through time."""
    return column < moment
