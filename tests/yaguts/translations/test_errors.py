"""Every error has a text in every language, and every gap in it is filled."""

from collections.abc import Iterator
from string import Formatter

import pytest

from yaguts.domain import errors
from yaguts.domain.errors import NotFound, NotPlannable, YagutsError
from yaguts.domain.jobs.planning import (
    NoJar,
    NotCalibrated,
    NotEmpty,
    OutOfReach,
    TooLittle,
    TooLong,
    TooSmall,
)
from yaguts.domain.units import MicrogramsPerSecond, Milligrams, Milliseconds
from yaguts.translations import CATALOGUES, explain
from yaguts.translations.amounts import (
    both_grams,
    exact_grams,
    grams,
    grams_at_least,
    grams_at_most,
    rounded_grams,
    rounded_rate,
    wait,
    whole_seconds,
)

FIELDS = {"jar": 2, "spice": "Sal", "wait_s": 60, "order": 1, "job_id": 3, "most": 20, "least": 3}
ALL_REASONS = (
    NoJar("Cominho"),
    OutOfReach(5, "Louro"),
    NotCalibrated(2, "Sal"),
    TooLittle(1, "Pimenta", Milligrams(10_000), Milligrams(3_250)),
    TooLong(3, "Orégano", Milliseconds(180_500)),
    TooSmall("Alho em pó"),
    NotEmpty(4, Milligrams(2_000)),
)


def error_classes(root: type[YagutsError] = YagutsError) -> Iterator[type[YagutsError]]:
    for kind in root.__subclasses__():
        yield kind
        yield from error_classes(kind)


def gaps(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


@pytest.mark.parametrize("language", CATALOGUES)
@pytest.mark.parametrize("kind", list(error_classes()), ids=lambda kind: kind.__name__)
def test_every_error_has_a_text(kind: type[YagutsError], language: str) -> None:
    error = NotPlannable(ALL_REASONS) if kind is NotPlannable else kind(**FIELDS)

    assert explain(error, language).endswith(".")  # type: ignore[arg-type]


def test_every_language_has_the_same_codes_and_gaps() -> None:
    portuguese, english = CATALOGUES["pt_BR"], CATALOGUES["en"]

    assert portuguese.keys() == english.keys()
    for code, sentence in portuguese.items():
        assert gaps(sentence) == gaps(english[code]), code
        assert sentence != english[code], code


def test_every_refinement_refines_something() -> None:
    classes = {kind.code for kind in error_classes()}
    families = classes | {"reason", "report", "request", "http", "field", "audit_log"}
    families |= {"update_reason", "halt_reason"}

    for code in CATALOGUES["pt_BR"]:
        assert code.partition(".")[0] in families, code


def test_all_obstacles_at_once_and_in_order() -> None:
    assert explain(NotPlannable(ALL_REASONS)) == (
        "Nenhum frasco tem Cominho. "
        "O frasco 5 está fora de alcance: a placa deste dispensador só move os frascos 1 a 4. "
        "O frasco 2 (Sal) não está calibrado. "
        "O frasco 1 (Pimenta) tem 3,2 g, e são necessários 10,0 g. "
        "O frasco 3 (Orégano) ficaria aberto por 181 s; o limite é 180 s. "
        "A quantidade de Alho em pó é pequena demais para ser dosada. "
        "O frasco 4 ainda tem 2,0 g: esvazie-o ou pese-o antes."
    )


def test_what_was_not_found() -> None:
    assert explain(NotFound(what="recipe")) == "Receita não encontrada."
    assert explain(NotFound(what="recipe"), "en") == "Recipe not found."
    assert explain(NotFound(what="something new")) == "Não encontrado."


def test_a_busy_dispenser_in_the_words_of_version_01() -> None:
    assert explain(errors.Busy(job_id=1)).startswith("Robô ocupado")


@pytest.mark.parametrize(
    ("amount", "written"),
    [(4500, "4,5 g"), (10_000, "10,0 g"), (1, "0,001 g"), (120, "0,12 g"), (-500, "-0,5 g"),
     (7732, "7,7 g"), (375, "0,38 g"), (-7750, "-7,8 g"), (96_123, "96,1 g"), (0, "0,0 g")],
)  # fmt: skip
def test_grams(amount: int, written: str) -> None:
    assert grams(Milligrams(amount), "pt_BR") == written
    assert grams(Milligrams(amount), "en") == written.replace(",", ".")


def test_what_was_typed_keeps_its_digits() -> None:
    assert exact_grams(Milligrams(1_125), "pt_BR") == "1,125 g"
    assert rounded_grams(Milligrams(212_400), "en") == "212 g"
    assert rounded_grams(Milligrams(-7_732), "en") == "-7.7 g"


def test_two_amounts_that_differ_read_differently() -> None:
    assert both_grams(Milligrams(7_732), Milligrams(8_011), "en") == ("7.7 g", "8.0 g")
    assert both_grams(Milligrams(7_732), Milligrams(7_711), "en") == ("7.732 g", "7.711 g")


@pytest.mark.parametrize(
    ("amount", "least", "most"),
    [
        (7732, "7,7 g", "7,8 g"),
        (7700, "7,7 g", "7,7 g"),
        (0, "0,0 g", "0,0 g"),
        (231, "0,23 g", "0,24 g"),
    ],
)
def test_what_is_uncertain_is_said_no_finer_than_the_machine_tells(
    amount: int, least: str, most: str
) -> None:
    assert grams_at_least(Milligrams(amount), "pt_BR") == least
    assert grams_at_most(Milligrams(amount), "pt_BR") == most


@pytest.mark.parametrize(
    ("seconds", "written"),
    [
        (1, ("1 segundo", "1 second")),
        (60, ("60 segundos", "60 seconds")),
        (91, ("2 minutos", "2 minutes")),
        (900, ("15 minutos", "15 minutes")),
    ],
)
def test_a_long_wait_is_in_minutes(seconds: int, written: tuple[str, str]) -> None:
    assert (wait(seconds, "pt_BR"), wait(seconds, "en")) == written


def test_who_tried_too_often_reads_how_long_to_wait() -> None:
    refused = errors.TooManyAttempts(wait_s=900)

    assert "Espere 15 minutos e" in explain(refused)
    assert "Wait 15 minutes and" in explain(refused, "en")


def test_seconds_are_rounded_up() -> None:
    assert whole_seconds(Milliseconds(180_001)) == "181 s"
    assert whole_seconds(Milliseconds(180_000)) == "180 s"


@pytest.mark.parametrize(
    ("rate", "written"),
    [(1_003_763, "1,004"), (833_333, "0,8333"), (2_000_000, "2,0"), (7, "0,000007")],
)
def test_a_rate_has_the_digits_that_count(rate: int, written: str) -> None:
    assert rounded_rate(MicrogramsPerSecond(rate), "pt_BR") == written
