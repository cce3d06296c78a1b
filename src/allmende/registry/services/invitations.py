"""Inviting people to a mandate, and what they answer."""

from datetime import date, datetime, time, timedelta

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from allmende.accounts.models import User
from allmende.accounts.services import invite_person
from allmende.audit.services import audited, record

from .. import queries
from ..models import (
    OFFICES,
    Confirmation,
    Invitation,
    Mandate,
    Office,
    Organisation,
    Right,
    as_columns,
)
from .mandates import grant_mandate
from .telling import mail_invitations
from .tokens import hash_of, token_of

VALID = timedelta(days=30)


class InvitationError(ValueError):
    """The invitation cannot be made or answered as asked; the text is German."""


NOT_YOURS = _(
    "Diese Einladung gilt für eine andere E-Mail-Adresse. Melden Sie sich mit der Adresse an, "
    "an die sie ging."
)
OVER = _("Diese Einladung gilt nicht mehr. Bitten Sie um eine neue.")


@audited
def invite(
    *,
    actor: User,
    organisation: Organisation,
    email: str,
    name: str = "",
    office: Office,
    title: str = "",
    until: date | None = None,
    rights: frozenset[Right],
) -> Invitation:
    """Invite somebody to speak for an organisation; the mail with the link goes out at once.

    Raises
    ------
    InvitationError
        If she is the actor herself, has been invited to this office already or holds it.
    """
    email = email.lower()
    check_invitation(organisation=organisation, office=office, until=until)
    if EmailAddress.objects.filter(user=actor, email__iexact=email).exists():
        raise InvitationError(
            gettext(
                "Sich selbst können Sie nicht einladen. Wer sonst die Menschen verwaltet, kann es, "
                "oder der Betrieb."
            )
        )
    if office in queries.offices_held(email=email, organisation=organisation):
        raise InvitationError(
            gettext("Diese Person hat das Amt schon. Ändern oder verlängern Sie ihr Mandat.")
        )
    same = Invitation.objects.unanswered().filter(
        organisation=organisation, email=email, office=office
    )
    if same.open().exists():
        raise InvitationError(
            gettext(
                "Diese Person ist zu diesem Amt schon eingeladen. Sie können die Einladung erneut senden."
            )
        )
    same.update(revoked_at=timezone.now())  # expired: this one takes its place
    mandate = queries.acting_mandate(actor, organisation, Right.MANAGE)
    invitation = Invitation(
        organisation=organisation,
        email=email,
        name=name,
        office=office,
        title=title,
        until=until,
        **as_columns(rights),
        confirmation=Confirmation.MANAGER if mandate else Confirmation.OPERATOR,
        invited_by=actor,
    )
    seal(invitation)
    invitation.save()
    mail_invitations([invitation])
    record(
        actor=actor,
        deed="registry.invite_person",
        obj=invitation,
        mandate=mandate,
        office=str(office),
        rights=sorted(rights),
        until=until.isoformat() if until else None,
    )
    return invitation


def check_invitation(*, organisation: Organisation, office: Office, until: date | None) -> None:
    """Raise ``InvitationError`` unless the organisation has this office and the day is to come."""
    if not organisation.is_current:
        raise InvitationError(
            gettext("„%(organisation)s“ gibt es nicht mehr.") % {"organisation": organisation}
        )
    if office not in OFFICES[organisation.kind]:
        raise InvitationError(
            gettext("Das Amt „%(office)s“ gibt es bei „%(organisation)s“ nicht.")
            % {"office": office.label, "organisation": organisation}
        )
    if until is not None and until < timezone.localdate():
        raise InvitationError(gettext("Das Ende liegt in der Vergangenheit."))


def seal(invitation: Invitation) -> None:
    """Give an invitation its time and the hash of its token; not stored yet.

    It ends with the mandate that it is for: nobody can take over one that is over.
    """
    invitation.expires_at = timezone.now() + VALID
    if invitation.until is not None:
        end = datetime.combine(invitation.until + timedelta(days=1), time.min)
        invitation.expires_at = min(invitation.expires_at, timezone.make_aware(end))
    invitation.token_hash = hash_of(token_of(invitation))


@audited
def resend_invitation(*, actor: User, invitation: Invitation) -> Invitation:
    """Send the mail again, with a new link; the one before stops to work.

    Raises
    ------
    InvitationError
        If she has answered, or it was withdrawn, or the mandate would be over.
    """
    if invitation.until is not None and invitation.until < timezone.localdate():
        raise InvitationError(
            gettext("Das Ende dieses Mandats liegt in der Vergangenheit. Laden Sie neu ein.")
        )
    seal(invitation)
    changed = Invitation.objects.unanswered().filter(pk=invitation.pk)
    if not changed.update(expires_at=invitation.expires_at, token_hash=invitation.token_hash):
        raise InvitationError(gettext("Diese Einladung ist schon beantwortet oder zurückgezogen."))
    mail_invitations([invitation])
    _record(actor, "registry.resend_invitation", invitation)
    return invitation


@audited
def revoke_invitation(*, actor: User, invitation: Invitation) -> None:
    """Withdraw an invitation. Raises ``InvitationError`` if she was quicker."""
    if (
        not Invitation.objects.unanswered()
        .filter(pk=invitation.pk)
        .update(revoked_at=timezone.now())
    ):
        raise InvitationError(gettext("Diese Einladung ist schon beantwortet oder zurückgezogen."))
    _record(actor, "registry.revoke_invitation", invitation)


@audited
def decline_invitation(*, actor: User | None, invitation: Invitation) -> None:
    """Whoever holds the link does not want it. Raises ``InvitationError`` if it is over."""
    if (
        not Invitation.objects.open()
        .filter(pk=invitation.pk)
        .update(revoked_at=timezone.now(), declined=True)
    ):
        raise InvitationError(OVER)
    record(actor=actor, deed="registry.decline_invitation", obj=invitation)


@audited
def accept_invitation(*, actor: User, invitation: Invitation) -> Mandate:
    """Take over the mandate. Accepted twice, it is one; held already, it is renewed.

    Raises
    ------
    InvitationError
        If it is not for one of the actor's confirmed addresses, is her own, or is over.
    """
    if not is_for(actor, invitation) or invitation.invited_by_id == actor.pk:
        raise InvitationError(NOT_YOURS)
    if not Invitation.objects.open().filter(pk=invitation.pk).update(accepted_at=timezone.now()):
        invitation.refresh_from_db()
        if invitation.mandate is None or invitation.mandate.user_id != actor.pk:
            raise InvitationError(OVER)
        return invitation.mandate
    organisation, office = invitation.organisation, Office(invitation.office)
    rights, until, since = invitation.rights, invitation.until, timezone.localdate()
    held = queries.people_of(organisation).filter(user=actor, office=office).first()
    if held is not None:
        rights, since = rights | held.rights, held.since
        until = None if until is None or held.until is None else max(until, held.until)
    mandate = grant_mandate(
        actor=actor,
        user=actor,
        organisation=organisation,
        office=office,
        title=invitation.title or (held.title if held else ""),
        since=since,
        until=until,
        rights=rights,
        confirmation=Confirmation(invitation.confirmation),
    )
    # It was the one who invited her who vouches for her.
    Mandate.objects.filter(pk=mandate.pk).update(confirmed_by=invitation.invited_by, warned_at=None)
    Invitation.objects.filter(pk=invitation.pk).update(mandate=mandate)
    actor.forget_remembered()
    record(actor=actor, deed="registry.accept_invitation", obj=invitation, mandate=mandate)
    return mandate


def is_for(user: User, invitation: Invitation) -> bool:
    """Whether an invitation went to one of her confirmed addresses."""
    return bool(
        EmailAddress.objects.filter(
            user=user, verified=True, email__iexact=invitation.email
        ).exists()
    )


@audited
def sign_up_invited(*, invitation: Invitation, name: str, password: str) -> User:
    """Make an account for whoever opened the link: it came to her address by mail.

    Raises
    ------
    InvitationError
        If the address has an account, or the invitation is over.
    """
    if not Invitation.objects.open().filter(pk=invitation.pk).exists():
        raise InvitationError(OVER)
    try:
        with transaction.atomic():
            user = invite_person(email=invitation.email, name=name)
    except IntegrityError:
        raise InvitationError(
            gettext("Zu dieser Adresse gibt es schon ein Konto. Bitte melden Sie sich an.")
        ) from None
    user.set_password(password)
    user.save(update_fields=["password"])
    return user


def _record(actor: User, deed: str, invitation: Invitation) -> None:
    mandate = queries.acting_mandate(actor, invitation.organisation, Right.MANAGE)
    record(actor=actor, deed=deed, obj=invitation, mandate=mandate)
