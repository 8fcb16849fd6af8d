"""Answers of other servers: captive portals, gateways, half a JSON."""

_PAGE = b"<html><body><h1>Wi-Fi do hotel</h1><form>Entrar</form></body></html>"
_JSON = "application/json"
_HTML = "text/html; charset=utf-8"

_ANSWERS: dict[str, tuple[str, str, bytes]] = {
    "portal": ("200 OK", _HTML, _PAGE),
    "redirect": ("302 Found\r\nLocation: http://portal.example/login", _HTML, b""),
    "400": ("400 Bad Request", _JSON, b'{"detail":"Isto nao."}'),
    "401": ("401 Unauthorized", _JSON, b'{"detail":"Quem e voce?"}'),
    "403": ("403 Forbidden", _JSON, b'{"detail":"Nao e seu."}'),
    "404": ("404 Not Found", _JSON, b'{"detail":"Nao ha."}'),
    "409": ("409 Conflict", _JSON, b'{"detail":"Agora nao."}'),
    "413": ("413 Content Too Large", _JSON, b'{"detail":"Grande demais."}'),
    "422": ("422 Unprocessable Content", _JSON, b'{"detail":[]}'),
    "429": ("429 Too Many Requests", _JSON, b'{"detail":"Devagar."}'),
    "500": ("500 Internal Server Error", "text/plain", b"Internal Server Error"),
    "empty": ("200 OK", _JSON, b"{}"),
    "list": ("200 OK", _JSON, b"[]"),
    "half": ("200 OK", _JSON, b'{"ok": tru'),
    "alien": ("200 OK", _JSON, b'{"ok":"true","status":"ok","id":1,"itens":[]}'),
}


def foreign_answer(mode: str) -> bytes:
    """A whole HTTP answer of another server."""
    status, kind, body = _ANSWERS[mode]
    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body
