"""Who may make which call. The calls come from the OpenAPI document, so that none is missed."""

from collections.abc import Iterator
from contextlib import closing

import pytest
from starlette.testclient import TestClient

from tests.support.kitchen.belongings import A_RUN, Neighbours, Snapshot, unchanged
from tests.support.kitchen.openapi import OPERATIONS, Operation, an_example, named
from yaguts.services.ops.ledger_check import check_ledger

OPEN_TO_ANYBODY = {
    "get /",
    "get /health",
    "get /time",
    "get /catalogo/temperos",
    "post /auth/register",
    "post /auth/login",
    "post /auth/logout",
    "post /devices/claim",
}
OWNERS_ONLY = {
    "get /auditoria",
    "post /casa/convites",
    "delete /casa/convites/{invitation_id}",
    "delete /casa/membros/{membership_id}",
    "get /relatorios",
    "post /relatorios/{report_id}/lancar",
    "post /relatorios/{report_id}/descartar",
    "put /config/robo",
    "put /config/motor",
    "post /devices/claims",
    "put /devices/{dispenser_id}",
    "post /devices/{dispenser_id}/token",
    "put /devices/{dispenser_id}/default",
    "put /devices/{dispenser_id}/name",
    "put /devices/{dispenser_id}/replaces",
    "put /devices/{dispenser_id}/jars/count",
    "post /devices/{dispenser_id}/purge",
    "post /devices/{dispenser_id}/cleaning",
    "get /devices/{dispenser_id}/calibration",
    "post /devices/{dispenser_id}/calibration",
    "post /devices/{dispenser_id}/calibration/accept",
    "put /jobs/{job_id}/weight",
    "delete /jobs/{job_id}/weight",
    "put /devices/{dispenser_id}/jars",
    "put /devices/{dispenser_id}/motor",
    "delete /devices/{dispenser_id}",
}
PERSONAL = {
    "post /avisos/destinos/{target_id}/teste",
    "delete /avisos/destinos/{target_id}",
}
"""A person's own, also in another's kitchen."""
OF_RUNS = "/jobs/{job_id}/weight"
FETCHES = {
    "get /devices/me/next_job",  # firmware 0.1 accepts a job by fetching it
    "get /devices/me/firmware/{release}/manifest",  # a board begins to take a release with it
}

CLOSED = [one for one in OPERATIONS if named(one) not in OPEN_TO_ANYBODY]
OF_PEOPLE = [one for one in CLOSED if not one.path.startswith("/devices/me/")]
FOR_OWNERS = [one for one in OF_PEOPLE if named(one) in OWNERS_ONLY]
FOR_MEMBERS = [one for one in OF_PEOPLE if named(one) not in OWNERS_ONLY | PERSONAL]
WITH_ID = [one for one in OPERATIONS if one.parameters("path")]
OF_RELEASES = {one.path for one in OPERATIONS if one.path.startswith("/devices/me/firmware/")}
REPORTS = ("/complete", "/status")  # answered 200 whoever's job it is, and nothing of it is told
LOOKS = [one for one in OPERATIONS if one.method == "get" and named(one) not in FETCHES]


@pytest.fixture(scope="module")
def snapshot(neighbours: Neighbours) -> Iterator[Snapshot]:
    with closing(Snapshot(neighbours.home)) as snapshot:
        yield snapshot


@pytest.fixture
def as_they_were(neighbours: Neighbours, snapshot: Snapshot) -> Iterator[Neighbours]:
    """Neighbours whose data are restored after the test. The ledger must balance before."""
    people = neighbours.ana, neighbours.caio
    cookies = [dict(person.cookies) for person in people]
    yield neighbours
    findings = check_ledger(neighbours.home.site.database)
    snapshot.lay_back()
    for person, saved in zip(people, cookies, strict=True):  # one of the calls signs out
        person.cookies.clear()
        person.cookies.update(saved)
    assert findings == ()


@pytest.mark.parametrize("operation", CLOSED, ids=named)
def test_nobody_gets_in_without_a_session_or_a_token(
    neighbours: Neighbours, operation: Operation
) -> None:
    with unchanged(neighbours.home):
        assert call(neighbours.home.browser(), operation) == 401


@pytest.mark.parametrize(
    "operation", [one for one in WITH_ID if not one.path.endswith(REPORTS)], ids=named
)
def test_what_is_somebody_elses_is_not_there(neighbours: Neighbours, operation: Operation) -> None:
    # As in version 0.1, a dispenser learns that the job is another's; a person does not.
    stranger = neighbours.board_of_bia if of_dispensers(operation) else neighbours.bia
    status = 403 if of_dispensers(operation) and operation.path not in OF_RELEASES else 404
    with unchanged(neighbours.home):
        assert call(stranger, operation) == status


@pytest.mark.parametrize("operation", FOR_OWNERS, ids=named)
def test_a_member_configures_nothing(neighbours: Neighbours, operation: Operation) -> None:
    with unchanged(neighbours.home):
        assert call(neighbours.caio, operation) == 403


@pytest.mark.parametrize("operation", FOR_MEMBERS, ids=named)
def test_a_member_cooks_with_what_is_the_owners(
    as_they_were: Neighbours, operation: Operation
) -> None:
    assert call(as_they_were.caio, operation) not in (401, 403, 404)


@pytest.mark.parametrize("operation", [one for one in CLOSED if named(one) in PERSONAL], ids=named)
def test_what_is_personal_is_hidden_from_the_household(
    as_they_were: Neighbours, operation: Operation
) -> None:
    with unchanged(as_they_were.home):
        assert call(as_they_were.caio, operation) == 404
    assert call(as_they_were.ana, operation) in (200, 204)


def test_whoever_has_left_finds_nothing_there(as_they_were: Neighbours) -> None:
    as_they_were.ana.delete("/casa/membros/1")
    calls = [operation for operation in WITH_ID if not of_dispensers(operation)]

    with unchanged(as_they_were.home):
        assert {call(as_they_were.caio, operation) for operation in calls} == {404}


@pytest.mark.parametrize("operation", LOOKS, ids=named)
def test_looking_changes_nothing(neighbours: Neighbours, operation: Operation) -> None:
    caller = neighbours.board_of_ana if of_dispensers(operation) else neighbours.ana

    with unchanged(neighbours.home):
        assert call(caller, operation) == 200


@pytest.mark.parametrize("operation", WITH_ID, ids=named)
def test_what_is_ones_own_is_there(as_they_were: Neighbours, operation: Operation) -> None:
    caller = as_they_were.board_of_ana if of_dispensers(operation) else as_they_were.ana

    assert call(caller, operation) not in (401, 403, 404)


def call(caller: TestClient, operation: Operation) -> int:
    body = operation.body()
    example = None if body is None else an_example(body)
    url = operation.url(A_RUN if operation.path == OF_RUNS else 1)
    return caller.request(operation.method, url, json=example).status_code


def of_dispensers(operation: Operation) -> bool:
    return operation.path.startswith("/devices/me/")
