"""From the box to the first gram without a cable: a phone's browser, a board, a server.

The board runs the firmware as built, in MicroPython, on a fake ESP32. Every name leads the browser
to its access point, as the board's DNS does.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from tests.support.browser.window import FLAGS, SIZES
from tests.support.components import chromium, mpy_cross
from tests.support.device.usb_board import UsbBoard
from tests.support.processes.kitchen import Person, eventually, free_port
from yaguts.services.firmware.board_tree import build
from yaguts.services.firmware.root_files import root_files
from yaguts.services.firmware.wiring import NEW_BOARDS

pytestmark = pytest.mark.more

LABEL = "segredo da placa"
AIR = {"Vizinho": "não sei", "Cozinha <b>": "cravo & canela"}


def put_firmware(board: UsbBoard) -> None:
    """What `yaguts device flash` leaves on a board that is set up without a cable."""
    files = {f"a/{path}": content for path, content in build().with_manifest().items()}
    files |= {path.lstrip("/"): content for path, content in root_files().items()}
    configuration = {"access_point": LABEL, **NEW_BOARDS["esp32"]}
    files["yaguts.json"] = json.dumps(configuration).encode()
    for path, content in files.items():
        file = board.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)


@pytest.fixture
def board(tmp_path: Path) -> Iterator[UsbBoard]:
    mpy_cross()
    board = UsbBoard(tmp_path)
    put_firmware(board)
    (board.nvs / "air.json").write_text(json.dumps(AIR))
    (board.nvs / "port").write_text(str(free_port()))
    with board:
        eventually(lambda: b"is open at http://192.168.4.1" in board.said)
        yield board


@pytest.fixture
def phone(board: UsbBoard) -> Iterator[Page]:
    """A phone that is on the board's Wi-Fi: whatever name it asks for is the board."""
    port = (board.nvs / "port").read_text()
    rules = f"--host-resolver-rules=MAP * 127.0.0.1:{port}"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=[*FLAGS, rules])
        width, height = SIZES["phone"]
        context = browser.new_context(
            viewport={"width": width, "height": height}, locale="pt-BR", has_touch=True
        )
        page = context.new_page()
        page.set_default_timeout(30_000)
        yield page
        browser.close()


def fill(page: Page, network: str, password: str, server: str, code: str) -> None:
    page.get_by_label(network, exact=True).check()
    page.get_by_label("Senha do Wi-Fi").fill(password)
    page.get_by_label("Endereço do servidor").fill(server)
    page.get_by_label("Código para vincular").fill(code)
    page.get_by_role("button", name="Conectar").click()


def message(page: Page, text: str) -> None:
    """Wait for the result, as the page itself does: nobody reloads it."""
    expect(page.get_by_role("status")).to_contain_text(text, timeout=60_000)


def test_from_the_box_to_the_first_gram(board: UsbBoard, phone: Page, person: Person) -> None:
    assert json.loads((board.nvs / "access_point.json").read_text()) == {
        "ssid": "Yaguts-0203",
        "key": LABEL,
        "security": 3,
    }
    phone.goto("http://captive.apple.com/hotspot-detect.html")
    expect(phone).to_have_url("http://192.168.4.1/")
    expect(phone.get_by_role("heading")).to_have_text("Yaguts-0203")
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert phone.evaluate(wide) <= 0

    fill(phone, "Cozinha <b>", "errada", person.server.address, "")
    message(phone, "recusou a senha")
    phone.get_by_role("link", name="Voltar ao formulário").click()
    message(phone, "recusou a senha")
    assert "errada" not in phone.content()

    fill(phone, "Cozinha <b>", "cravo & canela", "http://127.0.0.1:9", person.code())
    message(phone, "o servidor não responde")
    phone.get_by_role("link", name="Voltar ao formulário").click()

    fill(phone, "Cozinha <b>", "", person.server.address, "000000")
    message(phone, "recusou o código")
    phone.get_by_role("link", name="Voltar ao formulário").click()
    assert "cravo" not in phone.content()

    fill(phone, "Cozinha <b>", "", person.server.address, person.code())
    message(phone, "Vinculado")
    eventually(person.online)

    job = person.finished(person.order(person.recipe(Sal=1.0))["id"])
    assert job["status"] == "done"
    kept = json.loads((board.root / "yaguts.json").read_text("utf-8"))
    assert (kept["wifi"], kept["password"]) == ("Cozinha <b>", "cravo & canela")
    assert kept["server"] == person.server.address
    assert b"cravo" not in board.said
    assert LABEL.encode() not in board.said


def test_in_english_another_network_is_typed(board: UsbBoard, phone: Page) -> None:
    phone.goto("http://neverssl.com/")
    phone.get_by_role("link", name="English").click()
    phone.get_by_label("Name of another network").fill("Ausente")
    phone.get_by_label("Wi-Fi password").fill("segredo")
    phone.get_by_label("show").check()
    expect(phone.get_by_label("Wi-Fi password")).to_have_attribute("type", "text")
    phone.get_by_label("Address of the server").fill("192.168.0.10:8000")
    phone.get_by_role("button", name="Connect").click()

    message(phone, "was not found")
    assert re.search(rb"portal: state 3", board.said)
