"""A jar's calibration as people see it, and what they say to it."""

from typing import Annotated

from pydantic import Field

from yaguts.domain.stock.calibration import Evenness, Fit
from yaguts.http.fields import NO_FLAG, Inbound, JarNumber, Outbound
from yaguts.services.delivery.job_message import STATUS_WORDS
from yaguts.services.jobs.calibration import Calibration, OrderedRun
from yaguts_wire import words as w
from yaguts_wire.values import grams, seconds

_UG_PER_G = 1_000_000
EVENNESS_WORDS = {Evenness.EVEN: w.EVEN, Evenness.FAIR: w.FAIR, Evenness.UNEVEN: w.UNEVEN}

RunTime = Annotated[float, Field(ge=0.5, le=30), NO_FLAG]
Weight = Annotated[float, Field(ge=0, le=1000), NO_FLAG]


class RunIn(Inbound):
    """Let a jar fall onto a scale, for so many seconds."""

    jar: JarNumber = Field(alias=w.JAR)
    duration: RunTime = Field(alias=w.SECONDS)


class WeightIn(Inbound):
    """What the scale says fell."""

    weight: Weight = Field(alias=w.QUANTITY_G)


class WhichJar(Inbound):
    """Which jar."""

    jar: JarNumber = Field(alias=w.JAR)


class RunOut(Outbound):
    """One run. Only a sound one, open for exactly so long, says something of the rate."""

    job_id: int = Field(serialization_alias=w.JOB_ID)
    duration: float = Field(serialization_alias=w.SECONDS)
    status: str
    sound: bool = Field(serialization_alias=w.SOUND)
    weight: float | None = Field(
        serialization_alias=w.QUANTITY_G, description="Grams that fell; null: not weighed yet."
    )


class FitOut(Outbound):
    """What the runs agree on, and how well."""

    rate: float = Field(serialization_alias=w.RATE_G_PER_S)
    spread: float = Field(serialization_alias=w.SPREAD_PERCENT)
    evenness: str = Field(serialization_alias=w.EVENNESS)


class CalibrationOut(Outbound):
    """How far a jar's calibration is. `ajuste` comes with the third sound, weighed run."""

    jar: int = Field(serialization_alias=w.JAR)
    rate: float | None = Field(serialization_alias=w.RATE_G_PER_S)
    runs: list[RunOut] = Field(serialization_alias=w.RUNS)
    fit: FitOut | None = Field(serialization_alias=w.FIT)


def calibration_out(seen: Calibration) -> CalibrationOut:
    """The calibration as it is answered."""
    rate, fit = seen.jar.rate, seen.fit
    return CalibrationOut(
        jar=seen.jar.number,
        rate=None if rate is None else rate / _UG_PER_G,
        runs=[_run_out(run) for run in seen.runs],
        fit=None if fit is None else _fit_out(fit),
    )


def _run_out(run: OrderedRun) -> RunOut:
    return RunOut(
        job_id=run.job.id,
        duration=seconds(run.duration),
        status=STATUS_WORDS[run.job.state],
        sound=run.sound,
        weight=None if run.weight is None else grams(run.weight),
    )


def _fit_out(fit: Fit) -> FitOut:
    return FitOut(
        rate=fit.rate / _UG_PER_G, spread=fit.spread / 10, evenness=EVENNESS_WORDS[fit.evenness]
    )
