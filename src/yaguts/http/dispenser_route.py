"""The routes of dispensers' calls: declared as FastAPI has it, without what it does per call.

FastAPI solves a call's dependencies one by one, each in a frame of its own, and a dispenser's token
was looked up in another thread than its call was answered in. Here both share a thread.
"""

import json
from collections.abc import Callable, Coroutine
from inspect import iscoroutinefunction
from typing import Annotated, Any, get_type_hints

from fastapi import Depends, Request, Response
from fastapi.dependencies.models import Dependant
from fastapi.dependencies.utils import request_body_to_args, request_params_to_args
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from yaguts.http.access import DispenserDep, SiteDep, insist_on_dispenser
from yaguts.services.runtime.threads import in_dispensers_thread

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


async def _body(request: Request) -> bytes:
    return await request.body()


BodyDep = Annotated[bytes, Depends(_body)]
"""The body as it came."""

_GIVEN = (SiteDep, DispenserDep, BodyDep, Request)


class DispenserRoute(APIRoute):
    """For a router with calls of dispensers. Those without a `DispenserDep` go FastAPI's way.

    A plain function runs in one of the dispensers' threads. It may take the site, the dispenser,
    the request, the body, and what is read from the path, the query, the headers and the body.
    Raises `TypeError` when a function that takes anything else is added.
    """

    def get_route_handler(self) -> Handler:
        """What answers a request."""
        hints = get_type_hints(self.endpoint, include_extras=True)
        if DispenserDep not in hints.values():
            return super().get_route_handler()
        return _DispenserCall(self, hints).answer


class _DispenserCall:
    def __init__(self, route: APIRoute, hints: dict[str, Any]) -> None:
        self._function, self._leaves_out = route.endpoint, route.response_model_exclude_none
        self._fields = route.dependant
        self._given = {name: _GIVEN.index(hint) for name, hint in hints.items() if hint in _GIVEN}
        _insist_on_known({*hints} - {"return", *self._given}, route.dependant)
        self._has_body = bool(route.dependant.body_params) or BodyDep in hints.values()
        self._answer = self._in_loop if iscoroutinefunction(route.endpoint) else self._in_thread
        self._authenticated = in_dispensers_thread(insist_on_dispenser)
        self._whole = in_dispensers_thread(self._checked)

    async def answer(self, request: Request) -> Response:
        """Answer a request. A stranger learns nothing of what is wrong with it."""
        body = await request.body() if self._has_body else b""
        values, wrong = await self._read(request, body)
        answer = await self._answer(request, body, values, wrong)
        if isinstance(answer, BaseModel):
            text = answer.model_dump_json(by_alias=True, exclude_none=self._leaves_out)
            return Response(text, media_type="application/json")
        return answer

    async def _read(self, request: Request, body: bytes) -> tuple[dict[str, Any], list[Any]]:
        fields = self._fields
        values, wrong = request_params_to_args(fields.path_params, request.path_params)
        for each, sent in (
            (fields.query_params, request.query_params),
            (fields.header_params, request.headers),
        ):
            if each:
                more, also_wrong = request_params_to_args(each, sent)
                values, wrong = {**values, **more}, [*wrong, *also_wrong]
        if fields.body_params:
            sent_body = _json_in(request, body)
            more, also_wrong = await request_body_to_args(fields.body_params, sent_body, False)
            values, wrong = {**values, **more}, [*wrong, *also_wrong]
        return values, wrong

    async def _in_thread(
        self, request: Request, body: bytes, values: dict[str, Any], wrong: list[Any]
    ) -> Any:
        return await self._whole(request, body, values, wrong)

    def _checked(
        self, request: Request, body: bytes, values: dict[str, Any], wrong: list[Any]
    ) -> Any:
        dispenser = insist_on_dispenser(request, request.app.state.site)
        return self._function(**self._arguments(request, dispenser, body, values, wrong))

    async def _in_loop(
        self, request: Request, body: bytes, values: dict[str, Any], wrong: list[Any]
    ) -> Any:
        dispenser = await self._authenticated(request, request.app.state.site)
        return await self._function(**self._arguments(request, dispenser, body, values, wrong))

    def _arguments(
        self,
        request: Request,
        dispenser: Any,
        body: bytes,
        values: dict[str, Any],
        wrong: list[Any],
    ) -> dict[str, Any]:
        if wrong:
            raise RequestValidationError(wrong, body=body)
        all_given = (request.app.state.site, dispenser, body, request)
        return {**values, **{name: all_given[which] for name, which in self._given.items()}}


def _insist_on_known(names: set[str], fields: Dependant) -> None:
    kinds = (fields.path_params, fields.query_params, fields.header_params, fields.body_params)
    unknown = names - {field.name for kind in kinds for field in kind}
    if unknown:
        raise TypeError(f"a dispenser's call is not given {', '.join(sorted(unknown))}")


def _json_in(request: Request, body: bytes) -> Any:
    """What a body says, as FastAPI reads it. `http.bodies` has checked that it is JSON."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if not body:
        return PydanticUndefined
    if not kind or kind == "application/json" or _is_json(kind):
        return json.loads(body)
    return body


def _is_json(kind: str) -> bool:
    return kind.startswith("application/") and kind.endswith("+json")
