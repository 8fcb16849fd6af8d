"""Alerts: where they go, what they are about, when it is quiet, and a button to try them."""

from collections.abc import Mapping

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.responses import Response

from yaguts.api.schemas.alerts import AlertChoicesIn
from yaguts.domain.alerts.choices import known_zones
from yaguts.domain.errors import BadTarget, TooManyTargets
from yaguts.http.access import session_token
from yaguts.http.fields import IdInPath
from yaguts.services.alerts import browsers, targets
from yaguts.services.alerts.vapid import public_key
from yaguts.web.forms import FormDep, Refusal, checked, typed, typed_all
from yaguts.web.pages.alerts.form import given_in, stored_in
from yaguts.web.static_files import home
from yaguts.web.visit import Visit, VisitDep
from yaguts_wire import words as w

router = APIRouter(prefix="/settings/alerts")


@router.get("")
def show(visit: VisitDep) -> Response:
    """Show the targets and the choices."""
    form = visit.form if w.TIME_ZONE in visit.form else None
    return _alerts(visit, form=form, address=visit.sent(w.ADDRESS))


@router.post("")
def choose(visit: VisitDep, form: FormDep) -> Response:
    """Store the choices."""
    given = given_in(form)
    hours = {name: given[name][:5] or None for name in ("quiet_from", "quiet_until")}
    fields = {**given, **hours, "kinds": typed_all(form, w.KIND)}
    try:
        chosen = checked(AlertChoicesIn, fields, visit.language).choices()
    except Refusal as refusal:
        return _alerts(visit, 422, problems=refusal.problems, form=form)
    targets.choose(visit.site, visit.person, chosen)
    return visit.go(f"{home()}settings/alerts?done=saved")


@router.post("/targets")
def add(visit: VisitDep, form: FormDep) -> Response:
    """Add a target. The key of a webhook is shown in this answer only."""
    try:
        made = targets.add(visit.site, visit.person, typed(form, w.ADDRESS), visit.language)
    except (BadTarget, TooManyTargets) as error:
        status, problem = visit.wrong(error)
        return _alerts(visit, status, problems={"address": problem})
    if not made.key:
        return visit.go(f"{home()}settings/alerts?done=added")
    page = _alerts(visit, key=made.key)
    page.headers["Cache-Control"] = "no-store"
    return page


@router.post("/browsers")
def allow(visit: VisitDep, form: FormDep) -> Response:
    """Have alerts go to this browser. `before` is its former address, when that has changed."""
    given = browsers.GivenBrowser(
        typed(form, "endpoint"),
        typed(form, "p256dh"),
        typed(form, "auth"),
        visit.request.headers.get("user-agent", ""),
        visit.language,
        session_token(visit.request) or "",
        visit.server,
    )
    try:
        browsers.allow(visit.site, visit.person, given, typed(form, "before"))
    except (BadTarget, TooManyTargets) as error:
        status, problem = visit.wrong(error)
        return _alerts(visit, status, problems={"browser": problem})
    return visit.go(f"{home()}settings/alerts?done=browser")


@router.post("/targets/{target_id}/test")
def test(visit: VisitDep, target_id: IdInPath) -> Response:
    """Send a test."""
    targets.test(visit.site, visit.person, target_id)
    return visit.go(f"{home()}settings/alerts")


@router.post("/targets/{target_id}/remove")
def remove(visit: VisitDep, target_id: IdInPath) -> Response:
    """Remove a target."""
    targets.remove(visit.site, visit.person, target_id)
    return visit.go(f"{home()}settings/alerts")


def _alerts(
    visit: Visit,
    status: int = 200,
    problems: Mapping[str, str] | None = None,
    form: FormData | None = None,
    key: str = "",
    address: str = "",
) -> Response:
    """The page. `form` is what somebody typed, when it is not stored."""
    mine = targets.settings_of(visit.site, visit.person)
    kinds = {kind: kind in typed_all(form, w.KIND) for kind in mine.kinds} if form else mine.kinds
    return visit.page(
        "alerts.html",
        status,
        targets=mine.targets,
        this_browser=browsers.this_browser(visit.site, session_token(visit.request) or ""),
        secure=visit.is_secure,
        public_key=public_key(visit.site) if visit.is_secure else "",
        kinds=kinds,
        given=stored_in(mine) if form is None else given_in(form),
        zones=known_zones(),
        problems=problems or {},
        done="added" if key else visit.request.query_params.get("done", ""),
        key=key,
        address=address,
        testing=not key and any(target.testing for target in mine.targets),
    )
