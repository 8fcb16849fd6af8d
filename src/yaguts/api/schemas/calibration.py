"""A jar's calibration in requests and answers."""

from typing import Annotated

from pydantic import Field

from yaguts.api.schemas.configuration import WhichJar
from yaguts.domain.stock.calibration import Evenness, Fit
from yaguts.http.fields import NO_FLAG, Inbound, Outbound
from yaguts.services.delivery.job_message import STATUS_WORDS
from yaguts.services.jobs.calibration import Calibration, OrderedRun
from yaguts_wire import words as w
from yaguts_wire.values import grams, seconds

_UG_PER_G = 1_000_000
EVENNESS_WORDS = {Evenness.EVEN: w.EVEN, Evenness.FAIR: w.FAIR, Evenness.UNEVEN: w.UNEVEN}

RunTime = Annotated[float, Field(ge=0.5, le=30), NO_FLAG]
Weight = Annotated[float, Field(ge=0, le=1000), NO_FLAG]


class RunIn(WhichJar):
    """A run of a jar onto a scale, for a number of seconds."""

    duration: RunTime = Field(alias=w.SECONDS)


class WeightIn(Inbound):
    """The weight that the scale shows, in grams."""

    weight: Weight = Field(alias=w.QUANTITY_G)


class RunOut(Outbound):
    """One run. The rate comes only from sound runs: open for exactly the ordered time."""

    job_id: int = Field(serialization_alias=w.JOB_ID)
    duration: float = Field(serialization_alias=w.SECONDS)
    status: str
    sound: bool = Field(serialization_alias=w.SOUND)
    weight: float | None = Field(
        serialization_alias=w.QUANTITY_G, description="Grams that fell; null: not weighed yet."
    )


class FitOut(Outbound):
    """The rate that the runs give, and how much the runs differ."""

    rate: float = Field(serialization_alias=w.RATE_G_PER_S)
    spread: float = Field(serialization_alias=w.SPREAD_PERCENT)
    evenness: str = Field(serialization_alias=w.EVENNESS)


class CalibrationOut(Outbound):
    """A jar's calibration. `ajuste` is there from the third sound, weighed run on."""

    jar: int = Field(serialization_alias=w.JAR)
    rate: float | None = Field(serialization_alias=w.RATE_G_PER_S)
    runs: list[RunOut] = Field(serialization_alias=w.RUNS)
    fit: FitOut | None = Field(serialization_alias=w.FIT)


def calibration_out(calibration: Calibration) -> CalibrationOut:
    rate, fit = calibration.jar.rate, calibration.fit
    return CalibrationOut(
        jar=calibration.jar.number,
        rate=None if rate is None else rate / _UG_PER_G,
        runs=[_run_out(run) for run in calibration.runs],
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
