"""The process that reads: what it understands, and what it may take."""

import subprocess
import sys
import time
from dataclasses import replace

import pytest

from tests.yaguts.domain.recipe_files.documents import DOCUMENTS
from tests.yaguts.services.runtime.imports.pages import PAGES, found
from yaguts.domain.recipe_files.faults import ImportFault, ImportRefused
from yaguts.domain.recipe_files.passing import passed_on, taken_over
from yaguts.domain.recipe_files.reading import NoRecipe
from yaguts.services.runtime.imports.imports import MOST_WAITING, READING, Imports
from yaguts.services.runtime.imports.reader_process import read_page

IMPORTS = Imports()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_read_whole(name: str) -> None:
    text, recipes = PAGES[name]

    assert list(read_page(text, "https://page.invalid/")) == recipes


def test_a_page_is_read_in_the_process_as_it_is_written() -> None:
    """In the characters of an old page, which say so themselves, and with a mark before it."""
    text = PAGES["microdata"][0].replace("<head>", "<head><meta charset=iso-8859-1>")

    assert IMPORTS.read(text.encode("iso-8859-1"), "pt_BR") == PAGES["microdata"][1]


def test_a_file_is_read_in_the_process() -> None:
    document = DOCUMENTS["ours"]

    read = IMPORTS.read(document.data, "pt_BR")

    assert [(one.name, one.lines[0].spice) for one in read] == [
        (document.recipes[0][0], "Sal, grosso")
    ]
    with pytest.raises(NoRecipe):
        IMPORTS.read(b"\xff\xfe", "pt_BR")


@pytest.mark.parametrize(
    ("data", "limits"),
    [
        (b"<p>" + b"<i>x</i>" * 4000, replace(READING, memory_mb=60)),
        (b"<p>" + b"<i>x</i>" * 400_000, replace(READING, patience_s=0.5)),
        (DOCUMENTS["ours"].data, replace(READING, most_bytes=20)),
    ],
    ids=["bloats", "hangs", "says too much"],
)
def test_what_takes_too_much_is_ended(data: bytes, limits: object) -> None:
    began = time.monotonic()

    with pytest.raises(ImportRefused) as caught:
        Imports(reading=limits).read(data, "en")  # type: ignore[arg-type]

    assert caught.value.fault == ImportFault.UNREADABLE
    assert time.monotonic() - began < 10


@pytest.mark.more
def test_what_takes_too_long_for_the_processor_is_ended_by_the_system() -> None:
    with pytest.raises(ImportRefused):
        Imports(reading=replace(READING, cpu_s=1)).read(b"<p>" + b"<i>x</i>" * 400_000, "en")


def test_one_is_read_at_a_time() -> None:
    imports = Imports(reading=replace(READING, patience_s=0.01))
    assert imports._turn.acquire()  # noqa: SLF001  (as one that is being read)

    with pytest.raises(ImportRefused) as caught:
        imports.read(b"1 g sal", "en")

    assert caught.value.fault == ImportFault.BUSY


def test_a_few_wait_and_the_others_are_told_at_once() -> None:
    imports = Imports()
    for _ in range(MOST_WAITING):
        assert imports._places.acquire(blocking=False)  # noqa: SLF001  (as those that wait)

    with pytest.raises(ImportRefused) as caught:
        imports.read(b"1 g sal", "en")

    assert caught.value.fault == ImportFault.BUSY


def test_it_reaches_nothing_and_writes_no_file() -> None:
    tries = (
        "import socket\n"
        "from yaguts.services.runtime.imports.limits import guarded, keep_within\n"
        "keep_within(2000, 60)\n"
        "guarded(alone=True)\n"
        "for what in (lambda: socket.create_connection(('93.184.216.34', 80), 1),\n"
        "             lambda: open('/tmp/imports-write', 'w')):\n"
        "    try: what()\n"
        "    except OSError as error: print(type(error).__name__)\n"
    )
    done = subprocess.run([sys.executable, "-c", tries], capture_output=True, text=True, check=True)

    assert done.stdout.split() == ["PrivateAddress", "PermissionError"]


def test_a_recipe_is_passed_on_within_bounds() -> None:
    long = found("N" * 5, "4", *(f"{n} g sal" for n in range(150)))
    text = str([[line.text, "", "", False] for line in long.lines]).replace("'", '"')

    assert taken_over(passed_on(found("A", "4", "1 g sal"))) == found("A", "4", "1 g sal")
    assert len(taken_over(f'["A","4",{text.replace("False", "false")}]').lines) == 100
    for wrong in ("", "{}", "[1]", '["a","b",[[1]]]', "[" * 50_000):
        with pytest.raises(NoRecipe):
            taken_over(wrong)
