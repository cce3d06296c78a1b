"""What waits for a person in the forum."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from allmende.accounts.rules import is_operator
from allmende.portal.offers import Task
from allmende.registry.models import Mandate, Region, Right
from allmende.registry.queries import mandates_with

from .. import queries
from ..models import Concern, DraftKind, DraftState
from .complaints import complaint_tasks
from .position_tasks import position_tasks
from .pursuit_tasks import pursuit_tasks
from .way_tasks import way_tasks
from .words import marked

if TYPE_CHECKING:
    from allmende.accounts.models import User

# A task list is for today, not for everything.
MOST_TASKS = 20
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
    operates = is_operator(user)
    if not mandates and not operates:
        return
    yield from _draft_tasks(user, mandates)
    regions = queries.municipalities_of(user, *queries.VOTES)
    soonest = queries.with_statement_counts(Concern.objects.open()).order_by("deadline", "pk")
    concerns = list(soonest[:MOST_TASKS])
    done = queries.done_by_region(concerns, regions)
    for concern in concerns:
        address = reverse("forum:vote", args=[concern.slug])
        for region in regions:
            left = concern.statement_count - done.get((concern.pk, region.pk), 0)
            if left and region.invented == concern.is_example:
                yield Task(
                    title=ngettext(
                        "%(count)s Aussage zu „%(question)s“",
                        "%(count)s Aussagen zu „%(question)s“",
                        left,
                    )
                    % {"count": left, "question": concern.question},
                    note=marked(concern, f"{region} · {_('eine Stimme je Kommune')}"),
                    url=f"{address}?als={region.ars}",
                    due=concern.deadline,
                )
    yield from _answered_tasks(regions)
    # Where no municipality is in charge, those who run the installation are.
    in_charge = Q(owner__in=regions) | Q(owner=None) if operates else Q(owner__in=regions)
    for concern in soonest.filter(in_charge).filter(Q(waiting_count__gt=0)):
        yield Task(
            title=ngettext(
                "%(count)s neue Aussage prüfen",
                "%(count)s neue Aussagen prüfen",
                concern.waiting_count,
            )
            % {"count": concern.waiting_count},
            note=marked(concern, concern.question),
            url=reverse("forum:moderate", args=[concern.slug]),
            due=concern.deadline,
        )
    yield from complaint_tasks(Q(owner__in=regions) | (Q(owner=None) if operates else Q(pk=None)))


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
        )


def _answered_tasks(regions: list[Region]) -> Iterator[Task]:
    """Answers that somebody has given for a municipality, until it makes them its own."""
    names = {region.pk: region for region in regions}
    for row in queries.answered_for(regions) if regions else ():
        region = names[row.region]
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
            url=f"{address}?als={region.ars}&nur=vollmacht",
            due=row.concern.deadline,
        )


def _agent_tasks(user: "User") -> Iterator[Task]:
    """Where one may answer for members that have not done so themselves."""
    if not queries.topics_answered(user):
        return
    soonest = queries.with_statement_counts(Concern.objects.open()).order_by("deadline", "pk")
    for row in queries.concerns_to_answer(user, soonest[:MOST_TASKS]):
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
        )
