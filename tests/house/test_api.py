"""Every operation of the interface: visited in every role, and asked what nobody would ask (schemathesis)."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from django.http import HttpResponse
from django.test import Client
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as hypothesis_settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from allmende.accounts.models import Scope, User
from allmende.portal.access import PUBLIC, SIGNED_IN
from allmende.portal.api import limits, operations
from allmende.portal.api.build import the_api, the_schema
from tests.api_client import token_of

from .test_permissions import ROLES, phases_allowed
from .world import ABSENT, MAKERS, NOTHING, World, make_world

OPERATIONS = list(operations(the_api()))
PARTS = re.compile(r"{(?:\w+:)?(\w+)}")


@pytest.fixture
def world(db: None) -> World:
    return make_world()


@pytest.fixture(autouse=True)
def no_limits(settings: Any) -> None:
    settings.API_LIMIT_ANONYMOUS = settings.API_LIMIT_TOKEN = 1_000_000
    limits.forget()


def maker_of(path: str) -> str:
    """The key in ``MAKERS`` for what stands in a path's parts."""
    kinds = {
        "/v1/webhooks": "webhooks",
        "/v1/commitments": "commitments",
        "/v1/sittings": "sittings",
        "/v1/series": "sittings:series",
        "/v1/agenda-items": "sittings:write",
        "/v1/invitations": "sittings:answer",
        "/v1/organisations": "registry",
        "/v1/regions": "registry",
    }
    for prefix, key in kinds.items():
        if path.startswith(prefix):
            return key
    named = {
        "/answer-draft/sections": "forum:answer_section",
        "/sections/": "forum:section",
        "/positions/": "forum:edition",
        "/answer-draft/commitments": "forum:change_commitment",
        "/contributions/": "forum:change_contribution",
        "/drafts/{": "forum:withdraw_draft",
    }
    return next((key for part, key in named.items() if part in path), "forum")


def address(world: World, path: str, phase: str, *, absent: bool = False) -> str:
    """The address of an operation about something that is there in this phase, or about nothing."""
    names = PARTS.findall(path)
    given = dict(ABSENT) | {"step": 1, "organisation": "gibt-es-nicht"}
    if names and not absent:
        maker = MAKERS.get(maker_of(path)) or MAKERS[maker_of(path).split(":", maxsplit=1)[0]]
        given |= maker(world, phase)
    return "/api" + PARTS.sub(lambda match: str(given[match[1]]), path)


def visit(client: Client, method: str, url: str, headers: dict[str, str]) -> HttpResponse:
    """Ask, with nothing but ``{}``; whatever that changes is taken back."""
    body: dict[str, Any] = (
        {} if method == "GET" else {"data": "{}", "content_type": "application/json"}
    )
    with transaction.atomic():
        answer = client.generic(method, url, headers=headers, **body)
        transaction.set_rollback(True)
    return answer


def faults_met_by(role: str, world: World) -> Iterator[str]:
    """What is not as the table says, when a program asks for somebody in this role."""
    person = world.people[role]
    is_person = isinstance(person, User)
    headers = {"Authorization": f"Bearer {token_of(person)}"} if is_person else {}
    client = Client(raise_request_exception=False)
    for method, path, guard in OPERATIONS:
        free = guard.rule in {PUBLIC, SIGNED_IN}
        for phase in [NOTHING] if free else phases_to_visit(world, guard.rule, role):
            try:
                url = address(world, path, phase)
            except LookupError:
                continue  # there is no such thing in this phase
            status = visit(client, method, url, headers).status_code
            said = f"{role} {method} {path} ({phase}): {status}"
            if status >= 500:
                yield f"{said} broken"
            elif not is_person and (guard.scope or guard.rule == SIGNED_IN):
                if status != 401:
                    yield f"{said} does not ask for a token"
            elif status == 403:
                if not guard.scope or guard.scope in token_scopes(person):
                    yield f"{said} but has the scope"
            elif (
                not free and phase not in phases_allowed(world, guard.rule, role) and status != 404
            ):
                yield f"{said} but may not"
            elif not free and status == 404 and may(world, guard.rule, role, phase, path):
                yield f"{said} but may"


def phases_to_visit(world: World, rule: str, role: str) -> list[str]:
    """One phase in which the role may do it and one in which it may not, where there are such."""
    allowed = phases_allowed(world, rule, role)
    all_of_them = list(world.objects(rule))
    yes = [phase for phase in all_of_them if phase in allowed]
    no = [phase for phase in all_of_them if phase not in allowed]
    return yes[:1] + no[:1]


def token_scopes(person: Any) -> set[str]:
    """What ``token_of`` asks for."""
    all_of_them = {str(scope) for scope in Scope}
    few = {str(Scope.READ), str(Scope.CONTRIBUTE), str(Scope.VOTE)}
    return all_of_them if isinstance(person, User) and person.has_second_factor else few


def may(world: World, rule: str, role: str, phase: str, path: str) -> bool:
    """Whether 404 would be wrong: the rule allows it, and what the path names is there."""
    # Results, answers and single commitments are not there in every phase; what is named twice neither.
    uncertain = ("/result", "/answer", "/supports/", "/positions", "/sections/", "/milestones/")
    return phase in phases_allowed(world, rule, role) and not any(p in path for p in uncertain)


@pytest.mark.slow
@pytest.mark.one_database
def test_every_operation_answers_as_the_table_says(world: World) -> None:
    faults = [fault for role in ROLES for fault in faults_met_by(role, world)]
    assert faults == []


def test_what_is_not_there_and_what_may_not_be_seen_are_answered_alike(world: World) -> None:
    headers = {"Authorization": f"Bearer {token_of(world.people['stranger'])}"}  # type: ignore[arg-type]
    client = Client()
    alike = []
    for method, path, guard in OPERATIONS:
        if guard.rule in {"forum.edit_concern", "forum.moderate_concern"}:
            there = visit(client, method, address(world, path, "draft"), headers)
            absent = visit(client, method, address(world, path, "draft", absent=True), headers)
            alike.append((there.status_code, there.content) == (absent.status_code, absent.content))
    assert alike
    assert all(alike)


def test_every_change_names_a_scope() -> None:
    assert [path for method, path, guard in OPERATIONS if method != "GET" and not guard.scope] == []
    assert [path for method, path, guard in OPERATIONS if method == "GET" and guard.scope] == []


def test_every_operation_has_words() -> None:
    for path, methods in the_schema()["paths"].items():
        for method, operation in methods.items():
            assert operation["description"], f"{method} {path}"


# A form may refuse what its schema allows: a day that has passed, a choice that is not there.
NEVER = [positive_data_acceptance]
FEW = hypothesis_settings(
    max_examples=3,
    deadline=None,
    derandomize=True,
    database=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def open_connection() -> Iterator[None]:
    """Requests of others than Django's own client close the connection, and with it the test's data."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.slow
@pytest.mark.one_database
@pytest.mark.usefixtures("open_connection")
def test_schemathesis_finds_nothing(world: World) -> None:
    schema = schemathesis.openapi.from_wsgi("/api/openapi.json", WSGIHandler())
    manager = world.people["manager"]
    assert isinstance(manager, User)
    plain = {"Accept-Encoding": "identity"}
    with_token = plain | {"Authorization": f"Bearer {token_of(manager)}"}
    faults = [
        fault
        for result in schema.get_all_operations()
        for mode in GenerationMode
        for headers in (plain, with_token)
        for fault in found_by_schemathesis(result.ok(), mode, headers)
    ]
    assert not faults, "\n\n".join(faults)


def found_by_schemathesis(
    operation: Any, mode: GenerationMode, headers: dict[str, str]
) -> Iterator[str]:
    """What schemathesis objects to when it asks an operation right or wrong things."""

    @FEW
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case: Any) -> None:
        with transaction.atomic():
            case.call_and_validate(headers=headers, excluded_checks=NEVER)
            transaction.set_rollback(True)

    try:
        ask()
    except Unsatisfiable:
        return  # nothing can be asked wrong here
    except (Exception, BaseExceptionGroup) as fault:
        yield f"{operation.label} ({mode.value}): {fault}"
