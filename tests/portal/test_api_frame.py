"""What holds for every operation of the interface: faults, limits, other origins, ETags, repeats."""

from datetime import timedelta

import pytest
from django.test import Client, override_settings
from django.utils import timezone
from tests.api_client import Program
from tests.factories import ConcernFactory, MandateFactory, MunicipalityFactory

from allmende.accounts.models import User
from allmende.portal.api import limits
from allmende.portal.models import RepeatableRequest
from allmende.portal.portal import clear_repeats

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_counts() -> None:
    limits.forget()


@pytest.fixture
def alice(db: None) -> User:
    return MandateFactory().user


def problem(program: Program, status: int) -> dict[str, object]:
    assert program.answer.status_code == status
    assert program.answer["Content-Type"] == "application/problem+json"
    told: dict[str, object] = program.answer.json()
    assert told["status"] == status
    assert told["title"]
    assert told["detail"]
    return told


def test_unknown_addresses_and_methods_are_problems_too() -> None:
    program = Program()
    program.ask("GET", "/gibt-es-nicht")
    problem(program, 404)
    program.ask("DELETE", "/topics")
    problem(program, 405)
    assert program.answer["Allow"] == "GET"
    program.ask("GET", "/concerns/gibt-es-nicht")
    problem(program, 404)


def test_what_changes_something_needs_a_token() -> None:
    program = Program()
    program.ask("POST", "/concerns", {})
    problem(program, 401)
    assert program.answer["WWW-Authenticate"].startswith("Bearer")


def test_a_token_without_the_scope_is_told_which(alice: User) -> None:
    program = Program(alice, "abstimmen")
    program.ask("POST", "/concerns", {})
    assert problem(program, 403)["detail"] == "Dem Schlüssel fehlt der Bereich „beitragen“."


def test_wrong_input_names_the_field_in_german(alice: User) -> None:
    program = Program(alice)
    program.ask("POST", "/concerns", {"question": "", "topic": "unsinn", "mehr": 1})
    errors = problem(program, 422)["errors"]
    assert isinstance(errors, list)
    told = {error["field"]: error["detail"] for error in errors}
    assert told["question"] == "Mindestens 1 Zeichen."
    assert told["background"] == "Diese Angabe fehlt."
    assert told["mehr"] == "Diese Angabe ist hier unbekannt."
    assert told["topic"].startswith("Erlaubt sind: finanzen, ")
    program.ask("GET", "/regions?limit=1000&cursor=falsch")
    told = {error["field"]: error["detail"] for error in problem(program, 422)["errors"]}  # type: ignore[attr-defined]
    assert told == {"limit": "Höchstens 200.", "cursor": "Das hat nicht die richtige Form."}


def test_only_json_is_read_and_not_too_much(alice: User) -> None:
    program = Program(alice)
    program.answer = program.client.post(
        "/api/v1/concerns", {"question": "x"}, headers=program.headers
    )
    problem(program, 415)
    program.answer = program.client.generic(
        "POST", "/api/v1/concerns", "{", content_type="application/json", headers=program.headers
    )
    problem(program, 400)
    with override_settings(DATA_UPLOAD_MAX_MEMORY_SIZE=10):
        program.ask("POST", "/concerns", {"question": "zu lang"})
    problem(program, 413)


def test_a_page_names_the_next_and_new_rows_move_nothing() -> None:
    regions = MunicipalityFactory.create_batch(5)
    program = Program()
    first = program.get("/regions?limit=2")
    MunicipalityFactory()
    second = program.get(first["next"])
    third = program.get(second["next"])
    names = [row["name"] for page in (first, second, third) for row in page["items"]]
    assert names == [region.name for region in reversed(regions)]
    assert third["next"] is None


def test_limits(settings: object, alice: User) -> None:
    with override_settings(API_LIMIT_ANONYMOUS=2, API_LIMIT_TOKEN=3):
        program = Program()
        program.get("/topics")
        program.get("/topics")
        program.ask("GET", "/topics")
        problem(program, 429)
        assert 0 < int(program.answer["Retry-After"]) <= 60
        Program(alice).get("/topics")


def test_the_same_is_not_sent_twice() -> None:
    ConcernFactory(slug="schutz")
    program = Program()
    program.get("/concerns/schutz")
    tag = program.answer["ETag"]
    program.ask("GET", "/concerns/schutz", If_None_Match=tag)
    assert program.answer.status_code == 304
    assert program.answer.content == b""


def test_pages_of_others_may_read_but_as_nobody() -> None:
    program = Program()
    program.ask("GET", "/topics", Origin="https://anderswo.example")
    assert program.answer["Access-Control-Allow-Origin"] == "*"
    assert program.answer["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "Access-Control-Allow-Credentials" not in program.answer
    program.ask("OPTIONS", "/concerns", Access_Control_Request_Method="POST")
    assert program.answer["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"


def test_head_is_get_without_content() -> None:
    answer = Client().head("/api/v1/topics")
    assert answer.status_code == 200
    assert answer.content == b""
    assert answer["ETag"]


CONCERN = {
    "question": "Wie schützt der Bund Menschen im Amt?",
    "background": "Mehr als ein Drittel wurde bedroht.",
    "topic": "demokratie",
    "last_day": (timezone.localdate() + timedelta(days=30)).isoformat(),
}


def test_a_repeated_request_acts_once(alice: User) -> None:
    program = Program(alice)
    first = program.post("/concerns", CONCERN, status=201, Idempotency_Key="versuch-1")
    again = program.post("/concerns", CONCERN, status=201, Idempotency_Key="versuch-1")
    assert again == first
    assert program.answer["Idempotency-Replayed"] == "true"
    program.ask("POST", "/concerns", CONCERN | {"topic": "klima"}, Idempotency_Key="versuch-1")
    problem(program, 422)
    other = program.post("/concerns", CONCERN, status=201, Idempotency_Key="versuch-2")
    assert other["slug"] != first["slug"]


def test_a_request_that_died_half_way_is_not_done_again(alice: User) -> None:
    program = Program(alice)
    program.post("/concerns", CONCERN, status=201, Idempotency_Key="versuch-1")
    RepeatableRequest.objects.update(status=None)
    program.ask("POST", "/concerns", CONCERN, Idempotency_Key="versuch-1")
    problem(program, 409)


def test_keys_are_forgotten_after_a_day(alice: User) -> None:
    Program(alice).post("/concerns", CONCERN, status=201, Idempotency_Key="versuch-1")
    assert clear_repeats(timezone.now() - timedelta(days=1)) == 0
    assert clear_repeats(timezone.now() + timedelta(seconds=1)) == 1


def test_the_document_and_its_page_name_every_operation() -> None:
    client = Client()
    document = client.get("/api/openapi.json").json()
    assert document["openapi"] == "3.1.0"
    page = client.get("/api/docs/").content.decode()
    missing = [path for path in document["paths"] if path not in page]
    assert missing == []
    assert client.get("/api/", follow=True).redirect_chain == [("/api/docs/", 302)]
