"""What becomes of a person's own votes and statements when she deletes her account."""

import secrets
from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext as _

from allmende.portal.search import index

from ..models import (
    Concern,
    Contribution,
    Participant,
    SavedFilter,
    Statement,
    StatementState,
    Voices,
)
from .results import request_result

if TYPE_CHECKING:
    from allmende.accounts.models import User


def forget_person(user: "User") -> Iterator[str]:
    """Remove her personal voice where voting runs, her name where it has ended, and her saved filters.

    A result that others have read stays what it was: its votes stay, by a participant who is nobody,
    like one of an imported conversation. Called within the transaction that deletes her account. What she did for an organisation is the organisation's.
    """
    own = Participant.objects.filter(user=user, voices=Voices.PERSONAL)
    running = list(own.filter(concern__in=Concern.objects.open()).select_related("concern"))
    left_behind = _take_back_statements(running)
    for participant in running:
        index.note(participant.concern)  # nobody finds what she took back
        participant.delete()
        request_result(concern=participant.concern, voices=Voices.PERSONAL)
    ended = list(own.exclude(pk__in=[participant.pk for participant in running]))
    for participant in ended:
        participant.user = None
        participant.imported_as = f"left-{secrets.token_hex(8)}"
    Participant.objects.bulk_update(ended, ["user", "imported_as"])
    SavedFilter.objects.filter(user=user).delete()
    said = Contribution.objects.filter(author=user, organisation=None).update(author=None)
    if said:
        yield (
            _(
                "Ihre persönlichen Beiträge in Diskussionen, ohne Ihren Namen: Andere haben darauf vielleicht "
                "geantwortet. Was davon niemand braucht, nehmen Sie vorher zurück."
            )
        )
    if ended:
        yield (
            _(
                "Ihre persönlichen Stimmen und Aussagen in abgeschlossenen Anliegen, ohne Verbindung zu "
                "Ihnen: Das veröffentlichte Ergebnis beruht darauf."
            )
        )
    if left_behind:
        yield (
            _(
                "Ihre Aussagen in offenen Anliegen, ohne Ihren Namen: Andere haben darüber schon "
                "abgestimmt."
            )
        )


def _take_back_statements(running: list[Participant]) -> int:
    """What nobody has voted on goes; what others judge stays and is by nobody: how many."""
    hers = Statement.objects.filter(author__in=running)
    hers.filter(~Q(state=StatementState.ACCEPTED), duplicates=None, votes=None).delete()
    return hers.update(author=None)
