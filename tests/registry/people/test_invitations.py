"""Inviting people, and what they answer: once, with the invited address, in time."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from allmende.accounts.models import User
from allmende.audit.models import Entry
from allmende.mail.models import Message
from allmende.registry import services
from allmende.registry.models import (
    Confirmation,
    Invitation,
    Mandate,
    Office,
    Organisation,
    Right,
)
from tests.factories import PASSWORD, AccountFactory, EmailAddressFactory

pytestmark = pytest.mark.django_db

ADDRESS = "erika@lindenfurt.example"
NEW_PASSWORD = "drei lange Wörter hier"


def link() -> str:
    """The link in the newest mail."""
    found = re.search(r"/verzeichnis/einladung/\S+", Message.objects.latest("pk").text)
    assert found
    return found.group()


@pytest.fixture
def invitation(alice: User, lindenfurt: Organisation) -> Invitation:
    return services.invite(
        actor=alice,
        organisation=lindenfurt,
        email=ADDRESS.upper(),
        name="Erika",
        office=Office.ADMINISTRATION,
        rights=frozenset({Right.CONTRIBUTE}),
    )


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_three_questions_make_an_invitation(as_alice: Client, lindenfurt: Organisation) -> None:
    page = f"{lindenfurt.get_absolute_url()}menschen/einladen/"
    assert "Schritt 1 von 3" in as_alice.get(page).content.decode()
    answers = {"email": ADDRESS, "name": "Erika"}
    text = as_alice.post(page, {**answers, "schritt": "1"}).content.decode()
    assert ("Schritt 2 von 3" in text, f'value="{ADDRESS}"' in text) == (True, True)
    answers |= {"office": "administration", "title": "", "until": "2099-12-31"}
    text = as_alice.post(page, {**answers, "schritt": "2"}).content.decode()
    checked = re.findall(r'value="(\w+)" checked', text)
    assert checked == ["contribute", "vote"]
    done = as_alice.post(page, {**answers, "rights": ["contribute"], "schritt": "3"})
    assert (done.status_code, done["Location"]) == (
        303,
        f"{lindenfurt.get_absolute_url()}menschen/",
    )
    made = Invitation.objects.get()
    assert (made.email, made.rights, made.confirmation) == (
        ADDRESS,
        frozenset({Right.CONTRIBUTE}),
        Confirmation.MANAGER,
    )
    assert (made.expires_at - timezone.now()).days in {29, 30}
    entry = Entry.objects.get(deed="registry.invite_person")
    assert ADDRESS not in f"{entry.object_name}{entry.details}"


def test_errors_keep_what_was_typed(as_alice: Client, lindenfurt: Organisation) -> None:
    page = f"{lindenfurt.get_absolute_url()}menschen/einladen/"
    text = as_alice.post(
        page, {"schritt": "2", "email": ADDRESS, "office": "mayor", "until": "2001-01-01"}
    ).content.decode()
    assert ("Dieser Tag ist vorbei" in text, 'value="2001-01-01"' in text) == (True, True)


def test_the_link_is_derived_and_only_its_hash_is_kept(invitation: Invitation) -> None:
    token = services.token_of(invitation)
    assert link() == f"/verzeichnis/einladung/{token}/"
    assert services.hash_of(token) == invitation.token_hash
    stored = Invitation.objects.values().get()
    assert token not in [str(value) for value in stored.values()]


@pytest.mark.usefixtures("invitation", "bob")
@pytest.mark.parametrize(
    ("email", "message"),
    [
        ("alice@lindenfurt.example", "Sich selbst"),
        (ADDRESS, "schon eingeladen"),
        ("bob@lindenfurt.example", "hat das Amt schon"),
    ],
)
def test_who_cannot_be_invited(
    email: str, message: str, alice: User, lindenfurt: Organisation
) -> None:
    with pytest.raises(services.InvitationError, match=message):
        services.invite(
            actor=alice,
            organisation=lindenfurt,
            email=email,
            office=Office.ADMINISTRATION,
            rights=frozenset(Right),
        )


def test_somebody_without_account_signs_up_and_accepts(
    client: Client, invitation: Invitation
) -> None:
    assert "Konto anlegen und annehmen" in client.get(link()).content.decode()
    form = {"name": "Erika Eich", "password1": NEW_PASSWORD, "password2": "anders"}
    text = client.post(f"{link()}konto/", form).content.decode()
    # After signing in one comes back to the page of the link: the form's address cannot be opened.
    assert ("nicht gleich" in text, f'?next={link()}"' in text) == (True, True)
    done = client.post(f"{link()}konto/", form | {"password2": NEW_PASSWORD})
    assert done["Location"] == invitation.organisation.get_absolute_url()
    mandate = Mandate.objects.get(user__email=ADDRESS)
    assert (mandate.user.name, mandate.user.check_password(NEW_PASSWORD)) == ("Erika Eich", True)
    assert (mandate.confirmed_by, mandate.rights) == (
        invitation.invited_by,
        frozenset({Right.CONTRIBUTE}),
    )
    assert client.session["_auth_user_id"] == str(mandate.user.pk)
    assert not [letter for letter in mail.outbox if "bestätig" in letter.subject.lower()]


def test_who_began_an_account_with_her_address_does_not_keep_her_out(
    client: Client, invitation: Invitation
) -> None:
    squatter = AccountFactory.create(email=ADDRESS)
    squatter.emailaddress_set.update(verified=False)
    assert "Konto anlegen und annehmen" in client.get(link()).content.decode()
    form = {"name": "Erika", "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    client.post(f"{link()}konto/", form)
    mandate = Mandate.objects.get(user__email=ADDRESS)
    assert mandate.user.check_password(NEW_PASSWORD)
    assert mandate.user.pk != squatter.pk


def test_an_account_with_the_address_accepts_with_one_click(invitation: Invitation) -> None:
    erika = AccountFactory.create(email=ADDRESS)
    visitor = Client()
    assert (
        "Zu erika@lindenfurt.example gibt es schon ein Konto"
        in visitor.get(link()).content.decode()
    )
    form = {"name": "Mallory", "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    assert "gibt es schon ein Konto" in visitor.post(f"{link()}konto/", form).content.decode()
    client = signed_in(erika)
    assert "Einladung annehmen" in client.get(link()).content.decode()
    for _ in range(2):
        done = client.post(f"{link()}annehmen/")
        assert done["Location"] == invitation.organisation.get_absolute_url()
    assert Mandate.objects.filter(user=erika).count() == 1
    erika.refresh_from_db()
    assert erika.check_password(PASSWORD)


def test_an_invitation_is_bound_to_its_address(charlie: User, invitation: Invitation) -> None:
    client = signed_in(charlie)
    assert "mit einer anderen Adresse angemeldet" in client.get(link()).content.decode()
    EmailAddressFactory(user=charlie, email=ADDRESS, verified=False, primary=False)
    client.post(f"{link()}annehmen/")
    assert not Mandate.objects.filter(organisation=invitation.organisation, user=charlie).exists()
    charlie.emailaddress_set.update(verified=True)
    client.post(f"{link()}annehmen/")
    assert Mandate.objects.filter(organisation=invitation.organisation, user=charlie).exists()


def test_what_is_over_or_wrong_is_answered_alike(
    as_alice: Client, alice: User, invitation: Invitation
) -> None:
    visitor, token = Client(), services.token_of(invitation)
    page = f"/verzeichnis/einladung/{token}/"

    def answer(address: str) -> tuple[int, str]:
        response = visitor.get(address)
        return response.status_code, response.content.decode().replace(token, "X" * 43)

    wrong = answer("/verzeichnis/einladung/" + "X" * 43 + "/")
    assert (wrong[0], "gilt nicht oder nicht mehr" in wrong[1]) == (404, True)
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert answer(page) == wrong
    as_alice.post(f"/verzeichnis/einladungen/{invitation.pk}/erneut/")
    assert answer(page) == wrong  # another link has taken its place
    assert visitor.get(link()).status_code == 200
    as_alice.post(f"/verzeichnis/einladungen/{invitation.pk}/zurueck/")
    assert visitor.get(link()).status_code == 404
    for deed in ("annehmen", "ablehnen", "konto"):
        assert visitor.post(f"{link()}{deed}/").status_code == 404


def test_declined_it_is_over_and_can_be_sent_anew(
    alice: User, lindenfurt: Organisation, invitation: Invitation
) -> None:
    assert Client().post(f"{link()}ablehnen/").status_code == 200
    invitation.refresh_from_db()
    assert invitation.state == "abgelehnt"
    again = services.invite(
        actor=alice,
        organisation=lindenfurt,
        email=ADDRESS,
        office=Office.ADMINISTRATION,
        rights=frozenset(),
    )
    assert again.state == "offen"


def test_accepted_by_who_holds_the_office_it_renews_the_mandate(
    alice: User, lindenfurt: Organisation, invitation: Invitation
) -> None:
    erika = AccountFactory.create(email=ADDRESS)
    held = Mandate.objects.create(
        user=erika,
        organisation=lindenfurt,
        office=Office.ADMINISTRATION,
        since=timezone.localdate() - timedelta(days=9),
        until=timezone.localdate(),
        may_vote=True,
        confirmation=Confirmation.LETTER,
    )
    services.accept_invitation(actor=erika, invitation=invitation)
    held.refresh_from_db()
    assert Mandate.objects.filter(user=erika).count() == 1
    assert (held.until, held.rights) == (None, frozenset({Right.CONTRIBUTE, Right.VOTE}))
    assert (held.confirmation, held.confirmed_by) == (Confirmation.MANAGER, alice)


def test_an_operator_invites_the_first_manager(olga: User, lindenfurt: Organisation) -> None:
    invitation = services.invite(
        actor=olga,
        organisation=lindenfurt,
        email=ADDRESS,
        office=Office.MAYOR,
        rights=frozenset({Right.MANAGE}),
    )
    assert invitation.confirmation == Confirmation.OPERATOR
    assert "der Betrieb dieser Plattform lädt Sie ein" in Message.objects.get().text


def test_where_nobody_manages_yet_managing_is_proposed(
    olga: User, lindenfurt: Organisation
) -> None:
    answers = {"email": ADDRESS, "office": "administration", "schritt": "2"}
    page = f"{lindenfurt.get_absolute_url()}menschen/einladen/"
    text = signed_in(olga).post(page, answers).content.decode()
    assert re.findall(r'value="(\w+)" checked', text) == ["contribute", "vote", "manage"]


def test_an_invitation_ends_with_the_mandate_that_it_is_for(
    as_alice: Client, alice: User, lindenfurt: Organisation
) -> None:
    invitation = services.invite(
        actor=alice,
        organisation=lindenfurt,
        email=ADDRESS,
        office=Office.ADMINISTRATION,
        until=timezone.localdate(),
        rights=frozenset({Right.CONTRIBUTE}),
    )
    assert timezone.localtime(invitation.expires_at).strftime("%H:%M") == "00:00"
    assert invitation.expires_at - timezone.now() <= timedelta(days=1)
    Invitation.objects.update(until=timezone.localdate() - timedelta(days=1))
    before = Message.objects.count()
    as_alice.post(f"/verzeichnis/einladungen/{invitation.pk}/erneut/")
    assert Message.objects.count() == before
