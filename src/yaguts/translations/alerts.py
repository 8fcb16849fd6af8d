"""An alert in words, as it is sent."""

from collections.abc import Mapping
from datetime import UTC, datetime

from yaguts.domain.alerts.choices import zone_named
from yaguts.domain.alerts.kinds import (
    AlertEvent,
    AlertFacts,
    AlertKind,
    AlertMessage,
    WrittenAlert,
)
from yaguts.domain.jobs.job import JobKind
from yaguts.domain.units import Milligrams
from yaguts.translations import Language, translated
from yaguts.translations.amounts import rounded_grams
from yaguts.translations.en import alerts as en
from yaguts.translations.pages import page_text
from yaguts.translations.pt_br import alerts as pt_br

SENT: Mapping[str, Mapping[str, str]] = {"pt_BR": pt_br.MESSAGES, "en": en.MESSAGES}
_WRITTEN = {"pt_BR": "%d/%m/%Y %H:%M", "en": "%Y-%m-%d %H:%M"}
_PAGES = {
    AlertKind.DISPENSER_SILENT: "/app/dispensers/{dispenser_id}",
    AlertKind.JOB_FAILED: "/app/jobs/{job}",
    AlertKind.JOB_DONE: "/app/jobs/{job}",
    AlertKind.JAR_LOW: "/app/dispensers/{dispenser_id}/jars/{jar}",
}


def alert_text(message: AlertMessage, language: str, zone: str) -> WrittenAlert:
    """An alert in words, with times in a time zone."""
    known: Language = "en" if language == "en" else "pt_BR"
    texts = SENT[known]
    gaps = _gaps(message, known, zone)
    page = _PAGES.get(AlertKind(message.kind), "") if message.kind in list(AlertKind) else ""
    return WrittenAlert(
        _first(texts, _titles(message)).format_map(gaps),
        _first(texts, _texts(message)).format_map(gaps),
        _at(message.at, known, zone),
        page.format_map(gaps),
    )


def _titles(message: AlertMessage) -> tuple[str, ...]:
    """The keys of the title, the most special first."""
    whole = f"{message.kind}.{message.event}"
    special = f"{whole}.{_special(message)}"
    fallback = "test" if message.event == AlertEvent.TEST else f"other.{message.event}"
    return special, whole, fallback


def _texts(message: AlertMessage) -> tuple[str, ...]:
    whole, special = f"{message.kind}.{message.event}", _special(message)
    fallback = "test.text" if message.event == AlertEvent.TEST else "other.text"
    failure = f"{whole}.text.{message.facts.get('failure')}"
    return failure, f"{whole}.{special}.text", f"{whole}.text", fallback


def _special(message: AlertMessage) -> str:
    """What the title and the text of a kind differ by."""
    facts = message.facts
    if message.kind == AlertKind.JAR_LOW:
        return "low" if facts["left_mg"] else "empty"
    if message.kind == AlertKind.BACKUP_OLD:
        return "never" if facts["last"] is None else "some"
    return str(facts.get("state"))


def _first(texts: Mapping[str, str], keys: tuple[str, ...]) -> str:
    return next(texts[key] for key in keys if key in texts)


def _gaps(message: AlertMessage, language: Language, zone: str) -> dict[str, object]:
    facts = message.facts
    gaps: dict[str, object] = {**facts, "subject": message.subject}
    if "dispenser" in facts:
        number = page_text(language, "dispenser.number", id=facts["dispenser"])
        gaps["dispenser_id"], gaps["dispenser"] = (
            facts["dispenser"],
            facts["dispenser_name"] or number,
        )
    for name in ("since", "last"):
        if isinstance(moment := facts.get(name), int):
            gaps[name] = _at(datetime.fromtimestamp(moment, UTC), language, zone)
    if isinstance(left := facts.get("left_mg"), int):
        gaps["left"] = rounded_grams(Milligrams(left), language)
    for name in ("free", "total"):
        if isinstance(size := facts.get(f"{name}_mb"), int):
            gaps[name] = _size(size)
    if "halted" in facts:
        gaps["why"] = translated(f"halt_reason.{facts['halted']}", language)
    if "job_kind" in facts:
        gaps["what"] = _what(facts, language)
    return gaps


def _what(facts: AlertFacts, language: Language) -> str:
    """The name of a job: its recipe, or what it was for."""
    what, kind = facts["what"], str(facts["job_kind"])
    if kind == JobKind.RECIPE:
        return str(what or page_text(language, "recipe.gone"))
    return page_text(
        language, f"kind.{kind}", what=what or page_text(language, "jar.number", jar=facts["jar"])
    )


def _at(moment: datetime, language: Language, zone: str) -> str:
    return moment.astimezone(zone_named(zone)).strftime(_WRITTEN[language])


def _size(megabytes: int) -> str:
    return f"{megabytes // 1000} GB" if megabytes >= 10_000 else f"{megabytes} MB"
