"""Tokens: made once, shown once, never more than their owner, gone when revoked."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from tests.api_client import Program
from tests.factories import PASSWORD, AccountFactory, second_factor

from allmende.accounts import queries, services
from allmende.accounts.models import Scope, Token, User
from allmende.accounts.token_services import (
    TokenError,
    clear_tokens,
    hash_of,
    make_token,
    person_of,
    revoke_token,
)
from allmende.audit.models import Entry


@pytest.fixture
def anna(db: None) -> User:
    return AccountFactory.create(name="Anna")


def made(user: User, *scopes: str, days: int = 30) -> tuple[Token, str]:
    expires_at = timezone.now() + timedelta(days=days)
    return make_token(actor=user, name="Sitzungsdienst", scopes=scopes, expires_at=expires_at)


def signed_in(user: User) -> Client:
    """Somebody who has just typed her password."""
    client = Client()
    client.force_login(user)
    client.post("/konto/bestaetigen/", {"password": PASSWORD})
    return client


def test_only_the_hash_is_kept(anna: User) -> None:
    token, text = made(anna, Scope.VOTE)
    assert token.hash == hash_of(text)
    assert token.scopes == ["lesen", "abstimmen"]
    assert text.endswith(token.hint)
    assert [e.deed for e in Entry.objects.filter(actor=anna)] == ["accounts.make_token"]
    assert text not in str(Entry.objects.get(deed="accounts.make_token").details)


def test_a_token_is_its_owner_until_it_is_revoked(anna: User) -> None:
    token, text = made(anna)
    assert person_of(text, changes=False) == anna
    assert Token.objects.get().used_at is not None
    revoke_token(actor=anna, token=token)
    revoke_token(actor=anna, token=token)
    assert person_of(text, changes=False) is None
    assert Entry.objects.filter(deed="accounts.revoke_token").count() == 1


def test_expired_and_foreign_tokens_open_nothing(anna: User) -> None:
    _, text = made(anna)
    Token.objects.update(expires_at=timezone.now())
    assert person_of(text, changes=False) is None
    assert person_of("allmende_falsch", changes=False) is None


def test_nobody_who_left_or_was_locked_out_comes_in_by_a_token(anna: User) -> None:
    _, text = made(anna)
    User.objects.update(is_active=False)
    assert person_of(text, changes=False) is None


def test_a_token_lasts_a_year_at_most(anna: User) -> None:
    token, _ = made(anna, days=4_000)
    assert token.expires_at <= timezone.now() + timedelta(days=365)


def test_guarded_scopes_need_a_session_with_a_second_factor(anna: User) -> None:
    with pytest.raises(TokenError, match="zweiten Faktor"):
        made(anna, Scope.RELEASE)
    second_factor(anna)
    _, text = made(anna, Scope.RELEASE)
    person = person_of(text, changes=True)
    assert person is not None
    assert person.has_second_factor


def test_an_older_token_does_not_gain_a_second_factor(anna: User) -> None:
    _, text = made(anna)
    second_factor(anna)
    person = person_of(text, changes=True)
    assert person is not None
    assert not person.has_second_factor


def test_scopes_count_where_something_changes(anna: User) -> None:
    _, text = made(anna, Scope.VOTE)
    reading, writing = person_of(text, changes=False), person_of(text, changes=True)
    assert reading is not None
    assert writing is not None
    assert reading.allows(Scope.RELEASE)
    assert writing.allows(Scope.VOTE)
    assert not writing.allows(Scope.CONTRIBUTE)


def test_twenty_are_enough(anna: User) -> None:
    for _ in range(20):
        made(anna)
    with pytest.raises(TokenError, match="20 Schlüssel"):
        made(anna)


def test_a_token_is_shown_once(anna: User) -> None:
    client = signed_in(anna)
    page = client.get("/konto/schluessel/neu/")
    assert 'value="freigeben"' not in page.content.decode()
    day = (timezone.localdate() + timedelta(days=30)).isoformat()
    answer = client.post(
        "/konto/schluessel/neu/",
        {"name": "Sitzungsdienst", "scopes": ["abstimmen"], "last_day": day},
    )
    text = answer.content.decode()
    token = Token.objects.get()
    shown = text.split("<code>")[1].split("</code>")[0]
    assert hash_of(shown) == token.hash
    assert answer["Cache-Control"] == "no-store"
    assert shown not in client.get("/konto/schluessel/").content.decode()
    client.post(f"/konto/schluessel/{token.pk}/widerrufen/")
    assert "Widerrufen am" in client.get("/konto/schluessel/").content.decode()


@pytest.mark.parametrize(
    ("days", "said"), [(-1, "Dieser Tag ist vorbei"), (400, "höchstens ein Jahr")]
)
def test_what_is_wrong_with_a_day_is_said(anna: User, days: int, said: str) -> None:
    day = (timezone.localdate() + timedelta(days=days)).isoformat()
    answer = signed_in(anna).post("/konto/schluessel/neu/", {"name": "X", "last_day": day})
    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_nobody_revokes_the_token_of_somebody_else(anna: User) -> None:
    token, _ = made(anna)
    stranger = signed_in(AccountFactory.create())
    assert stranger.post(f"/konto/schluessel/{token.pk}/widerrufen/").status_code == 404
    assert Token.objects.get().is_current


def test_making_one_asks_for_the_password_again_after_a_while(anna: User) -> None:
    client = Client()
    client.force_login(anna)
    assert client.get("/konto/schluessel/neu/").status_code == 302


def test_they_are_in_her_copy_and_go_with_her(anna: User) -> None:
    made(anna, Scope.VOTE)
    [row] = next(
        part.rows
        for part in queries.everything_about(anna)
        if part.title == "Schlüssel für Programme"
    )
    assert row["Wofür"] == "Sitzungsdienst"
    services.delete_account(actor=anna)
    assert not Token.objects.exists()


def test_old_ones_are_cleared(anna: User) -> None:
    made(anna)
    assert clear_tokens(timezone.now() + timedelta(days=29)) == 0
    assert clear_tokens(timezone.now() + timedelta(days=31)) == 1


def test_a_session_opens_nothing_below_the_interface(anna: User) -> None:
    program = Program()
    program.client.force_login(anna)
    program.ask("GET", "/me")
    assert program.answer.status_code == 401
    assert Program(anna).get("/me")["name"] == "Anna"


def test_a_wrong_token_is_told_so_even_where_none_is_needed(anna: User) -> None:
    program = Program()
    program.headers = {"Authorization": "Bearer allmende_falsch"}
    program.ask("GET", "/topics")
    assert program.answer.status_code == 401
    assert program.answer["Content-Type"] == "application/problem+json"
    assert "gilt nicht" in program.answer.json()["detail"]
