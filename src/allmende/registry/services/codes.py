"""Codes of letters: tried, and redeemed once.

A code is a serial, which finds the letter, and a secret of 55 bits (``formats.letters``). The database
keeps a hash of it: PBKDF2 with a salt that needs the installation's key. Whoever steals the database
without the key can try nothing. With the key, 55 bits at ``ROUNDS`` rounds each are out of reach for the
60 days in which a code is worth something; more rounds would only make ten thousand letters slow. A new
key makes all open letters void.
"""

from typing import TYPE_CHECKING

from django.core.cache import cache
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.crypto import constant_time_compare, pbkdf2, salted_hmac
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from allmende.accounts.models import User
from allmende.audit.services import audited, record
from allmende.formats.letters import Code, CodeError, read_code
from allmende.mail.services import notify

from .. import queries
from ..models import (
    Confirmation,
    Letter,
    LetterState,
    Mandate,
    Office,
    Right,
    usual_rights,
)
from .mandates import grant_mandate

if TYPE_CHECKING:
    from typing import Never

ROUNDS = 2_000
# Wrong codes of one person a day: more would let her make other people's letters void.
MOST_WRONG_A_DAY = 10
DAY = 24 * 60 * 60
NOT_KNOWN = _(
    "Diesen Code kennen wir nicht. Bitte vergleichen Sie ihn noch einmal mit dem Brief. "
    "Nach zehn falschen Codes gilt ein Brief nicht mehr."
)
WHY_CLOSED = {
    LetterState.REDEEMED: _("Dieser Code wurde schon eingelöst. Jeder Code gilt nur einmal."),
    LetterState.EXPIRED: _(
        "Die 60 Tage dieses Codes sind vorbei. Bitten Sie um einen neuen Brief."
    ),
    LetterState.REVOKED: _("Dieser Code gilt nicht mehr. Ein neuer Brief ersetzt ihn."),
    LetterState.DEAD: (
        _(
            "Dieser Code ist gesperrt, weil er zu oft falsch eingegeben wurde. "
            "Bitten Sie um einen neuen Brief."
        )
    ),
}


class LetterError(ValueError):
    """The letters cannot be made or the code not be redeemed; the text is German."""


def check_code(*, actor: "User", code: str) -> Letter:
    """The letter of a code that somebody typed; nothing is redeemed yet, but a wrong code counts.

    Raises
    ------
    LetterError
        If the code is no code, unknown, wrong, or not valid any more.
    """
    typed = _read(actor, code)
    with transaction.atomic():
        letter = _try(typed)
    return letter or _refuse(actor)


def redeem_letter(*, actor: "User", code: str, office: Office, title: str = "") -> Mandate:
    """Give a person the mandate of a letter: the office's usual rights, and to manage its people.

    Of several people who redeem it at the same moment, one gets it.

    Raises
    ------
    LetterError
        As ``check_code``, and if she manages the organisation already.
    MandateError
        If the organisation has no such office.
    """
    typed = _read(actor, code)
    with audited():
        # A wrong try has to stay counted: it must not be raised out of the transaction.
        letter = _try(typed)
        mandate = None if letter is None else _use(actor, letter, office, title)
    actor.forget_remembered()
    return mandate or _refuse(actor)


def _read(actor: "User", code: str) -> Code:
    try:
        typed = read_code(code)
    except CodeError as error:
        raise LetterError(str(error)) from None
    if cache.get(_wrong_key(actor), 0) >= MOST_WRONG_A_DAY:
        raise LetterError(
            gettext(
                "Sie haben heute zu viele falsche Codes eingegeben. Bitte versuchen Sie es morgen wieder."
            )
        )
    return typed


def _try(typed: Code) -> Letter | None:
    """The open letter of a code. None if there is none; a letter of that serial has counted it then.

    A try counts before its secret is compared, and is taken back if that is right: so guesses at the
    same moment wait for one another, and no more of them are compared than allowed.
    """
    found = Letter.objects.filter(serial=typed.serial)
    is_open = Letter.objects.in_state(LetterState.OPEN).filter(serial=typed.serial)
    counted = is_open.update(wrong_tries=F("wrong_tries") + 1)
    letter = found.select_related("organisation__region").first()
    # Compared even if there is no letter: the time it takes tells nothing.
    expected = letter.secret_hash if letter else ""
    if not constant_time_compare(hash_of(typed), expected) or letter is None:
        return None
    if not counted:
        raise LetterError(WHY_CLOSED[letter.state])
    found.update(wrong_tries=F("wrong_tries") - 1)
    return letter


def _use(actor: "User", letter: Letter, office: Office, title: str) -> Mandate:
    organisation = letter.organisation
    mine = Mandate.objects.of(actor).filter(organisation=organisation)
    if mine.filter(may_manage=True).exists():
        raise LetterError(
            gettext("Sie verwalten „%(organisation)s“ schon. Der Code gilt weiter.")
            % {"organisation": organisation}
        )
    held = mine.filter(office=office, letter=None).first()
    mandate = grant_mandate(
        actor=None,  # the letter confirms it, nobody else
        user=actor,
        organisation=organisation,
        office=office,
        since=held.since if held else timezone.localdate(),
        until=held.until if held else None,
        rights=usual_rights(office) | {Right.MANAGE},
        title=title or (held.title if held else ""),
        confirmation=Confirmation.LETTER,
    )
    Letter.objects.filter(pk=letter.pk).update(used_at=timezone.now(), mandate=mandate)
    record(
        actor=actor,
        deed="registry.redeem_letter",
        obj=organisation,
        mandate=mandate,
        serial=letter.serial,
        office=str(office),
    )
    _tell(mandate)
    return mandate


def _tell(mandate: Mandate) -> None:
    """Let those know who would notice if this were not right: its managers, and the operators."""
    others = queries.people_of(mandate.organisation).filter(may_manage=True)
    notify(
        users=User.objects.filter(Q(pk__in=others.values("user")) | Q(is_operator=True)).exclude(
            pk=mandate.user_id
        ),
        topic="registry.letter_redeemed",
        key=f"registry.letter_redeemed-{mandate.pk}",
        title=lambda: (
            gettext("Code eingelöst: %(organisation)s") % {"organisation": mandate.organisation}
        ),
        text=(
            lambda: (
                gettext(
                    "%(user)s spricht jetzt für %(organisation)s (%(office_name)s) und verwaltet ihre Mandate. Wenn das nicht sein kann, beenden Sie das Mandat."
                )
                % {
                    "user": mandate.user,
                    "organisation": mandate.organisation,
                    "office_name": mandate.office_name,
                }
            )
        ),
        url=mandate.organisation.get_absolute_url(),
    )


def _refuse(actor: "User") -> "Never":
    key = _wrong_key(actor)
    cache.add(key, 0, DAY)
    cache.incr(key)
    raise LetterError(NOT_KNOWN)


def _wrong_key(actor: "User") -> str:
    return f"registry.wrong-codes.{actor.pk}"


def hash_of(code: Code) -> str:
    """What the database keeps of a code."""
    salt = salted_hmac("allmende.registry.letters", code.serial, algorithm="sha256").digest()
    return pbkdf2(code.secret, salt, ROUNDS).hex()
