"""Making accounts for others, what a person allows, and how she leaves.

People who come by themselves sign up through allauth's pages.
"""

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db import transaction
from django.db.models import ProtectedError
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from allmende.audit.services import audited, record
from allmende.mail.services import queue_message
from allmende.portal.languages import in_language_of
from allmende.portal.offers import all_offers

from .models import Consent, ConsentKind, Token, User
from .queries import never_confirmed


@audited
def invite_person(*, email: str, name: str) -> User:
    """Make an account whose password its owner sets by mail; the address counts as confirmed then.

    One that somebody has begun with this address and never confirmed makes room: whoever it was knows
    its password.
    """
    never_confirmed().filter(email__iexact=email).delete()
    user = User.objects.create_user(email, name=name)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    record(actor=None, deed="accounts.invite_person", obj=user)
    return user


@audited
def make_operator(*, user: User) -> User:
    """Let a person run this installation."""
    user.is_operator = True
    user.save(update_fields=["is_operator"])
    record(actor=None, deed="accounts.make_operator", obj=user)
    return user


@audited
def end_operator(*, user: User) -> User:
    """Let a person no longer run this installation."""
    user.is_operator = False
    user.save(update_fields=["is_operator"])
    user.forget_remembered()
    record(actor=None, deed="accounts.end_operator", obj=user)
    return user


@audited
def change_name(*, actor: User, name: str) -> User:
    """Let a person be called differently from now on."""
    actor.name = name
    actor.save(update_fields=["name"])
    record(actor=actor, deed="accounts.change_name", obj=actor)
    return actor


def choose_language(*, user: User, language: str) -> None:
    """Keep what she reads. It concerns nobody else: the audit log does not tell of it."""
    user.language = language
    user.save(update_fields=["language"])


@audited
def give_consent(*, actor: User, kind: ConsentKind) -> Consent:
    """Write down that a person allows something; given twice, it counts from the first time."""
    consent, is_new = Consent.objects.get_or_create(user=actor, kind=kind, withdrawn_at=None)
    if is_new:
        record(actor=actor, deed="accounts.give_consent", obj=actor, kind=str(kind))
    return consent


@audited
def withdraw_consent(*, actor: User, kind: ConsentKind) -> None:
    """Take it back from now on; the row stays as its history."""
    current = Consent.objects.filter(user=actor, kind=kind, withdrawn_at=None)
    if current.update(withdrawn_at=timezone.now()):
        record(actor=actor, deed="accounts.withdraw_consent", obj=actor, kind=str(kind))


class DeletionError(ValueError):
    """The account cannot be deleted now; the text is German."""


@audited
def delete_account(*, actor: User) -> list[str]:
    """Remove a person and all that is hers alone; return what stays and why, in her language.

    Every app removes its part (``Offer.forget``). Her row stays as a shell without name and address,
    because official acts and the audit log refer to it. All her sessions end. A mail confirms it.

    Raises
    ------
    DeletionError
        If nobody would be left to run this installation.
    """
    user = User.objects.select_for_update().get(pk=actor.pk)
    if user.is_operator and not _operators_besides(user):
        raise DeletionError(
            _(
                "Sie sind die einzige Person im Betrieb. Nehmen Sie zuerst jemanden auf; sonst könnte "
                "niemand mehr diese Installation betreiben."
            )
        )
    with in_language_of(user):
        queue_message(
            key=f"accounts.deleted-{user.pk}",
            to=user.email,
            subject=f"{settings.ACCOUNT_EMAIL_SUBJECT_PREFIX}{_('Ihr Konto ist gelöscht')}",
            text=render_to_string("accounts/deleted.txt", {"name": user.name}),
        )
    user.is_active = False  # from here on, what is removed is not her own deed any more
    user.save(update_fields=["is_active"])
    stays = [sentence for offer in all_offers() for sentence in offer.forget(user)]
    user.name = "Gelöschtes Konto"
    user.email = f"konto-{user.pk}@geloescht.invalid"
    user.is_operator = False
    user.language = ""
    user.last_login = None
    user.deleted_at = timezone.now()
    user.set_unusable_password()
    user.save()
    record(actor=user, deed="accounts.delete_account", obj=user)
    return stays


def foresee_deletion(user: User) -> list[str]:
    """What would stay of a person and why: deletes her account and takes it all back.

    So that what she is told is what will happen.
    """
    with transaction.atomic():
        try:
            return delete_account(actor=user)
        finally:
            transaction.set_rollback(True)


def forget(user: User) -> Iterator[str]:
    """Remove how a person signs in, and what she has allowed."""
    for session in UserSession.objects.filter(user=user):
        session.end()
    for kind in (EmailAddress, Authenticator, SocialAccount, Consent):
        kind.objects.filter(user=user).delete()
    Token.objects.filter(user=user).delete()
    yield _(
        "Ein Eintrag ohne Namen und Adresse, auf den sich das Protokoll bezieht: Was für eine "
        "Organisation getan wurde, muss nachvollziehbar bleiben. Wer es war, steht dort nicht mehr."
    )


def clear_unconfirmed(before: datetime) -> int:
    """Remove accounts that nobody has ever been in, because their address was never confirmed."""
    removed = 0
    for user in never_confirmed().filter(date_joined__lt=before):
        with suppress(ProtectedError):  # somebody else has made it, and given it a mandate
            user.delete()
            removed += 1
    return removed


def _operators_besides(user: User) -> bool:
    others = User.objects.with_second_factor().exclude(pk=user.pk)
    able = others.filter(is_operator=True, is_active=True)
    return able.filter(**{"found_second_factor": True}).exists()
