"""The fields of the form in which somebody chooses what to be told."""

from starlette.datastructures import FormData

from yaguts.api.schemas.alerts import quiet_times
from yaguts.services.alerts.targets import AlertSettings
from yaguts.web.forms import typed
from yaguts_wire import words as w


def given_in(form: FormData) -> dict[str, str]:
    """What somebody typed."""
    fields = {
        "silent_min": w.SILENT_MIN,
        "quiet_from": w.QUIET_FROM,
        "quiet_until": w.QUIET_UNTIL,
        "zone": w.TIME_ZONE,
    }
    return {name: typed(form, word) for name, word in fields.items()}


def stored_in(mine: AlertSettings) -> dict[str, str]:
    """What is stored, as the form shows it."""
    start, end = quiet_times(mine.choices)
    return {
        "silent_min": str(mine.choices.silent_min),
        "quiet_from": start or "",
        "quiet_until": end or "",
        "zone": mine.choices.zone,
    }
