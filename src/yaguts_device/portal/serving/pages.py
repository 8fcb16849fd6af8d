"""The portal's pages: files beside this one, sent line by line, so that none is ever in memory.

A line that begins with `pt:` or `en:` is for that language alone, one with `*:` comes once for each
network. What stands between two `@` is put in. The pages work without scripts.
"""

TYPE_CHECKING = False  # the board has no typing module; type checkers take this for true
if TYPE_CHECKING:
    from typing import Iterator

    Values = dict[str, str]

LANGUAGES = {"pt": "pt-BR", "en": "en"}
_HERE = __file__.rpartition("/")[0] + "/"


def page(file: str, language: str, values: "Values", networks: "list[str]") -> "Iterator[str]":
    """The page, line by line. `values["chosen"]` is the network that is chosen."""
    values["l"], values["language"] = language, LANGUAGES[language]
    for line in _lines("head.html", language):
        yield _filled(line, values)
    for line in _lines(file, language):
        if line[:2] == "*:":
            yield from _for_each(line[2:], values["chosen"], networks)
        else:
            yield _filled(line, values)


def sentence(key: str, language: str) -> str:
    """A sentence of `sentences.html`."""
    found = [line for line in _lines("sentences.html", language) if line.startswith(key + "=")]
    return found[0].strip()[len(key) + 1 :]


def escaped(text: str) -> str:
    """A text from outside, as it may stand in a page."""
    for sign, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;")):
        text = text.replace(sign, entity)
    return text


def _lines(file: str, language: str) -> "Iterator[str]":
    with open(_HERE + file, encoding="utf-8") as lines:
        for line in lines:
            mark = line[:3]
            if mark == language + ":":
                yield line[3:]
            elif mark not in ("pt:", "en:"):
                yield line


def _for_each(line: str, chosen: str, networks: "list[str]") -> "Iterator[str]":
    for network in networks:
        checked = " checked" if network == chosen else ""
        yield _filled(line, {"network": escaped(network), "chosen": checked})


def _filled(line: str, values: "Values") -> str:
    parts = line.split("@")
    for place in range(1, len(parts), 2):
        parts[place] = values[parts[place]]
    return "".join(parts)
