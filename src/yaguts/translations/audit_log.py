"""An entry of the audit log in words."""

from yaguts.domain.audit_log import AuditEntry, AuditEvent
from yaguts.translations import Language, translated


def audit_entry_text(entry: AuditEntry, language: Language = "pt_BR") -> str:
    """What was done. Person, time and address are shown beside it."""
    code = f"audit_log.{entry.what}"
    if "jar" in entry.about:
        code = f"{code}.jar"
    _, name = entry.named or (None, translated("audit_log.gone", language))
    about = {**entry.about, **_reason(entry, language)}
    return translated(code, language, name=name, **about)


def _reason(entry: AuditEntry, language: Language) -> dict[str, str]:
    """A reason is stored as its code."""
    if "reason" not in entry.about:
        return {}
    kind = "halt_reason" if entry.what == AuditEvent.ROLLOUT_HALTED else "update_reason"
    return {"reason": translated(f"{kind}.{entry.about['reason']}", language)}
