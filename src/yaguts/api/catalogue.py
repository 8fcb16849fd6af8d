"""The spices to choose from."""

from fastapi import APIRouter

from yaguts.api.access import PerhapsPersonDep, SiteDep
from yaguts.services import catalogue

router = APIRouter(prefix="/catalogo", tags=["recipes"])


@router.get("/temperos")
def spices(site: SiteDep, person: PerhapsPersonDep) -> list[str]:
    """What every kitchen has and, for somebody signed in, what is in their recipes."""
    return catalogue.spices(site, None if person is None else person.kitchen_id)
