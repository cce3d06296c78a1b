"""What people say to each other under the concerns, and what the ministry keeps for its work."""

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from allmende.accounts.models import User

from .. import services
from ..mentions import find_mentions, is_called
from ..models import Concern, Contribution
from . import conversation_texts as texts

if TYPE_CHECKING:
    from .journeys import Cast


@dataclass(frozen=True)
class Thread:
    """A contribution and the answers to it: each says how many days ago who said what.

    statement : how the statement begins that it is about; empty if it is about the concern
    """

    slug: str
    said: tuple[tuple[int, str, str], ...]
    statement: str = ""


def talk(cast: "Cast") -> None:
    """Let everybody say what the texts have for them, those without a mandate for themselves."""
    organisations = {mandate.organisation for mandate in cast.mandates.values()}
    for thread in (Thread(**sketch) for sketch in texts.THREADS):
        concern = Concern.objects.get(slug=thread.slug)
        statement = (
            concern.statements.get(text__startswith=thread.statement) if thread.statement else None
        )
        first: Contribution | None = None
        for days, who, text in thread.said:
            names = [mention.name for mention in find_mentions(text)]
            contribution = services.add_contribution(
                concern=concern,
                statement=statement,
                parent=first,
                text=text,
                mentions=[o for o in organisations if any(is_called(o, name) for name in names)],
                **_as(cast, f"{who}@example.org"),
            )
            first = first or contribution
            # By day, and not all in the same minute.
            day = timezone.localtime() - timedelta(days=days)
            Contribution.objects.filter(pk=contribution.pk).update(
                written_at=day.replace(hour=8 + days % 10, minute=7 * days % 60)
            )


def _as(cast: "Cast", email: str) -> dict[str, Any]:
    if email in cast.mandates:
        return cast.by(email)
    return {"actor": User.objects.get(email=email), "mandate": None}


def furnish_desks(cast: "Cast") -> None:
    """Keep text blocks for the ministry, and views of the queue for those who work there."""
    for title, text in texts.BOILERPLATES.items():
        services.add_boilerplate(title=title, text=text, **cast.by("ministerium@example.org"))
    for who, name, wishes in texts.FILTERS:
        user = cast.mandates[f"{who}@example.org"].user
        services.save_filter(user=user, name=name, wishes=wishes)
