"""The catalogue: the spices that a jar may be labelled with."""

from fastapi import APIRouter

from yaguts.http.access import MAYBE_SIGNED_IN, PerhapsPersonDep, SiteDep
from yaguts.http.refusals.problems import JSON
from yaguts.services.pantry import catalogue
from yaguts_wire import words as w

router = APIRouter(prefix="/catalogo", tags=["recipes"])


_SPICES = {"content": {JSON: {"example": w.BASE_SPICES}}, "description": "Their names, sorted."}


@router.get("/temperos", openapi_extra=MAYBE_SIGNED_IN, responses={200: _SPICES})
def spices(site: SiteDep, person: PerhapsPersonDep) -> list[str]:
    """List the base spices and, for somebody signed in, the spices of their recipes."""
    return catalogue.spices(site, None if person is None else person.kitchen_id)
