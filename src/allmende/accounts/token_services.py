"""Tokens: with one, a program acts for a person (docs/reference/api.md)."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from allmende.audit.services import audited, record

from .models import GUARDED_SCOPES, Scope, Token, User

PREFIX = "allmende_"
LONGEST = timedelta(days=365)
MOST = 20
AN_HOUR = timedelta(hours=1)


class TokenError(ValueError):
    """The token cannot be made; the text is German."""


def hash_of(token: str) -> str:
    """What the database holds of a token: it is random enough to need no salt."""
    return hashlib.sha256(token.encode()).hexdigest()


@audited
def make_token(
    *, actor: User, name: str, scopes: Iterable[str], expires_at: datetime
) -> tuple[Token, str]:
    """Make a token; its text is returned here and never again.

    Raises ``TokenError`` if there are too many, or one of the scopes needs a second factor.
    """
    asked = {str(Scope.READ), *scopes}
    wanted = [str(scope) for scope in Scope if scope in asked]
    if not actor.has_second_factor and any(scope in GUARDED_SCOPES for scope in wanted):
        raise TokenError(_("Dafür melden Sie sich bitte mit einem zweiten Faktor an."))
    if actor.tokens.current().count() >= MOST:
        raise TokenError(
            _("Sie haben schon %(most)s Schlüssel. Bitte widerrufen Sie zuerst einen.")
            % {"most": MOST}
        )
    text = PREFIX + secrets.token_urlsafe(32)
    token = Token.objects.create(
        user=actor,
        name=name,
        hash=hash_of(text),
        hint=text[-4:],
        scopes=wanted,
        has_second_factor=actor.has_second_factor,
        expires_at=min(expires_at, timezone.now() + LONGEST),
    )
    record(
        actor=actor,
        deed="accounts.make_token",
        obj=actor,
        token=token.pk,
        scopes=wanted,
        until=token.expires_at.date().isoformat(),
    )
    return token, text


@audited
def revoke_token(*, actor: User, token: Token) -> None:
    """Let a token open nothing any more, from now on."""
    if Token.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=timezone.now()):
        record(actor=actor, deed="accounts.revoke_token", obj=actor, token=token.pk)


def person_of(text: str, *, changes: bool) -> User | None:
    """Whom a token belongs to, with the rights that it gives; None if it opens nothing.

    Reading, she sees what she would see herself; where something ``changes``, the scopes count.
    """
    token = Token.objects.current().filter(hash=hash_of(text)).first()
    if token is None:
        return None
    user = User.objects.with_second_factor().filter(pk=token.user_id, is_active=True).first()
    if user is None:
        return None
    now = timezone.now()
    if token.used_at is None or token.used_at < now - AN_HOUR:
        Token.objects.filter(pk=token.pk).update(used_at=now)
    user.memory = {"has_second_factor": token.has_second_factor and user.found_second_factor}
    user.scopes = frozenset(token.scopes) if changes else None
    return user


def clear_tokens(before: datetime) -> int:
    """Remove tokens that have long stopped to open anything."""
    ended = Token.objects.filter(expires_at__lt=before) | Token.objects.filter(
        revoked_at__lt=before
    )
    return ended.delete()[0]
