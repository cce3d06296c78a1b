"""Asking for a mandate with an official address."""

import pytest
from django.test import Client

from allmende.accounts.models import User
from allmende.audit.models import Entry
from allmende.mail.models import Message, Notice
from allmende.portal.offers import tasks_of
from allmende.registry import services
from allmende.registry.models import (
    Confirmation,
    EmailDomain,
    Mandate,
    MandateRequest,
    Office,
    Organisation,
    Right,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def domain(lindenfurt: Organisation) -> EmailDomain:
    return EmailDomain.objects.create(organisation=lindenfurt, domain="lindenfurt.example")


@pytest.fixture
def wish(dora: User, lindenfurt: Organisation, domain: EmailDomain) -> MandateRequest:
    return services.request_mandate(
        actor=dora, organisation=lindenfurt, office=Office.COUNCIL, note="Neu im Rat"
    )


def test_only_an_official_address_opens_the_form(
    dora: User, bob: User, charlie: User, lindenfurt: Organisation, domain: EmailDomain
) -> None:
    address = f"{lindenfurt.get_absolute_url()}anfragen/"
    found = {}
    for user in (dora, bob, charlie):
        client = Client()
        client.force_login(user)
        offered = "Mandat anfragen" in client.get(lindenfurt.get_absolute_url()).content.decode()
        found[user.name] = (offered, client.get(address).status_code)
    assert found == {
        "Dora Dietz": (True, 200),
        "Bob Brandt": (False, 404),
        "Charlie Cremer": (False, 404),
    }


def test_a_manager_confirms(
    as_alice: Client, alice: User, dora: User, lindenfurt: Organisation, domain: EmailDomain
) -> None:
    client = Client()
    client.force_login(dora)
    form = {"office": "council", "title": "Bürgerliste", "note": "Neu"}
    client.post(f"{lindenfurt.get_absolute_url()}anfragen/", form)
    wish = MandateRequest.objects.get()
    assert (wish.email, Notice.objects.get().user) == ("dora@lindenfurt.example", alice)
    assert [task.title for task in tasks_of(alice)] == ["Dora Dietz fragt ein Mandat an"]
    page = f"/verzeichnis/anfragen/{wish.pk}/"
    assert 'value="contribute" checked' in as_alice.get(page).content.decode()
    answer = as_alice.post(page, {"decision": "ja", "rights": ["contribute"]})
    assert answer.status_code == 303
    mandate = Mandate.objects.get(user=dora)
    assert (mandate.confirmation, mandate.title, mandate.rights, mandate.confirmed_by) == (
        Confirmation.DOMAIN,
        "Bürgerliste",
        frozenset({Right.CONTRIBUTE}),
        alice,
    )
    assert "ist bestätigt" in Message.objects.get(recipient=wish.email).text
    capacities = Entry.objects.filter(actor=alice).values_list("deed", "capacity")
    capacity = alice.mandates.get().capacity
    assert set(capacities) == {
        ("registry.grant_mandate", capacity),
        ("registry.confirm_request", capacity),
    }
    assert tasks_of(alice) == []


def test_a_refusal_has_a_reason_that_is_told(
    as_alice: Client, wish: MandateRequest, dora: User
) -> None:
    page = f"/verzeichnis/anfragen/{wish.pk}/"
    assert "Bitte begründen" in as_alice.post(page, {"decision": "nein"}).content.decode()
    as_alice.post(page, {"decision": "nein", "reason": "Sie sind nicht im Rat."})
    assert "Sie sind nicht im Rat." in Message.objects.get(recipient=wish.email).text
    seen = [
        "Anfrage abgelehnt." in client.get(wish.organisation.get_absolute_url()).content.decode()
        for client in (as_alice, Client())
    ]
    assert seen == [True, False]
    assert not Mandate.objects.filter(user=dora).exists()


def test_only_the_first_decision_counts(alice: User, olga: User, wish: MandateRequest) -> None:
    services.refuse_request(actor=olga, request=wish, reason="Nein")
    with pytest.raises(services.RequestError, match="jemand anderes entschieden"):
        services.confirm_request(actor=alice, request=wish, rights=frozenset())
    assert (Mandate.objects.filter(user=wish.user).count(), Message.objects.count()) == (0, 1)


def test_one_asks_once_and_does_not_decide_herself(
    dora: User, lindenfurt: Organisation, wish: MandateRequest
) -> None:
    with pytest.raises(services.RequestError, match="schon angefragt"):
        services.request_mandate(actor=dora, organisation=lindenfurt, office=Office.COUNCIL)
    with pytest.raises(services.RequestError, match="eigene Anfrage"):
        services.confirm_request(actor=dora, request=wish, rights=frozenset(Right))


def test_without_a_manager_the_operator_is_asked(
    olga: User, bob: User, wish: MandateRequest
) -> None:
    assert [notice.user for notice in Notice.objects.all()] == [olga]
