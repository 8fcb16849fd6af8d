"""Style, script, font and icons. Their address changes with them, so browsers keep them for a
year.
"""

from functools import cache
from hashlib import sha256
from importlib.resources import files
from mimetypes import guess_type
from types import MappingProxyType

from fastapi import APIRouter, Response
from starlette.exceptions import HTTPException

from yaguts.http.public_address import sub_path

router = APIRouter()

PAGES = "/app"
"""Where the pages are mounted."""
FOR_EVER = "public, max-age=31536000, immutable"
_TYPES = {".webmanifest": "application/manifest+json"}


def home() -> str:
    """The path of the home page, which that of every page begins with."""
    return f"{sub_path()}{PAGES}/"


@cache
def _contents() -> MappingProxyType[str, bytes]:
    folder = files("yaguts.web") / "static"
    return MappingProxyType({each.name: each.read_bytes() for each in folder.iterdir()})


@cache
def build() -> str:
    """A name for exactly these files."""
    digest = sha256()
    for name, content in sorted(_contents().items()):
        digest.update(name.encode() + b"\0" + content)
    return digest.hexdigest()[:12]


def static_url(name: str) -> str:
    """The address of a file."""
    assert name in _contents(), name
    return f"{home()}static/{build()}/{name}"


@router.get("/static/{of_build}/{name}")
async def static(of_build: str, name: str) -> Response:
    """One file. A file of another build is not found: its pages are gone too."""
    if of_build != build() or name not in _contents():
        raise HTTPException(404)
    return _file(name, {"Cache-Control": FOR_EVER})


@router.get("/worker.js")
async def worker() -> Response:
    """The service worker. Its address has to be above the pages that it serves."""
    policy = "default-src 'none'; connect-src 'self'"
    return _file("worker.js", {"Cache-Control": "no-cache", "Content-Security-Policy": policy})


def _file(name: str, headers: dict[str, str]) -> Response:
    suffix = name[name.rindex(".") :]
    media_type = _TYPES.get(suffix) or guess_type(name)[0]
    return Response(_contents()[name], media_type=media_type, headers=headers)
