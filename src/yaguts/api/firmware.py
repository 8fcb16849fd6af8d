"""A dispenser fetches the release of the firmware that it is offered, piece by piece."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response

from yaguts.api.openapi.refusals import Answers, refusals
from yaguts.api.schemas.dispensers import ReleaseOut
from yaguts.domain.errors import BeyondTheEnd, NotFound
from yaguts.http.access import DispenserDep, SiteDep
from yaguts.services.dispensers.updates import offers
from yaguts.services.runtime.threads import in_dispensers_thread
from yaguts_wire.update_words import MAX_FILES, MAX_RELEASE_BYTES
from yaguts_wire.values import MAX_ID

router = APIRouter(prefix="/devices/me/firmware", tags=["firmware"])

_NOT_OFFERED = NotFound(what="release")
_BYTES: dict[str, Any] = {
    "application/octet-stream": {
        "schema": {"type": "string", "format": "binary"},
        "example": "bytes",
    }
}
ReleaseNumber = Annotated[int, Path(ge=1, le=MAX_ID)]
FileNumber = Annotated[int, Path(ge=0, lt=MAX_FILES)]
Offset = Annotated[int, Query(ge=0, le=MAX_RELEASE_BYTES)]


def _bytes(description: str) -> Answers:
    return {200: {"description": description, "content": _BYTES}}


@router.get(
    "", response_model=ReleaseOut, responses={204: {"description": "No release is offered."}}
)
@in_dispensers_thread
def offered(site: SiteDep, dispenser: DispenserDep) -> ReleaseOut | Response:
    """Return the release that the dispenser is offered now, or 204."""
    found = offers.manifest_size(site, dispenser)
    if found is None:
        return Response(status_code=204)
    return ReleaseOut(release=found[0], manifest_size=found[1])


@router.get(
    "/{release}/manifest",
    response_class=Response,
    responses=_bytes("`manifest.json`, the bytes that are signed.") | refusals(_NOT_OFFERED),
)
@in_dispensers_thread
def manifest(site: SiteDep, dispenser: DispenserDep, release: ReleaseNumber) -> Response:
    """Return the manifest of the release that is offered."""
    return _binary(offers.manifest(site, dispenser, release))


@router.get(
    "/{release}/signature",
    response_class=Response,
    responses=_bytes("The signature of the manifest, 384 bytes.") | refusals(_NOT_OFFERED),
)
@in_dispensers_thread
def signature(site: SiteDep, dispenser: DispenserDep, release: ReleaseNumber) -> Response:
    """Return the signature of the release that is offered."""
    return _binary(offers.signature(site, dispenser, release))


@router.get(
    "/{release}/files/{index}",
    response_class=Response,
    responses=_bytes("At most 2,048 bytes of the file.") | refusals(_NOT_OFFERED, BeyondTheEnd()),
)
@in_dispensers_thread
def piece(
    site: SiteDep,
    dispenser: DispenserDep,
    release: ReleaseNumber,
    index: FileNumber,
    offset: Offset = 0,
) -> Response:
    """Return at most 2,048 bytes of a file of the release that is offered.

    `index` counts from 0, in the order of the manifest.
    """
    return _binary(offers.piece(site, dispenser, release, index, offset))


def _binary(content: bytes) -> Response:
    return Response(content, media_type="application/octet-stream")
