"""The portal's pages, piece by piece, so that none is ever whole in memory.

They work without scripts. No secret that the board keeps is in any of them.
"""

import json

from yaguts_device.core import set_up
from yaguts_device.portal.serving import text_places as at

TYPE_CHECKING = False  # the board has no typing module; type checkers take this for true
if TYPE_CHECKING:
    from typing import Iterator

    Texts = tuple[str, ...]

_STYLE = (
    "body{font:18px/1.4 sans-serif;max-width:26em;margin:auto;padding:1em;color:#222;"
    "background:#fff}h1{font-size:1.4em}label,legend{font-weight:bold}label.n{font-weight:normal;"
    "display:block;padding:.3em 0}fieldset{border:0;padding:0;margin:1em 0}"
    "input:not([type=radio]):not([type=checkbox]),button{font:inherit;width:100%;"
    "box-sizing:border-box;padding:.6em;border:1px solid #777;border-radius:6px}"
    "button{background:#7a3b00;color:#fff;border:0;margin:1em 0}small{display:block;color:#555}"
    ".m{background:#fff3d6;padding:.8em;border-radius:6px}.m:empty{display:none}"
)
_POLL = (
    "<script>setInterval(function(){fetch('/state%s').then(function(r){return r.json()})"
    ".then(function(s){m.textContent=s.text;b.hidden=s.state==1})['catch'](function(){})},2000)"
    "</script>"
)


def form(
    texts: "Texts",
    name: str,
    message: str,
    networks: "list[str]",
    chosen: str,
    server: str,
) -> "Iterator[str]":
    """The form. `message` is what came of the last try, or what is wrong with the form."""
    yield from _top(texts, name)
    yield _message(message)
    yield "<p>" + texts[at.INTRODUCTION] + '</p><form method="post" action="/save">'
    yield '<input type="hidden" name="l" value="' + texts[at.LANGUAGE] + '">'
    yield "<fieldset><legend>" + texts[at.NETWORK] + "</legend>"
    for network in networks:
        yield _choice(network, network == chosen)
    if not networks:
        yield "<p>" + texts[at.NO_NETWORKS] + "</p>"
    other = "" if chosen in networks else chosen
    yield '<label class="n"><input type="radio" name="ssid" value=""'
    yield "" if chosen in networks else " checked"
    yield "> " + texts[at.OTHER_NETWORK] + "</label>"
    yield '<input name="other" maxlength="32" aria-label="' + texts[at.OTHER_NETWORK]
    yield '" autocapitalize="off" autocomplete="off" value="' + escaped(other) + '"></fieldset>'
    yield from _field(texts, "pass", at.PASSWORD, ' type="password" maxlength="64"')
    yield '<label class="n"><input type="checkbox" onclick="document.getElementById(\'pass\')'
    yield ".type=this.checked?'text':'password'\"> " + texts[at.SHOW] + "</label></p>"
    address = ' inputmode="url" maxlength="120" value="' + escaped(server) + '"'
    yield from _field(texts, "api", at.SERVER, address)
    yield "</p>"
    yield from _field(texts, "claim", at.CODE, ' maxlength="20"')
    yield "</p><button>" + texts[at.CONNECT] + "</button></form>"
    yield '<p><a href="/wipe?l=' + texts[at.LANGUAGE] + '">' + texts[at.FORGET] + "</a> · "
    yield texts[at.OTHER_LANGUAGE] + "</p></main>"


def waiting(texts: "Texts", name: str, state: int) -> "Iterator[str]":
    """What the phone shows while the board connects. It asks again and again for the result."""
    language = "?l=" + texts[at.LANGUAGE]
    yield from _top(texts, name)
    yield _message(texts[at.STATES + state])
    if state == set_up.TRYING:
        yield "<p>" + texts[at.COME_BACK] + " <b>" + escaped(name) + "</b>.</p>"
        yield '<noscript><meta http-equiv="refresh" content="8;url=/' + language + '"></noscript>'
    yield '<p id="b"' + (" hidden" if state in (set_up.TRYING, set_up.DONE) else "") + ">"
    yield '<a href="/' + language + '">' + texts[at.TO_THE_FORM] + "</a></p></main>"
    yield _POLL % language


def wipe(texts: "Texts", name: str) -> "Iterator[str]":
    """Whether everything is to be erased."""
    yield from _top(texts, name)
    yield "<p>" + texts[at.FORGET_ASKED] + '</p><form method="post" action="/wipe?l='
    yield texts[at.LANGUAGE] + '"><button>' + texts[at.FORGET_NOW] + "</button></form>"
    yield '<p><a href="/?l=' + texts[at.LANGUAGE] + '">' + texts[at.TO_THE_FORM] + "</a></p></main>"


def told(texts: "Texts", name: str, text: str) -> "Iterator[str]":
    """A page that says one thing."""
    yield from _top(texts, name)
    yield "<p>" + text + "</p></main>"


def state(texts: "Texts", number: int) -> "Iterator[str]":
    """The result so far, as JSON."""
    yield json.dumps({"state": number, "text": texts[at.STATES + number]})


def escaped(text: str) -> str:
    """A text from outside, as it may stand in a page."""
    for sign, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;")):
        text = text.replace(sign, entity)
    return text


def _top(texts: "Texts", name: str) -> "Iterator[str]":
    yield '<!doctype html><html lang="' + texts[at.LANGUAGE] + '"><meta charset="utf-8">'
    yield '<meta name="viewport" content="width=device-width,initial-scale=1">'
    yield '<link rel="icon" href="data:,"><title>' + name + "</title><style>"
    yield _STYLE
    yield "</style><main><h1>" + escaped(name) + "</h1>"


def _message(text: str) -> str:
    return '<p class="m" id="m" role="status">' + text + "</p>"


def _choice(network: str, is_chosen: bool) -> str:
    return '<label class="n"><input type="radio" name="ssid" value="%s"%s> %s</label>' % (
        escaped(network),
        " checked" if is_chosen else "",
        escaped(network),
    )


def _field(texts: "Texts", name: str, place: int, attributes: str) -> "Iterator[str]":
    """A field with its label and, in the text after it, its hint. The paragraph is left open."""
    yield '<p><label for="' + name + '">' + texts[place] + '</label><input id="' + name
    yield '" name="' + name + '" autocapitalize="off" autocomplete="off" spellcheck="false"'
    yield attributes + "><small>" + texts[place + 1] + "</small>"
