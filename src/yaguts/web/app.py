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
    maintenance,
    recipes,
    settings,
    welcome,
)

_ROUTERS = (
    static_files,
    welcome,
    kitchen,
    recipes,  # Before `cook`, which takes /recipes/{recipe_id}.
    cook,
    jobs,
    history,
    jars,
    maintenance,
    calibration,
    dispensers,
    household,
    settings,
    audit_log,
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
