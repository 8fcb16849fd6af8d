"""The documentation keeps up: it has every command and setting, and its links lead somewhere."""

import gc
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from tests.architecture.sources import ROOT, SRC
from yaguts.cli import main

TOP = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")
PAGES = [*(ROOT / name for name in TOP), *sorted((ROOT / "docs").rglob("*.md"))]
COMMANDS = (ROOT / "docs/commands.md").read_text("utf-8")


def commands(command: click.Command, name: str) -> Iterator[tuple[str, click.Command]]:
    """("yaguts db upgrade", …) for every command that does something itself."""
    if not isinstance(command, click.Group):
        yield name, command
        return
    context = click.Context(command)
    for each in command.list_commands(context):
        below = command.get_command(context, each)
        assert below is not None
        yield from commands(below, f"{name} {each}")


@pytest.fixture
def _still_collected() -> Iterator[None]:
    """A command is loaded for a process of its own, which hides even garbage from the collector."""
    yield
    gc.unfreeze()
    gc.collect()
    gc.freeze()


@pytest.mark.usefixtures("_still_collected")
def test_every_command_and_option_is_documented() -> None:
    missing: list[str] = []
    for name, command in commands(main, "yaguts"):
        section = COMMANDS.partition(f"## `{name}")[2].partition("\n## ")[0]
        options = [option for parameter in command.params for option in parameter.opts]
        missing += [f"{name} {option}" for option in options if f"- `{option}`" not in section]
        if not section:
            missing.append(name)

    assert missing == []


def test_every_setting_is_documented() -> None:
    source = "".join(path.read_text("utf-8") for path in SRC.rglob("*.py"))

    assert set(re.findall(r"YAGUTS_[A-Z_]+[A-Z]", source)) == set(
        re.findall(r"^\| `(YAGUTS_[A-Z_]+)`", COMMANDS, re.MULTILINE)
    )


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text("utf-8"))

    assert [link for link in links if not (page.parent / link).exists()] == []


def test_the_targets_that_are_named_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    text = "".join((ROOT / name).read_text("utf-8") for name in TOP[:2])
    named = set(re.findall(r"(?:^|`)make ([a-z][a-z-]+)", text, re.MULTILINE))

    assert named <= targets


def test_every_test_that_the_security_page_names_exists() -> None:
    page = (ROOT / "docs/security.md").read_text("utf-8")
    named = re.findall(r"`(tests/\S+\.py)::(test_\w+)`", page)
    lost = [f"{path}::{name}" for path, name in named if not _defines(ROOT / path, name)]

    assert len(named) > 30
    assert lost == []


def _defines(file: Path, name: str) -> bool:
    return file.exists() and f"def {name}(" in file.read_text("utf-8")


# What the pages name


def anchors(page: Path) -> set[str]:
    """Where a link into the page may lead: its headings, and the marks before them."""
    text = page.read_text("utf-8")
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    slugs = {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
    return slugs | set(re.findall(r'<a id="([^"]+)">', text))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_into_a_page_leads_to_a_heading(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]*)#([^)]+)\)", page.read_text("utf-8"))

    wrong = [
        f"{path}#{anchor}"
        for path, anchor in links
        if anchor not in anchors(page.parent / path if path else page)
    ]
    assert wrong == []


def named_commands(page: Path) -> list[list[str]]:
    """Each `yaguts …` in the page's code, as words."""
    text = page.read_text("utf-8")
    code = [*re.findall(r"```\w*\n(.*?)```", text, re.DOTALL), *re.findall(r"`([^`\n]+)`", text)]
    lines = [line.partition("#")[0].strip() for each in code for line in each.splitlines()]
    return [line.split() for line in lines if re.match(r"(\.venv/bin/)?yaguts \w", line)]


@pytest.mark.usefixtures("_still_collected")
@pytest.mark.parametrize(
    "page",
    [page for page in PAGES if named_commands(page)],
    ids=lambda page: str(page.relative_to(ROOT)),
)
def test_every_command_that_is_named_exists(page: Path) -> None:
    known = dict(commands(main, "yaguts"))
    wrong: list[str] = []
    for words in named_commands(page):
        told = " ".join(["yaguts", *words[1:]])
        command = next((known[name] for name in known if told.startswith(name)), None)
        named = {word for word in words if word.startswith("--")}
        options = {option for each in command.params for option in each.opts} if command else set()
        if command is None or named - options - {"--help"}:
            wrong.append(told)

    assert wrong == []


def test_every_module_that_is_to_be_run_exists() -> None:
    text = "".join(page.read_text("utf-8") for page in PAGES)
    named = {name.replace(".", "/") for name in re.findall(r"-m ((?:\w+\.)*\w+)", text)}
    ours = {name for name in named if name.split("/")[0] in {"tools", "tests", "benchmarks"}}

    assert "tools/wiring_diagrams" in ours
    assert [
        name
        for name in ours
        if not (ROOT / f"{name}.py").exists() and not (ROOT / name / "__main__.py").exists()
    ] == []
