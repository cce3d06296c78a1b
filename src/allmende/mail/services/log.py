"""What operators do with mails that could not be delivered."""

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from allmende.audit.services import record

from ..models import Message, MessageState
from .delivery import WITHOUT_CONTENT
from .queue import deliver_soon

if TYPE_CHECKING:
    from allmende.accounts.models import User


class Conflict(Exception):  # noqa: N818
    """Somebody else was quicker; says so in German."""


@transaction.atomic
def retry_message(*, actor: "User", message: Message) -> None:
    """Try a failed message once more, from the first pause on. Raises ``Conflict`` if it is not failed."""
    changed = Message.objects.filter(pk=message.pk, state=MessageState.FAILED).update(
        state=MessageState.QUEUED, attempts=0, next_try_at=timezone.now(), claimed_at=None
    )
    if not changed:
        raise Conflict(_("Diese Mail ist nicht mehr gescheitert. Jemand anderes war schneller."))
    record(actor=actor, deed="mail.retry_message", obj=message)
    deliver_soon()


@transaction.atomic
def give_up_message(*, actor: "User", message: Message) -> None:
    """Do not try a failed message any more, and forget what it said."""
    changed = Message.objects.filter(pk=message.pk, state=MessageState.FAILED).update(
        state=MessageState.GIVEN_UP, **WITHOUT_CONTENT
    )
    if not changed:
        raise Conflict(_("Diese Mail ist nicht mehr gescheitert. Jemand anderes war schneller."))
    record(actor=actor, deed="mail.give_up_message", obj=message)
