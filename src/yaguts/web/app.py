"""The pages as one application, mounted under /app."""

from fastapi import FastAPI
from starlette.datastructures import State
from starlette.middleware.gzip import GZipMiddleware

from yaguts.web import static_files
from yaguts.web.errors import add_error_pages
from yaguts.web.pages import (
    audit_log,
    calibration,
    cook,
    dispensers,
    history,
    household,
    jars,
    jobs,
    kitchen,
    language,
    maintenance,
    news,
    welcome,
)
from yaguts.web.pages.alerts import page as alerts
from yaguts.web.pages.jar_spice import page as jar_spice
from yaguts.web.pages.jar_spice import spoon
from yaguts.web.pages.recipes import exporting, importing
from yaguts.web.pages.recipes import recipe as recipes
from yaguts.web.pages.settings import page as settings

_ROUTERS = (
    static_files,
    welcome,
    language,
    kitchen,
    importing,
    exporting,
    recipes,  # Before `cook`, which takes /recipes/{recipe_id}.
    cook,
    jobs,
    history,
    jars,
    jar_spice,
    spoon,
    maintenance,
    calibration,
    dispensers,
    household,
    settings,
    alerts,
    audit_log,
    news,
)


def create_pages(state: State) -> FastAPI:
    """The application of the pages. It shares its state with the API and calls only services."""
    pages = FastAPI(title="Yaguts", openapi_url=None)
    pages.state = state
    for module in _ROUTERS:
        pages.include_router(module.router)
    add_error_pages(pages)
    pages.add_middleware(GZipMiddleware)
    return pages
