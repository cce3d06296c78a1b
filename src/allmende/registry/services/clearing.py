"""Removing what has been kept long enough: answers to invitations and requests, unused lists."""

from datetime import datetime

from django.db.models import Q

from ..models import Invitation, InvitationList, MandateRequest


def clear_invitations(before: datetime) -> int:
    """Remove invitations that were answered, withdrawn or expired before a day; mandates stay."""
    over = Invitation.objects.filter(
        Q(accepted_at__lt=before)
        | Q(revoked_at__lt=before)
        | Q(accepted_at=None, revoked_at=None, expires_at__lt=before)
    )
    return over.delete()[0]


def clear_requests(before: datetime) -> int:
    """Remove requests that were refused before a day, and addresses and notes of the confirmed ones."""
    old = MandateRequest.objects.filter(decided_at__lt=before)
    removed = old.filter(mandate=None).delete()[0]
    return removed + old.exclude(email="", note="").update(email="", note="")


def clear_lists(before: datetime) -> int:
    """Remove lists that were looked at and never carried out."""
    return InvitationList.objects.filter(carried_out_at=None, created_at__lt=before).delete()[0]
