"""Every text of the pages exists in both languages, has the same gaps, and is used."""

import re
import string
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path

import pytest

from yaguts import translations
from yaguts.domain.alerts.delivery import AlertFault
from yaguts.domain.alerts.kinds import AlertKind
from yaguts.domain.jobs.job import DoseStatus, Failure, JobKind, JobState
from yaguts.domain.jobs.report import Contradiction
from yaguts.domain.stock.ledger import IN_THE_JAR
from yaguts.translations import jar_faults
from yaguts.translations.en import pages as en
from yaguts.translations.pages import page_text
from yaguts.translations.pt_br import pages as pt_br

WEB = Path(en.__file__).parents[2] / "web"
TEMPLATES = "\n".join(path.read_text("utf-8") for path in WEB.rglob("*.html"))
CODE = "\n".join(
    path.read_text("utf-8") for path in [*WEB.rglob("*.py"), Path(jar_faults.__file__)]
)
CATALOGUES = {"pt_BR": pt_br.TEXTS, "en": en.TEXTS}
KEY = r"[\"']([a-z_]+(?:\.[a-z_]+)*\.?)[\"']"
USED = set(re.findall(rf"\bt\({KEY}", TEMPLATES)) | set(
    re.findall(rf"page_text\([a-z_.]*language, {KEY}", CODE)
)
NAMED = set(re.findall(KEY, CODE))
"""Every string that looks like a key. The code reads some keys from tables."""
USED_PREFIXES = (
    *(key for key in USED if key.endswith(".")),
    *re.findall(r"page_text\([a-z_.]*language, f\"([a-z_.]+\.){", CODE),
)


def gaps(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_both_languages_have_the_same_texts_with_the_same_gaps() -> None:
    ours, theirs = ({key: gaps(text) for key, text in c.items()} for c in CATALOGUES.values())

    assert ours == theirs


def test_every_text_that_a_page_asks_for_is_there() -> None:
    known = set(pt_br.TEXTS)
    prefixes = {prefix for prefix in USED_PREFIXES if not any(k.startswith(prefix) for k in known)}

    assert {key for key in USED if not key.endswith(".")} - known == set()
    assert prefixes == set()


@pytest.mark.parametrize(
    ("prefix", "names"),
    [
        ("alerts.kind.", AlertKind),
        ("alerts.fault.", AlertFault),
        ("contradiction.", Contradiction),
        ("job.", JobState),
        ("job.done.", JobKind),
        ("dose.", DoseStatus),
        ("failure.", Failure),
        ("movement.", IN_THE_JAR),
    ],
    ids=["alert", "alert fault", "contradiction", "job", "kind", "dose", "failure", "movement"],
)
def test_every_state_and_kind_has_a_text(prefix: str, names: Iterable[StrEnum]) -> None:
    assert {f"{prefix}{name}" for name in names} <= set(pt_br.TEXTS)


def test_every_fault_of_a_dispenser_has_a_text() -> None:
    assert set(jar_faults.FAULTS.values()) <= set(pt_br.TEXTS)


def test_every_text_is_used() -> None:
    texts = {key.removesuffix(".one") for key in pt_br.TEXTS}

    assert {key for key in texts - USED - NAMED if not key.startswith(USED_PREFIXES)} == set()


@pytest.mark.parametrize(
    "template", sorted(WEB.rglob("*.html")), ids=lambda path: path.relative_to(WEB).as_posix()
)
def test_no_template_holds_untranslated_words(template: Path) -> None:
    """Letters outside tags and braces are untranslated words. The brand is allowed."""
    text = template.read_text("utf-8")
    for braces in (r"{#.*?#}", r"{%.*?%}", r"{{.*?}}", r"<svg.*?</svg>", r"<code>.*?</code>"):
        text = re.sub(braces, " ", text, flags=re.DOTALL)
    text = re.sub(r"<(\"[^\"]*\"|'[^']*'|[^>])*>|&[a-z]+;", " ", text)

    assert set(re.findall(r"[^\W\d_]{2,}", text)) - {"Yaguts", "PT", "EN"} == set()


def test_one_has_a_form_of_its_own() -> None:
    assert page_text("pt_BR", "people", n=1) == "1 pessoa"
    assert page_text("pt_BR", "people", n=4) == "4 pessoas"
    assert page_text("en", "people", n=1) == "1 person"


SAME_IN_BOTH = {"Dose {n}", "Dose: {what}", "Firmware", "Motor"}
"""Words that both languages share. Texts of gaps, numbers and units are shared as well."""


def test_no_text_is_left_in_the_other_language() -> None:
    both = [(ours, en.TEXTS[key]) for key, ours in pt_br.TEXTS.items()]
    same = {ours for ours, theirs in both if ours == theirs}

    assert {text for text in same if re.search(r"[^\W\d_]{4,}", re.sub("{.*?}", "", text))} == (
        SAME_IN_BOTH
    )


def test_no_sentence_is_left_in_the_other_language() -> None:
    both = translations.CATALOGUES
    same = {key for key, ours in both["pt_BR"].items() if ours == both["en"][key]}

    assert same == set()
