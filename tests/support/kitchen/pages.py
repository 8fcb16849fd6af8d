"""What a test reads from a page."""

import re
from html.parser import HTMLParser

from httpx import Response

VOID = {"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.text: list[str] = []
        self.forms: list[tuple[str, str]] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        assert "style" not in given, "the policy forbids inline styles"
        assert not any(name.startswith("on") for name in given), "… and inline scripts"
        if tag not in VOID and (self.open[-1:] != ["svg"] or tag == "svg"):
            self.open.append(tag)
        if tag == "form":
            self.forms.append((given.get("method") or "get", given.get("action") or ""))
        if tag == "a":
            self.links.append(given.get("href") or "")

    def handle_endtag(self, tag: str) -> None:
        if self.open[-1:] == ["svg"] and tag != "svg":
            return
        assert self.open.pop() == tag, f"</{tag}> closes nothing"

    def handle_data(self, data: str) -> None:
        if "title" not in self.open and "svg" not in self.open:
            self.text.append(data)


def read(answer: Response) -> str:
    """A page's words, as one line. The page must be well formed and keep to its policy."""
    return words(_parsed(answer).text)


def links(answer: Response) -> list[str]:
    """Where the page's links lead."""
    return _parsed(answer).links


def words(parts: list[str]) -> str:
    return re.sub(r"\s+", " ", " ".join(parts)).strip()


def _parsed(answer: Response) -> _Reader:
    assert answer.headers["content-type"].startswith("text/html"), answer.text
    reader = _Reader()
    reader.feed(answer.text)
    reader.close()
    assert reader.open == []
    return reader
