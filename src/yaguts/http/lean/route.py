"""The routes of calls that come often: declared as FastAPI has it, without what it does per call.

FastAPI solves a call's dependencies one by one, each in a frame of its own. Here the caller is
looked up and the call is answered in one go.
"""

import json
from collections.abc import Callable, Coroutine, Mapping
from inspect import iscoroutinefunction
from typing import Annotated, Any, get_type_hints

from fastapi import Depends, Request, Response
from fastapi._compat import ModelField
from fastapi._compat.v2 import get_missing_field_error
from fastapi.dependencies.models import Dependant
from fastapi.dependencies.utils import request_params_to_args
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import BaseModel

from yaguts.http.access import (
    ActorDep,
    DispenserDep,
    PersonDep,
    RecognisedDep,
    SiteDep,
    actor,
    insist_on_dispenser,
    insist_on_person,
    recognised_dispenser,
)
from yaguts.services.runtime.context import Site
from yaguts.services.runtime.threads import briefly, briefly_for_people

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


async def _body(request: Request) -> bytes:
    return await request.body()


BodyDep = Annotated[bytes, Depends(_body)]
"""The body as it came."""

_DISPENSERS, _PEOPLE = (DispenserDep, RecognisedDep), (PersonDep, ActorDep)
_GIVEN = (SiteDep, *_DISPENSERS, *_PEOPLE, BodyDep, Request)
CalledBy = Mapping[object, object]
"""Who calls, by each dependency that a function may have for that."""


class LeanRoute(APIRoute):
    """A route of calls of `callers`. Those of anybody else on its router go FastAPI's way.

    A plain function is short: see `threads.briefly`. It may take the site, who calls, the request,
    the body, and what is read from the path, the query, the headers and the body. Raises
    `TypeError` when a function that takes anything else is added.
    """

    callers: tuple[object, ...] = ()

    @property
    def is_lean(self) -> bool:
        """Whether it is answered without FastAPI's dependencies."""
        hints = get_type_hints(self.endpoint, include_extras=True).values()
        return any(hint in self.callers for hint in hints)

    def get_route_handler(self) -> Handler:
        """What answers a request."""
        return _LeanCall(self).answer if self.is_lean else super().get_route_handler()


class DispenserRoute(LeanRoute):
    """For a router with calls of dispensers."""

    callers = _DISPENSERS


class PersonRoute(LeanRoute):
    """For a router with short calls of people."""

    callers = _PEOPLE


class _LeanCall:
    def __init__(self, route: LeanRoute) -> None:
        hints = get_type_hints(route.endpoint, include_extras=True)
        self._function, self._fields = route.endpoint, route.dependant
        self._status, self._leaves_out = route.status_code, route.response_model_exclude_none
        self._given = {name: hint for name, hint in hints.items() if hint in _GIVEN}
        _insist_on_known({*hints} - {"return", *self._given}, route.dependant)
        self._has_body = bool(route.dependant.body_params) or BodyDep in hints.values()
        self._may_remember = RecognisedDep in hints.values()
        is_dispensers = route.callers == _DISPENSERS
        in_time = briefly if is_dispensers else briefly_for_people
        self._insist = _insist_on_dispenser if is_dispensers else _insist_on_person
        self._authenticated, self._briefly_called = in_time(self._insist), in_time(self._called)
        self._is_coroutine = iscoroutinefunction(route.endpoint)

    async def answer(self, request: Request) -> Response:
        """Answer a request. A stranger learns nothing of what is wrong with it."""
        body = await request.body() if self._has_body else b""
        site = request.app.state.site
        caller = _recognised(request, site) if self._may_remember else None
        if self._is_coroutine:
            caller = caller or await self._authenticated(request, site)
            answer = await self._function(**self._arguments(request, site, caller, body))
        else:
            answer = await self._briefly_called(request, site, caller, body)
        if isinstance(answer, BaseModel):
            text = answer.model_dump_json(by_alias=True, exclude_none=self._leaves_out)
            return Response(text, self._status or 200, media_type="application/json")
        return answer

    def _called(self, request: Request, site: Site, caller: CalledBy | None, body: bytes) -> Any:
        caller = caller or self._insist(request, site)
        return self._function(**self._arguments(request, site, caller, body))

    def _arguments(
        self, request: Request, site: Site, caller: CalledBy, body: bytes
    ) -> dict[str, Any]:
        values, wrong = self._read(request, body)
        if wrong:
            raise RequestValidationError(wrong, body=body)
        given = {**caller, SiteDep: site, BodyDep: body, Request: request}
        return {**values, **{name: given[what] for name, what in self._given.items()}}

    def _read(self, request: Request, body: bytes) -> tuple[dict[str, Any], list[Any]]:
        """What the path, the query, the headers and the body say, and what is wrong with it."""
        fields = self._fields
        values: dict[str, Any] = {}
        wrong: list[Any] = []
        for field in fields.path_params:
            sent = request.path_params[field.alias]
            values[field.name], errors = field.validate(sent, values, loc=("path", field.alias))
            wrong += errors
        if fields.query_params:
            more, errors = request_params_to_args(fields.query_params, request.query_params)
            values, wrong = {**values, **more}, [*wrong, *errors]
        if fields.header_params:
            more, errors = request_params_to_args(fields.header_params, request.headers)
            values, wrong = {**values, **more}, [*wrong, *errors]
        for field in fields.body_params:
            values[field.name], errors = _read_body(field, request, body)
            wrong += errors
        return values, wrong


def _recognised(request: Request, site: Site) -> CalledBy | None:
    dispenser = recognised_dispenser(request, site)
    return None if dispenser is None else {RecognisedDep: dispenser}


def _insist_on_dispenser(request: Request, site: Site) -> CalledBy:
    dispenser = insist_on_dispenser(request, site)
    return dict.fromkeys(_DISPENSERS, dispenser)


def _insist_on_person(request: Request, site: Site) -> CalledBy:
    person = insist_on_person(request, site)
    return {PersonDep: person, ActorDep: actor(request, person)}


def _read_body(field: ModelField, request: Request, body: bytes) -> tuple[Any, list[Any]]:
    """What a body says, as FastAPI reads it. `http.bodies` has checked that it is JSON."""
    if body:
        return field.validate(_json_in(request, body), {}, loc=("body",))
    if field.field_info.is_required():
        return None, [get_missing_field_error(("body",))]
    return field.get_default(), []


def _insist_on_known(names: set[str], fields: Dependant) -> None:
    kinds = (fields.path_params, fields.query_params, fields.header_params, fields.body_params)
    unknown = names - {field.name for kind in kinds for field in kind}
    if unknown:
        raise TypeError(f"such a call is not given {', '.join(sorted(unknown))}")
    if len(fields.body_params) > 1:
        raise TypeError("such a call has one body")


def _json_in(request: Request, body: bytes) -> Any:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if not kind or kind == "application/json" or _is_json(kind):
        return json.loads(body)
    return body


def _is_json(kind: str) -> bool:
    return kind.startswith("application/") and kind.endswith("+json") and kind.count("/") == 1
