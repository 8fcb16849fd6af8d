"""How a form is sent: by the browser, or by the script, which keeps the page when that fails.

A form that books something carries a key, so that it is booked once. What a page shows beside a
form may travel with it, so that the server can tell when it is not so any more.
"""

from urllib.parse import parse_qsl

from fastapi import Request
from markupsafe import Markup
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from yaguts.services.runtime.context import Randomness
from yaguts_wire import words as w

KEY = "once"
"""The field with the key of a form."""
LONGEST_KEY = 64
SECRETS = (w.PASSWORD, w.CURRENT_PASSWORD, w.FIRST_WORD)
"""The fields that no page shows again."""
_KEY_BYTES = 16
_BY_SCRIPT = "Yaguts-Form"
"""The header of a form that the script sends."""
GO = "Yaguts-Go"
"""The header that tells the script which page comes next."""


def key_field(randomness: Randomness) -> Markup:
    """A hidden field with a new key."""
    return Markup('<input type="hidden" name="{}" value="{}">').format(
        KEY, randomness(_KEY_BYTES).hex()
    )


def key_of(form: FormData) -> str | None:
    """The key of a sent form, if it has one that a page can have drawn."""
    key = form.get(KEY)
    if not isinstance(key, str) or len(key) > LONGEST_KEY:
        return None
    return key if key.isascii() and key.isalnum() else None


def is_by_script(request: Request) -> bool:
    """Whether the script sends the form."""
    return _BY_SCRIPT in request.headers


def on_to(request: Request, address: str) -> Response:
    """Have the browser ask for another page."""
    if is_by_script(request):
        return Response(status_code=204, headers={GO: address})
    return RedirectResponse(address, 303)


def kept_fields(form: FormData, *without: str) -> list[tuple[str, str]]:
    """What was typed, without files, keys and the fields that are named."""
    return [
        (name, value)
        for name, value in form.multi_items()
        if isinstance(value, str) and name not in (KEY, *without)
    ]


def fields_in(text: str) -> list[tuple[str, str]]:
    """The fields that a hidden field holds, written as an address writes them."""
    return parse_qsl(text, keep_blank_values=True)
