"""What the forum offers to the frame."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from allmende.accounts.rules import is_operator
from allmende.portal.offers import DeskEntry, Hit, MenuEntry, Offer, Retention, Task
from allmende.registry.models import Mandate, Region, Right
from allmende.registry.queries import mandates_with

from . import queries, services
from .models import Concern, ConcernState, DraftKind, DraftState, Presentation
from .personal_queries import personal_data

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from allmende.accounts.models import User

# A task list is for today, not for everything.
MOST_TASKS = 20
MOST_HITS = 20
# Where drafts that came back stand.
PAGE_OF = {
    DraftKind.VOTE: "own_votes",
    DraftKind.STATEMENT: "own_statements",
    DraftKind.OPENING: "concern",
}


def tasks(user: "User") -> Iterator[Task]:
    """Statements that wait for the vote of one's municipalities, drafts, and what one has to decide."""
    mandates = queries.municipal_mandates(user, *queries.WRITES)
    yield from _agent_tasks(user)
    operates = is_operator(user)
    if not mandates and not operates:
        return
    yield from _draft_tasks(user, mandates)
    regions = queries.municipalities_of(user, *queries.VOTES)
    soonest = queries.with_statement_counts(Concern.objects.open()).order_by("deadline", "pk")
    concerns = list(soonest[:MOST_TASKS])
    done = queries.done_by_region(concerns, regions)
    for concern in concerns:
        for region in regions:
            left = concern.statement_count - done.get((concern.pk, region.pk), 0)
            if left and region.invented == concern.is_example:
                address = reverse("forum:vote", args=[concern.slug])
                yield Task(
                    title=f"{left} {'Aussage' if left == 1 else 'Aussagen'} zu „{concern.question}“",
                    note=_marked(concern, f"{region} · eine Stimme je Kommune"),
                    url=f"{address}?als={region.ars}",
                    due=concern.deadline,
                )
    yield from _answered_tasks(regions)
    # Where no municipality is in charge, those who run the installation are.
    in_charge = Q(owner__in=regions) | Q(owner=None) if operates else Q(owner__in=regions)
    for concern in soonest.filter(in_charge).filter(Q(waiting_count__gt=0)):
        one = concern.waiting_count == 1
        yield Task(
            title=f"{concern.waiting_count} neue {'Aussage' if one else 'Aussagen'} prüfen",
            note=_marked(concern, concern.question),
            url=reverse("forum:moderate", args=[concern.slug]),
            due=concern.deadline,
        )


def _draft_tasks(user: "User", mandates: list[Mandate]) -> Iterator[Task]:
    """What waits for somebody's release, and what came back to those who drafted it."""
    releases = {m.organisation_id for m in mandates_with(Right.RELEASE, user)}
    by_organisation = {mandate.organisation_id: mandate.organisation for mandate in mandates}
    for row in queries.draft_counts(by_organisation):
        may_release = row.organisation in releases
        if may_release != (row.state == DraftState.WAITING):
            continue
        one = row.count == 1
        number = f"{row.count} {'Entwurf' if one else 'Entwürfe'}"
        if may_release:
            title = f"{number} {'wartet' if one else 'warten'} auf Ihre Freigabe"
            page = "release"
        else:
            kind = DraftKind(row.kind)
            title = f"{number} {'kam' if one else 'kamen'} zurück ({kind.label})"
            page = PAGE_OF[kind]
        organisation = by_organisation[row.organisation]
        region = organisation.region
        address = reverse(f"forum:{page}", args=[row.concern.slug])
        yield Task(
            title=title,
            note=_marked(row.concern, f"{row.concern.question} · {organisation}"),
            url=f"{address}?als={region.ars}" if region else address,
            due=row.concern.deadline,
        )


def _answered_tasks(regions: list[Region]) -> Iterator[Task]:
    """Answers that somebody has given for a municipality, until it makes them its own."""
    names = {region.pk: region for region in regions}
    for row in queries.answered_for(regions) if regions else ():
        region = names[row.region]
        answers = f"{row.votes} {'Antwort' if row.votes == 1 else 'Antworten'}"
        address = reverse("forum:own_votes", args=[row.concern.slug])
        yield Task(
            title=f"{answers} in Vollmacht ansehen: {row.agent} für {region}",
            note=_marked(
                row.concern, f"{row.concern.question} · übernehmen, ändern oder so lassen"
            ),
            url=f"{address}?als={region.ars}&nur=vollmacht",
            due=row.concern.deadline,
        )


def _agent_tasks(user: "User") -> Iterator[Task]:
    """Where one may answer for members that have not done so themselves."""
    if not queries.topics_answered(user):
        return
    soonest = queries.with_statement_counts(Concern.objects.open()).order_by("deadline", "pk")
    for row in queries.concerns_to_answer(user, soonest[:MOST_TASKS]):
        members = "ein Mitglied" if row.members == 1 else f"{row.members} Mitglieder"
        yield Task(
            title=f"Für {members} antworten: „{row.concern.question}“",
            note=_marked(row.concern, f"{row.agent} · in Vollmacht"),
            url=f"{reverse('forum:members', args=[row.concern.slug])}?als={row.agent.slug}",
            due=row.concern.deadline,
        )


def _marked(concern: Concern, note: str) -> str:
    return f"{note} · Beispieldaten" if concern.is_example else note


def search(words: str, user: "User | AnonymousUser") -> Iterator[Hit]:
    """Concerns whose question has these words."""
    found = queries.visible_concerns(user).filter(question__icontains=words)
    for concern in found[:MOST_HITS]:
        state = "abgeschlossen" if concern.is_over else concern.get_state_display()
        yield Hit(
            title=concern.question,
            note=_marked(concern, f"Anliegen · {state}"),
            url=concern.get_absolute_url(),
        )


def tick() -> None:
    """Close what has passed its deadline; ask again for results that were lost with a worker; tell
    people what is new.
    """
    overdue = Concern.objects.filter(state=ConcernState.OPEN, deadline__lte=timezone.now())
    for concern in overdue:
        with suppress(services.Conflict):  # somebody else was quicker
            services.close_concern(actor=None, concern=concern, reason="Die Frist ist abgelaufen.")
    services.repair_results()
    services.tell_of_concerns()


def clear_presentations(before: datetime) -> int:
    """Why which statement was shown to whom; until the concern has long been closed."""
    shown = Presentation.objects.filter(statement__concern__deadline__lt=before, at__lt=before)
    return shown.delete()[0]


def demo(seed: int) -> list[str]:
    """Fill in example data; its modules are only needed here."""
    from .demo import fill

    return fill(seed)


offer = Offer(
    menu=MenuEntry(label="Forum", url_name="forum:concerns", order=10),
    tasks=tasks,
    search=search,
    tick=tick,
    demo=demo,
    personal_data=personal_data,
    forget=services.forget_person,
    desk=(
        DeskEntry(
            label="Aussagen prüfen",
            note="Was in allen Anliegen auf Prüfung wartet",
            url_name="forum_desk:moderation",
            order=25,
            waiting=lambda: queries.moderation_queue().count(),
        ),
        DeskEntry(
            label="Ratsinformationssysteme",
            note="Welche Server für Nachweise von Beschlüssen gefragt werden",
            url_name="forum_desk:servers",
            order=50,
        ),
    ),
    notices={
        "forum.opened": "Neue Anliegen",
        "forum.release": "Entwürfe, die auf Ihre Freigabe warten",
        "forum.returned": "Entwürfe, die an Sie zurückkamen",
        "forum.result": "Ergebnisse von Anliegen, an denen Sie teilgenommen haben",
    },
    deeds={
        "forum.draft_concern": "Als Entwurf angelegt.",
        "forum.change_concern": "Entwurf geändert.",
        "forum.open_concern": "Für Aussagen und Stimmen geöffnet.",
        "forum.close_concern": "Abstimmung beendet.",
        "forum.release_drafts": "Entwürfe freigegeben.",
        "forum.return_drafts": "Entwürfe zurückgegeben.",
        "forum.add_evidence": "Beschluss nachgewiesen.",
        "forum.withdraw_evidence": "Nachweis zurückgezogen.",
        "forum.add_oparl_server": "Ratsinformationssystem aufgenommen.",
        "forum.remove_oparl_server": "Ratsinformationssystem entfernt.",
        "forum.set_level": "Nachweis eines Beschlusses geändert.",
        "forum.withdraw_answers": "Antworten in Vollmacht zurückgezogen.",
        "forum.import_conversation": "Aus einer Datei eingelesen.",
        "forum.add_statement": "Aussage hinzugefügt.",
        "forum.decide_statement": "Über die Aussage entschieden.",
    },
    retention=(
        Retention(
            "forum.vote",
            "Anliegen, Aussagen und Stimmen von Kommunen",
            None,
            "Sie sind amtlich und öffentlich: Jede Antwort muss sich auf ihre Stimmen zurückführen lassen.",
        ),
        Retention(
            "forum.personal_vote",
            "Persönliche Aussagen und Stimmen",
            None,
            "Ergebnisse müssen nachrechenbar bleiben. Öffentlich erscheinen sie nur in Summen.",
        ),
        Retention(
            "forum.presentation",
            "Welche Aussage wem warum vorgelegt wurde",
            timedelta(days=365),
            "Ab der Frist des Anliegens. So lange lässt sich prüfen, ob die Auswahl gerecht war.",
            clear_presentations,
        ),
    ),
    kinds={
        "forum.Participant": "Teilnahme an einem Anliegen",
        "forum.Concern": "Anliegen",
        "forum.Statement": "Aussage",
    },
)
