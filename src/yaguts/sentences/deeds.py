"""A line of the trail in words."""

from yaguts.domain.trail import Entry
from yaguts.sentences import Language, sentence


def deed(entry: Entry, language: Language = "pt_BR") -> str:
    """What was done, without who, when and from where: they stand beside it."""
    code = f"trail.{entry.what}"
    if "jar" in entry.about:
        code = f"{code}.jar"
    return sentence(code, language, **entry.about)
