"""Concerns that have gone on: position, co-signing, sending, answer, commitments, their end, and sittings.

Everything goes through the services, so that it looks as if people had done it. Only the calendar is
turned back afterwards; the audit log tells of the day on which the demo was made.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone

from allmende.registry.models import Mandate, Organisation, OrganisationKind, Region
from allmende.registry.services import organisations_of

from .. import queries, services
from ..models import (
    Answer,
    Commitment,
    Concern,
    ConcernState,
    Disposition,
    Outcome,
    SealedPosition,
    Sitting,
    Step,
    Support,
    Terms,
    WordKind,
)
from ..services import sittings
from . import journey_texts as texts
from .conversations import furnish_desks, talk

MAYOR, NEIGHBOUR, CITY = (
    "buergermeisterin@example.org",
    "verwaltung@example.org",
    "oberbuergermeister@example.org",
)
ASSOCIATION, DESK, HEAD_OF_DESK = (
    "verband@example.org",
    "ministerium@example.org",
    "ministerin@example.org",
)


@dataclass(frozen=True)
class Cast:
    """Who acts in the demo: mandates by e-mail address."""

    mandates: dict[str, Mandate]

    def by(self, email: str) -> dict[str, Any]:
        """``actor`` and ``mandate`` of a service."""
        mandate = self.mandates[email]
        return {"actor": mandate.user, "mandate": mandate}


def travel(make: Callable[[dict[str, Any], int], Concern]) -> None:
    """Make all of it; ``make`` turns a sketch and a number into a concern whose votes are cast."""
    wanted = (MAYOR, NEIGHBOUR, CITY, ASSOCIATION, DESK, HEAD_OF_DESK)
    held = Mandate.objects.filter(user__email__in=wanted)
    cast = Cast({m.user.email: m for m in held.select_related("user", "organisation__region")})
    if len(cast.mandates) < len(wanted):
        return
    Terms.objects.get_or_create(pk=1)
    ministry = cast.mandates[DESK].organisation
    Concern.objects.filter(is_example=True).update(ministry=ministry)
    _write_position(cast, Concern.objects.get(slug="foerderung-ohne-eigenanteil"))
    made = [make(sketch, number) for number, sketch in enumerate(texts.GO_ON)]
    for concern in made:
        concern.ministry = ministry
        concern.save(update_fields=["ministry"])
    asylum, duties, school, heat, fire = made
    _send(cast, asylum)
    _turn_back(asylum, days=20)
    _send(cast, duties)
    _answer(cast, duties, texts.ANSWERS, texts.SUMMARY)
    _pursue(cast, duties)
    _turn_back(duties, days=100)
    _send(cast, school)
    _answer(cast, school, texts.SCHOOL_ANSWERS, texts.SCHOOL_SUMMARY)
    _finish(cast, school)
    _turn_back(school, days=250)
    _send(cast, heat)
    _answer(cast, heat, texts.HEAT_ANSWERS, texts.HEAT_SUMMARY)
    _turn_back(heat, days=40)
    _send(cast, fire)
    _turn_back(fire, days=60)
    twice = make(texts.TWICE, len(made))
    services.merge_concern(
        concern=twice,
        into=Concern.objects.get(slug="schutz-im-amt"),
        reason=texts.MERGED_BECAUSE,
        since=ConcernState.OPEN,
        **cast.by(MAYOR),
    )
    _meet(cast, duties)
    talk(cast)
    furnish_desks(cast)


def _write_position(cast: Cast, concern: Concern) -> None:
    """A draft that somebody works on; some have co-signed."""
    services.draft_sections(concern=concern, **cast.by(MAYOR))
    first = queries.draft_rows(concern)[0]
    services.write_section(
        section=first.section,
        seen=first.version.number,
        title=first.version.title,
        text=f"{first.version.text}\n\nDas entlastet gerade die Kommunen, die keine eigene Stelle dafür haben.",
        note="Grund ergänzt",
        **cast.by(MAYOR),
    )
    _co_sign(concern, most=37)


def _co_sign(concern: Concern, *, most: int) -> None:
    """Municipalities that voted co-sign; their people cannot sign in, so it is written down for them."""
    voted = concern.participants.filter(region__isnull=False).order_by("pk")
    regions = list(voted.values_list("region", flat=True)[:most])
    organisations = organisations_of(Region.objects.filter(pk__in=regions))
    ended = concern.ends_at
    Support.objects.bulk_create(
        Support(
            concern=concern,
            organisation=organisation,
            signed_at=ended - timedelta(hours=7 * number),
        )
        for number, organisation in enumerate(organisations)
    )


def _send(cast: Cast, concern: Concern) -> SealedPosition:
    """From the result to the ministry: drafted, edited, sealed, endorsed, co-signed."""
    services.draft_sections(concern=concern, **cast.by(MAYOR))
    rows = queries.draft_rows(concern)
    if concern.slug == texts.ASYLUM["slug"]:
        row = next(row for row in rows if row.version.text.startswith(texts.EDITED_STARTS))
        services.write_section(
            section=row.section,
            seen=row.version.number,
            title=row.version.title,
            text=texts.EDITED,
            note="Begründung aus der Sitzung der Berichterstatter",
            **cast.by(MAYOR),
        )
        rows = queries.draft_rows(concern)
    position = services.seal_position(
        concern=concern, seen=queries.edition_of(rows), **cast.by(MAYOR)
    )
    _co_sign(concern, most=31)
    for email in (MAYOR, NEIGHBOUR):
        services.give_word(
            position=position, section=None, kind=WordKind.ENDORSEMENT, **cast.by(email)
        )
    if concern.slug == texts.ASYLUM["slug"]:
        by_name = {m.organisation.name: email for email, m in cast.mandates.items()}
        for about, name, why in texts.DISSENTS:
            section = position.sections.filter(text__startswith=about).first() if about else None
            email = next(email for known, email in by_name.items() if known.startswith(name))
            services.give_word(
                position=position,
                section=section,
                kind=WordKind.DISSENT,
                text=why,
                **cast.by(email),
            )
    services.sign_concern(concern=concern, **cast.by(ASSOCIATION))
    concern.refresh_from_db()
    services.assign_official(
        concern=concern, official=cast.mandates[DESK].user, seen=None, **cast.by(HEAD_OF_DESK)
    )
    return position


def _answer(cast: Cast, concern: Concern, answers: Mapping[str, Any], summary: str) -> None:
    """Answer section by section, with commitments, and publish it."""
    position = concern.sealed_positions.get()
    ministry = cast.mandates[DESK].organisation
    today = timezone.localdate()
    for section in position.sections.all():
        disposition, reason, promised = next(
            (answer for start, answer in answers.items() if section.text.startswith(start)),
            (Disposition.NOTED, texts.NOTED_BECAUSE, None),
        )
        given = services.answer_section(
            section=section, disposition=disposition, reason=reason, seen="", **cast.by(DESK)
        )
        if promised:
            what, who, sign, milestones = promised
            services.make_commitment(
                organisation=ministry,
                what=what,
                who=who,
                sign=sign,
                due_on=today + timedelta(days=120 * section.number),
                answer=given,
                milestones=[
                    (title, today + timedelta(days=20 + 30 * n))
                    for n, title in enumerate(milestones)
                ],
                **cast.by(DESK),
            )
    draft = Answer.objects.get(concern=concern)
    services.write_summary(concern=concern, summary=summary, seen=draft.edition, **cast.by(DESK))
    services.publish_answer(
        concern=concern, seen=queries.answer_state(concern).edition, **cast.by(HEAD_OF_DESK)
    )
    concern.refresh_from_db()


def _pursue(cast: Cast, concern: Concern) -> None:
    """One commitment gets on, the next is overdue, the third has another day."""
    made = Commitment.objects.filter(concern=concern)
    for commitment in made.exclude(milestones=None).distinct():
        milestone = commitment.milestones.earliest("due_on")
        services.reach_milestone(
            milestone=milestone, reached_on=timezone.localdate(), **cast.by(DESK)
        )
        services.add_report(commitment=commitment, text=texts.REPORT, **cast.by(DESK))
    others = list(made.filter(milestones=None).order_by("pk"))
    for commitment in others[1:]:
        services.postpone_commitment(
            commitment=commitment,
            due_on=commitment.due_on + timedelta(days=60),
            reason=texts.POSTPONED_BECAUSE,
            seen=commitment.due_on,
            **cast.by(HEAD_OF_DESK),
        )
    late = [commitment.pk for commitment in others[:1]]
    made.filter(pk__in=late).update(due_on=timezone.localdate() - timedelta(days=12))


def _finish(cast: Cast, concern: Concern) -> None:
    """The ministry says that it has kept its word; municipalities see it each their own way."""
    for commitment in Commitment.objects.filter(concern=concern):
        services.set_outcome(
            commitment=commitment,
            outcome=Outcome.KEPT,
            text=texts.KEPT,
            seen="",
            **cast.by(HEAD_OF_DESK),
        )
        for email, (outcome, text) in zip((MAYOR, NEIGHBOUR), texts.VERDICTS, strict=True):
            services.judge_commitment(
                commitment=commitment, outcome=outcome, text=text, **cast.by(email)
            )
    Commitment.objects.filter(concern=concern).update(
        due_on=timezone.localdate() - timedelta(days=60)
    )
    services.finish_concern(
        concern=concern,
        reason=texts.FINISHED_BECAUSE,
        since=ConcernState(concern.state),
        **cast.by(MAYOR),
    )


def _turn_back(concern: Concern, *, days: int) -> None:
    """Let it have happened one after the other since the votes ended, the last step so many days ago."""
    concern.refresh_from_db()
    steps = list(Step.objects.filter(concern=concern).exclude(state=ConcernState.DRAFT))
    after = [step for step in steps if step.state not in (ConcernState.OPEN, ConcernState.POSITION)]
    last = timezone.now() - timedelta(days=min(days // 3, 20))
    first = max(concern.ends_at + timedelta(days=10), last - timedelta(days=days))
    moments = {}
    for number, step in enumerate(after):
        share = number / max(len(after) - 1, 1)
        moments[step.state] = first + (last - first) * share
        Step.objects.filter(pk=step.pk).update(at=moments[step.state])
    sent = moments.get(ConcernState.SENT)
    weeks = timedelta(weeks=Terms.objects.get(pk=1).answer_weeks)
    answered = moments.get(ConcernState.ANSWERED)
    Concern.objects.filter(pk=concern.pk).update(
        quorum_at=sent,
        sent_at=sent,
        answer_due=sent + weeks if sent else None,
        answered_at=answered,
        closed_at=moments.get(ConcernState.CLOSED),
    )
    if answered:
        Answer.objects.filter(concern=concern).update(published_at=answered)


def _meet(cast: Cast, concern: Concern) -> None:
    """A sitting that was held, with a decision, and the next one to which members are invited."""
    host = cast.by(HEAD_OF_DESK)
    now = timezone.localtime().replace(hour=10, minute=0, second=0, microsecond=0)
    series = sittings.add_series(
        host=cast.mandates[DESK].organisation, name="Plenum der Beispiel-Allianz", months=6, **host
    )
    series.is_example = True
    series.save(update_fields=["is_example"])
    sittings.add_members(
        series=series,
        organisations=Organisation.objects.filter(
            pk__in=[mandate.organisation_id for mandate in cast.mandates.values()]
        ).exclude(kind=OrganisationKind.MINISTRY),
        **host,
    )
    held = sittings.add_sitting(
        series=series,
        title="Erste Sitzung",
        starts_at=timezone.now() + timedelta(seconds=30),
        ends_at=timezone.now() + timedelta(hours=3),
        place="Rathaus Lindenfurt",
        **host,
    )
    item = sittings.add_item(sitting=held, concern=concern, **host)
    sittings.invite_members(sitting=held, **host)
    sittings.begin_sitting(sitting=held, **host)
    held.refresh_from_db()
    sittings.write_minutes(
        item=item, seen=item.edition, minutes=texts.MINUTES, decision=texts.DECISION, **host
    )
    came = list(held.attendances.order_by("pk").values_list("pk", flat=True))
    sittings.note_attendance(sitting=held, came=came[:3], left=[], **host)
    item.refresh_from_db()
    services.make_commitment(
        organisation=cast.mandates[DESK].organisation,
        what="Das Muster um Kosten der Umstellung ergänzen.",
        who="Referat B 2",
        sign="Das ergänzte Muster steht auf der Seite des Ministeriums.",
        due_on=timezone.localdate() + timedelta(days=150),
        decision=item,
        **host,
    )
    sittings.close_minutes(sitting=held, **host)
    begun = now - timedelta(days=14)
    Sitting.objects.filter(pk=held.pk).update(
        starts_at=begun, ends_at=begun + timedelta(hours=3), minutes_at=begun + timedelta(days=2)
    )
    coming = sittings.add_sitting(
        series=series,
        title="Zweite Sitzung",
        starts_at=now + timedelta(days=168),
        ends_at=now + timedelta(days=168, hours=3),
        place="Berlin und per Video",
        **host,
    )
    sittings.add_item(
        sitting=coming, concern=Concern.objects.get(slug=texts.ASYLUM["slug"]), **host
    )
    sittings.invite_members(sitting=coming, **host)
