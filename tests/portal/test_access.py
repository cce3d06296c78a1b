"""Rules before views: who may not see a thing cannot tell it from one that does not exist."""

import pytest
import rules
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from allmende.accounts.models import User
from allmende.portal.access import PUBLIC, SIGNED_IN, public, requires, see_other, signed_in


@rules.predicate
def is_herself(user: User, person: User | None) -> bool:
    return user == person


@pytest.fixture(autouse=True)
def rule() -> object:
    """A rule for these tests only: everybody may see herself."""
    rules.add_perm("test.see_person", is_herself)
    yield
    rules.remove_perm("test.see_person")


def get_person(pk: int) -> User:
    return User.objects.get(pk=pk)


def show(request: HttpRequest, person: User) -> HttpResponse:
    return HttpResponse(person.name)


def ask(user: object, method: str = "get", **headers: str) -> HttpRequest:
    request = getattr(RequestFactory(), method)("/personen/1/", headers=headers)
    request.user = user
    return request


def test_each_decorator_leaves_its_mark() -> None:
    assert public(lambda request: HttpResponse()).rule == PUBLIC
    assert signed_in(lambda request: HttpResponse()).rule == SIGNED_IN
    assert requires("test.see_person", get_person)(show).rule == "test.see_person"


def test_the_view_gets_the_object_that_the_rule_allows(alice: User) -> None:
    response = requires("test.see_person", get_person)(show)(ask(alice), pk=alice.pk)
    assert response.content == b"Alice Ahrens"


def test_forbidden_and_missing_look_the_same(alice: User, charlie: User) -> None:
    view = requires("test.see_person", get_person)(show)
    with pytest.raises(Http404) as forbidden:
        view(ask(charlie), pk=alice.pk)
    with pytest.raises(Http404) as missing:
        view(ask(charlie), pk=10_000)
    assert forbidden.value.args == missing.value.args


def test_with_login_a_visitor_is_asked_to_sign_in_before_anything_is_looked_up(alice: User) -> None:
    view = requires("test.see_person", get_person, login=True)(show)
    for pk in (alice.pk, 10_000):
        response = view(ask(AnonymousUser()), pk=pk)
        assert response.headers["Location"] == "/konto/anmelden/?next=/personen/1/"


def test_after_a_form_one_comes_back_to_its_page(alice: User) -> None:
    view = requires("test.see_person", get_person, login=True)(show)
    response = view(ask(AnonymousUser(), "post", referer="/personen/"), pk=alice.pk)
    assert response.headers["Location"] == "/konto/anmelden/?next=/personen/"


def test_htmx_brings_the_whole_page_for_signing_in(alice: User) -> None:
    view = requires("test.see_person", get_person, login=True)(show)
    request = ask(AnonymousUser(), "post", referer="/personen/", **{"HX-Request": "true"})
    response = view(request, pk=alice.pk)
    assert (response.status_code, response.headers["HX-Redirect"]) == (
        200,
        "/konto/anmelden/?next=/personen/",
    )


def test_a_rule_that_does_not_exist_is_found_at_import() -> None:
    with pytest.raises(LookupError, match="no such rule"):
        requires("test.misspelt", get_person)


def test_see_other_sends_the_browser_to_fetch() -> None:
    response = see_other("/forum/")
    assert (response.status_code, response.headers["Location"]) == (303, "/forum/")


@pytest.mark.django_db
def test_the_address_of_a_form_opened_as_a_page_says_so(client: Client) -> None:
    answer = client.get("/betrieb/protokoll/protokoll.csv")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
    assert "gehört zu einem Formular" in answer.content.decode()
    refused = client.post("/quellen/")
    assert (refused.status_code, refused.content) == (405, b"")
