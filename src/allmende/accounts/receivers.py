"""What follows when somebody adds or removes a second factor on allauth's pages.

It hangs on the row, not on allauth's signals, which come after the transaction: an audit entry is
written within it.
"""

from typing import Any

from allauth.core import context
from allauth.mfa.models import Authenticator
from allauth.usersessions.internal.flows.sessions import end_other_sessions
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from allmende.audit.services import record


def _by_herself(factor: Authenticator) -> bool:
    """Whether a person does it to her own account right now; recovery codes come and go with it."""
    request = context.request
    return (
        request is not None
        and factor.type != Authenticator.Type.RECOVERY_CODES
        and request.user == factor.user
        and factor.user.is_active
    )


@receiver(post_save, sender=Authenticator)
def note_new_factor(instance: Authenticator, created: bool, **_: Any) -> None:
    """Other sessions have begun with a password alone: they must not count as more."""
    if created and _by_herself(instance):
        context.request.user.forget_remembered()
        end_other_sessions(context.request, instance.user)
        record(
            actor=instance.user, deed="accounts.add_factor", obj=instance.user, kind=instance.type
        )


@receiver(post_delete, sender=Authenticator)
def note_removed_factor(instance: Authenticator, **_: Any) -> None:
    """What needs a second factor stops to count at once, if this was the last."""
    if _by_herself(instance):
        context.request.user.forget_remembered()
        record(
            actor=instance.user,
            deed="accounts.remove_factor",
            obj=instance.user,
            kind=instance.type,
        )
