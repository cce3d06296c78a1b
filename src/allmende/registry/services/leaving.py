"""What becomes of a person's mandates when she deletes her account."""

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from ..models import Interest, Invitation, Mandate, MandateRequest
from .mandates import end_mandate

if TYPE_CHECKING:
    from allmende.accounts.models import User


def forget_person(user: "User") -> Iterator[str]:
    """End all her mandates, and remove what is still open between her and organisations."""
    yesterday = timezone.localdate() - timedelta(days=1)
    mandates = list(Mandate.objects.filter(user=user))
    for mandate in mandates:
        if mandate.until is None or mandate.until > yesterday:
            # One that began today ends today: nobody can sign in to use it.
            end_mandate(
                actor=user,
                mandate=mandate,
                until=max(yesterday, mandate.since),
                reason=gettext_noop("Das Konto wurde gelöscht."),
            )
    MandateRequest.objects.filter(user=user, decided_at=None).delete()
    MandateRequest.objects.filter(user=user).update(email="", note="")
    Invitation.objects.filter(email__iexact=user.email, mandate=None).delete()
    Invitation.objects.filter(mandate__user=user).update(email="", name="")
    Interest.objects.filter(user=user).delete()
    if mandates:
        yield (
            _(
                "Dass jemand in Ihrem Amt für Ihre Organisationen gesprochen hat, von wann bis wann, ohne "
                "Ihren Namen: Was im Namen einer Organisation geschah, gehört zu ihren Akten."
            )
        )
