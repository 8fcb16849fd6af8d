"""An entry of the audit log in words."""

from yaguts.domain.audit_log import AuditEntry
from yaguts.translations import Language, translated


def audit_entry_text(entry: AuditEntry, language: Language = "pt_BR") -> str:
    """What was done. Person, time and address are shown beside it."""
    code = f"audit_log.{entry.what}"
    if "jar" in entry.about:
        code = f"{code}.jar"
    return translated(code, language, **entry.about)
