"""What is sent: whole sentences in both languages, for every kind and event."""

import string

import pytest

from tests.support.builders import NOW
from yaguts.domain.alerts.kinds import AlertEvent, AlertFacts, AlertKind, AlertMessage
from yaguts.translations.alerts import SENT, alert_text

DISPENSER: AlertFacts = {"dispenser": 3, "dispenser_name": "Bancada"}
FACTS: dict[str, AlertFacts] = {
    "dispenser_silent": {**DISPENSER, "since": int(NOW.timestamp())},
    "job_failed": {
        **DISPENSER, "job": 9, "job_kind": "recipe", "what": None, "jar": 1, "state": "failed",
        "failure": None,
    },
    "job_done": {
        **DISPENSER, "job": 9, "job_kind": "recipe", "what": "Arroz", "jar": 1, "state": "done",
        "failure": None,
    },
    "jar_low": {**DISPENSER, "jar": 2, "spice": "Sal", "left_mg": 4500, "days": 2},
    "backup_old": {"last": None},
    "disk_full": {"free_mb": 900, "total_mb": 32_000},
    "release_halted": {"release": 3, "version": "0.3.0", "halted": "silent"},
    "test": {},
    "of a later version": {"x": 1},
}  # fmt: skip


def written(
    kind: str, event: AlertEvent, language: str = "pt_BR", **facts: int | str | None
) -> str:
    message = AlertMessage(1, "u", kind, event, "subject", {**FACTS[kind], **facts}, NOW)
    said = alert_text(message, language, "America/Sao_Paulo")
    return f"{said.title}\n{said.text('https://y.example')}"


@pytest.mark.parametrize("language", ["pt_BR", "en"])
@pytest.mark.parametrize("event", [AlertEvent.TROUBLE, AlertEvent.WELL])
@pytest.mark.parametrize("kind", [*AlertKind, "of a later version"])
def test_every_kind_is_told(kind: str, event: AlertEvent, language: str) -> None:
    text = written(kind, event, language)

    assert "{" not in text
    assert "None" not in text
    assert len(text.splitlines()) >= 3


def test_a_kind_has_texts_of_its_own() -> None:
    for kind in AlertKind:
        troubles = any(key.startswith(f"{kind}.trouble") for key in SENT["en"])
        assert troubles == (kind != AlertKind.JOB_DONE), kind
        assert f"{kind}.well" in SENT["en"]


def gaps(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_both_languages_have_the_same_texts_with_the_same_gaps() -> None:
    ours, theirs = (
        {key: gaps(text) for key, text in catalogue.items()} for catalogue in SENT.values()
    )
    assert ours == theirs


@pytest.mark.parametrize(
    ("kind", "facts", "said"),
    [
        ("job_failed", {"failure": "expired"}, "Bancada não buscou o pedido a tempo."),
        ("job_failed", {"failure": "unconfirmed"}, "Bancada não confirmou."),
        ("job_failed", {"job_kind": "purge", "what": "Sal"}, "Pedido 9 falhou: Esvaziamento: Sal"),
        ("job_failed", {"state": "done_partial", "what": "Arroz"}, "saiu só em parte: Arroz"),
        ("job_failed", {}, "https://y.example/app/jobs/9"),
        ("jar_low", {"left_mg": 0}, "Acabou: Sal"),
        ("jar_low", {}, "Restam 4,5 g no frasco 2 de Bancada."),
        ("jar_low", {}, "https://y.example/app/dispensers/3/jars/2"),
        ("dispenser_silent", {"dispenser_name": None}, "Dispensador 3: fora do ar"),
        ("dispenser_silent", {}, "https://y.example/app/dispensers/3"),
        ("backup_old", {}, "Ainda não foi feita nenhuma"),
        ("backup_old", {"last": 1769882400}, "A última foi feita em 31/01/2026 15:00."),
        ("disk_full", {}, "Restam 900 MB de 32 GB"),
    ],
)
def test_what_is_said(kind: str, facts: dict[str, int | str | None], said: str) -> None:
    assert said in written(kind, AlertEvent.TROUBLE, **facts)


@pytest.mark.parametrize(
    ("kind", "event", "facts", "title", "sentence"),
    [
        ("job_done", "well", {}, "Pedido 9 pronto: Arroz", "Saiu tudo, em Bancada."),
        ("job_done", "well", {"job_kind": "dose", "what": "Sal"}, "Pedido 9 pronto: Dose: Sal", ""),
        ("job_failed", "trouble", {}, "Pedido 9 falhou: Receita apagada", "Veja a tigela"),
        ("job_failed", "trouble", {"state": "done_partial"}, "Pedido 9 saiu só em parte", ""),
        ("job_failed", "well", {"what": "Arroz"}, "Pedido 9 completo: Arroz", ""),
        ("jar_low", "trouble", {}, "Pouco: Sal", "Restam 4,5 g"),
        ("jar_low", "trouble", {"left_mg": 0}, "Acabou: Sal", "está vazio"),
        ("dispenser_silent", "trouble", {}, "Bancada: fora do ar", "31/01/2026"),
        ("dispenser_silent", "well", {}, "Bancada: no ar de novo", ""),
    ],
)
def test_what_a_browser_shows(
    kind: str, event: str, facts: dict[str, int | str | None], title: str, sentence: str
) -> None:
    message = AlertMessage(1, "u", kind, AlertEvent(event), "s", {**FACTS[kind], **facts}, NOW)
    said = alert_text(message, "pt_BR", "America/Sao_Paulo")

    assert said.title.startswith(title)
    assert sentence in said.sentence
    assert said.page.startswith("/app/")


def test_a_test_is_told() -> None:
    assert written("test", AlertEvent.TEST, "en").startswith("Yaguts test\nIf you read this")
