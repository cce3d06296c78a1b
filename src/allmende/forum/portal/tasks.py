"""What waits for a person in the forum."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from allmende.accounts.rules import is_operator
from allmende.portal.offers import Task, TaskKind
from allmende.registry.models import Mandate, Right
from allmende.registry.queries import mandates_of, mandates_with

from .. import queries
from ..models import Concern, DraftKind, DraftState
from .in_charge_tasks import in_charge_tasks
from .position_tasks import position_tasks
from .pursuit_tasks import pursuit_tasks
from .way_tasks import way_tasks
from .words import marked

if TYPE_CHECKING:
    from allmende.accounts.models import User

# Where drafts that came back stand.
PAGE_OF = {
    DraftKind.VOTE: "own_votes",
    DraftKind.STATEMENT: "own_statements",
    DraftKind.OPENING: "concern",
}


def tasks(user: "User") -> Iterator[Task]:
    """Statements that wait for the vote of one's municipalities, drafts, and what one has to decide."""
    mandates = queries.municipal_mandates(user, *queries.WRITES)
    yield from way_tasks(user)
    yield from _agent_tasks(user)
    yield from pursuit_tasks(user)
    yield from position_tasks(user)
    if mandates:
        yield from _draft_tasks(user, mandates)
        yield from _vote_tasks(user)
        yield from _answered_tasks(user)
    if mandates_of(user) or is_operator(user):
        yield from in_charge_tasks(user)


def _vote_tasks(user: "User") -> Iterator[Task]:
    """Where a municipality has not voted on all statements; its name is in the note.

    Who votes for many has hundreds: what they share is put into words once.
    """
    one_voice = _("eine Stimme je Kommune")
    titles: dict[tuple[int, int], str] = {}
    for row in queries.missing_votes(user):
        concern, region = row.concern, row.mandate.region
        if not row.left or not region:
            continue
        key = concern.pk, row.left
        if key not in titles:
            titles[key] = _vote_title(concern, row.left)
        yield Task(
            title=titles[key],
            note=marked(concern, f"{region} · {one_voice}"),
            url=f"{row.address}?als={region.ars}",
            due=concern.deadline,
            kind=TaskKind.VOTE,
            whose=row.mandate.organisation.whose,
        )


def _vote_title(concern: Concern, left: int) -> str:
    title = ngettext(
        "%(count)s Aussage zu „%(question)s“", "%(count)s Aussagen zu „%(question)s“", left
    )
    return title % {"count": left, "question": concern.question}


def _draft_tasks(user: "User", mandates: list[Mandate]) -> Iterator[Task]:
    """What waits for somebody's release, and what came back to those who drafted it."""
    releases = {m.organisation_id for m in mandates_with(Right.RELEASE, user)}
    by_organisation = {mandate.organisation_id: mandate.organisation for mandate in mandates}
    for row in queries.draft_counts(by_organisation):
        may_release = row.organisation in releases
        if may_release != (row.state == DraftState.WAITING):
            continue
        if may_release:
            title = ngettext(
                "%(count)s Entwurf wartet auf Ihre Freigabe",
                "%(count)s Entwürfe warten auf Ihre Freigabe",
                row.count,
            ) % {"count": row.count}
            page = "release"
        else:
            kind = DraftKind(row.kind)
            title = ngettext(
                "%(count)s Entwurf kam zurück (%(kind)s)",
                "%(count)s Entwürfe kamen zurück (%(kind)s)",
                row.count,
            ) % {"count": row.count, "kind": kind.label}
            page = PAGE_OF[kind]
        organisation = by_organisation[row.organisation]
        region = organisation.region
        address = reverse(f"forum:{page}", args=[row.concern.slug])
        yield Task(
            title=title,
            note=marked(row.concern, f"{row.concern.question} · {organisation}"),
            url=f"{address}?als={region.ars}" if region else address,
            due=row.concern.deadline,
            kind=TaskKind.RELEASE,
            whose=organisation.whose,
        )


def _answered_tasks(user: "User") -> Iterator[Task]:
    """Answers that somebody has given for a municipality, until it makes them its own."""
    mandates = queries.municipal_mandates(user, *queries.VOTES)
    names = {mandate.region.pk: mandate for mandate in mandates if mandate.region}
    regions = [mandate.region for mandate in mandates if mandate.region]
    for row in queries.answered_for(regions) if regions else ():
        mandate = names[row.region]
        region = mandate.region
        title = ngettext(
            "%(count)s Antwort in Vollmacht ansehen: %(agent)s für %(region)s",
            "%(count)s Antworten in Vollmacht ansehen: %(agent)s für %(region)s",
            row.votes,
        )
        choices = _("übernehmen, ändern oder so lassen")
        address = reverse("forum:own_votes", args=[row.concern.slug])
        yield Task(
            title=title % {"count": row.votes, "agent": row.agent, "region": region},
            note=marked(row.concern, f"{row.concern.question} · {choices}"),
            url=f"{address}?als={region.ars if region else ''}&nur=vollmacht",
            due=row.concern.deadline,
            kind=TaskKind.REVIEW,
            whose=mandate.organisation.whose,
        )


def _agent_tasks(user: "User") -> Iterator[Task]:
    """Where one may answer for members that have not done so themselves."""
    answered = queries.topics_answered(user)
    if not answered:
        return
    concerns = queries.soonest_concerns(user, invented={invented for _topic, invented in answered})
    for row in queries.concerns_to_answer(user, concerns):
        title = ngettext(
            "Für ein Mitglied antworten: „%(question)s“",
            "Für %(count)s Mitglieder antworten: „%(question)s“",
            row.members,
        )
        yield Task(
            title=title % {"count": row.members, "question": row.concern.question},
            note=marked(row.concern, f"{row.agent} · {_('in Vollmacht')}"),
            url=f"{reverse('forum:members', args=[row.concern.slug])}?als={row.agent.slug}",
            due=row.concern.deadline,
            kind=TaskKind.ANSWER,
            whose=row.agent.whose,
        )
