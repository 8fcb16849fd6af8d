"""What a page showed of a jar: written into its forms, and compared when they are sent."""

from urllib.parse import parse_qs, urlencode

from yaguts.domain.errors import NotAsShown
from yaguts.domain.recipe import Jar
from yaguts.domain.units import MicrogramsPerSecond, Milligrams
from yaguts.services.pantry.as_shown import Aspect, ShownJar, while_as_shown
from yaguts.services.runtime.context import Site
from yaguts.translations import Language
from yaguts.translations.amounts import both_grams, exact_grams, grams_per_second
from yaguts.translations.pages import page_text
from yaguts.web.jar_address import JarAddress
from yaguts.web.visit import Visit

WAS = "was"
"""The field of the forms."""


def was(jar: Jar) -> str:
    """What the page shows of the jar, for its forms."""
    known = {"label": jar.label, "stock": jar.stock, "rate": jar.rate}
    return urlencode({name: value for name, value in known.items() if value is not None})


def unchanged(visit: Visit, jar: JarAddress, *aspects: Aspect) -> Site:
    """The site for a service that changes the jar, which raises `NotAsShown` when its label or one
    of these aspects is not what the page showed. A form that says nothing compares nothing.
    """
    if WAS not in visit.form:
        return visit.site
    said = {name: values[0] for name, values in parse_qs(visit.sent(WAS)).items()}
    stock, rate = _number(said.get("stock", "")), _number(said.get("rate", ""))
    shown = ShownJar(
        said.get("label"),
        None if stock is None else Milligrams(stock),
        None if rate is None else MicrogramsPerSecond(rate),
    )
    return while_as_shown(
        visit.site, visit.kitchen_id, jar.dispenser_id, jar.number, shown, aspects
    )


def told_of_jar(error: NotAsShown, language: Language) -> str:
    """The sentence with both values."""

    def written(value: object) -> str:
        if value is None:
            return page_text(language, "stale.nothing")
        if error.fields["what"] == "stock":
            return exact_grams(Milligrams(int(str(value))), language)
        if error.fields["what"] == "rate":
            rate = grams_per_second(MicrogramsPerSecond(int(str(value))), language)
            return page_text(language, "jar.rate", rate=rate)
        return f"“{value}”"

    before, now = error.fields["before"], error.fields["now"]
    shown = written(before), written(now)
    if error.fields["what"] == "stock" and isinstance(before, int) and isinstance(now, int):
        shown = both_grams(Milligrams(before), Milligrams(now), language)
    return page_text(language, "stale.jar", before=shown[0], now=shown[1])


def _number(text: str) -> int | None:
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdecimal() and len(digits) < 18):
        return None
    return int(text)
