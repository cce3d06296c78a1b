"""What can be found of the forum. Who sees a concern finds what belongs to it."""

from typing import TYPE_CHECKING, Any

from django.db.models import Max, Q, QuerySet
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from allmende.portal.offers import Hit
from allmende.portal.search.findable import Description, Findable

from .. import queries
from ..models import (
    Answer,
    Commitment,
    Concern,
    ConcernState,
    Contribution,
    ItemState,
    SealedPosition,
    Sitting,
    SittingState,
    Statement,
    StatementState,
)
from .words import marked

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from allmende.accounts.models import User

    Person = User | AnonymousUser

LONGEST_TITLE = 120


def audience(user: "Person") -> Q:
    """What is public of the concerns that a person may see, and of what belongs to none."""
    return _but(_hidden_from(user))


def audience_of_talk(user: "Person") -> Q:
    """What would tell who votes how: only where that need not be hidden any more."""
    hiding = Concern.objects.hiding_voices()
    return _but(_hidden_from(user) | set(hiding.order_by().values_list("pk", flat=True)))


def _hidden_from(user: "Person") -> set[int]:
    """The concerns that a person may not see: few, and asked for once instead of in every subquery."""
    return set(queries.hidden_concerns(user).order_by().values_list("pk", flat=True))


def _but(hidden: set[int]) -> Q:
    public = Q(is_public=True)
    return public & ~Q(about__in=hidden) if hidden else public


def where_it_stands(concern: Concern) -> dict[str, Any]:
    """What a description says of the concern that a thing belongs to."""
    return {
        "about": concern.pk,
        "ars": concern.owner.ars if concern.owner else "",
        "topic": concern.topic,
        "state": concern.state,
    }


def of_concern(concern: Concern) -> str:
    """To which concern a thing belongs, in one line."""
    return marked(concern, gettext("zu: %(question)s") % {"question": concern.question})


class _OfConcern(Findable[Any]):
    """Belongs to a concern, which decides who may see it."""

    about = "forum.Concern"
    audience = staticmethod(audience)


class Concerns(_OfConcern):
    kind = "forum.concern"
    name = _("Anliegen")
    label = pgettext_lazy("several", "Anliegen")
    newness = "created_at"
    touched_by = {"forum.Concern": "pk"}  # noqa: RUF012

    def rows(self) -> QuerySet[Concern]:
        return Concern.objects.select_related("owner")

    def describe(self, row: Concern) -> Description:
        return Description(
            title=row.question,
            text=f"{row.summary} {row.background}",
            at=row.opened_at or row.created_at,
            **where_it_stands(row),
        )

    def hit(self, row: Concern) -> Hit:
        owner = f" · {row.owner}" if row.owner else ""
        return Hit(row.question, marked(row, f"{row.stands}{owner}"), row.get_absolute_url())


class Statements(_OfConcern):
    kind = "forum.statement"
    name = _("Aussage")
    label = _("Aussagen")
    newness = "created_at"
    touched_by = {"forum.Statement": "pk", "forum.Concern": "concern"}  # noqa: RUF012

    def rows(self) -> QuerySet[Statement]:
        return Statement.objects.select_related("concern__owner")

    def describe(self, row: Statement) -> Description:
        return Description(
            title="",
            text=row.text,
            at=row.created_at,
            is_public=row.state == StatementState.ACCEPTED,
            **where_it_stands(row.concern),
        )

    def hit(self, row: Statement) -> Hit:
        state = "" if row.state == StatementState.ACCEPTED else f"{row.get_state_display()} · "
        concern = row.concern
        address = concern.get_absolute_url()
        talked_about = concern.state != ConcernState.DRAFT and not concern.hides_voices
        if row.state == StatementState.ACCEPTED and talked_about:
            address = reverse("forum:statement_discussion", args=[concern.slug, row.pk])
        return Hit(row.text, state + of_concern(concern), address)

    def own(self, user: "Person") -> Q | None:
        """What she or her municipality wrote and what waits, was refused or stands there already."""
        if not user.is_authenticated:
            return None
        regions = queries.municipalities_of(user, *queries.WRITES)
        written = Statement.objects.exclude(state=StatementState.ACCEPTED).filter(
            Q(author__user=user) | Q(author__region__in=regions)
        )
        concerns = queries.visible_concerns(user).order_by().values("pk")
        return Q(key__in=written.order_by().values("pk"), about__in=concerns)


class Positions(_OfConcern):
    kind = "forum.position"
    name = _("Position")
    label = _("Positionen")
    newness = "sealed_at"
    touched_by = {"forum.SealedPosition": "pk", "forum.Concern": "concern"}  # noqa: RUF012

    def rows(self) -> QuerySet[Any, Any]:
        return (
            SealedPosition.objects.select_related("concern__owner")
            .prefetch_related("sections")
            .annotate(newest=Max("concern__sealed_positions__number"))
        )

    def describe(self, row: Any) -> Description:
        sections = row.sections.all()
        return Description(
            title="",
            text=" ".join(f"{section.title}. {section.text}" for section in sections),
            at=row.sealed_at,
            is_public=row.number == row.newest,
            **where_it_stands(row.concern),
        )

    def hit(self, row: SealedPosition) -> Hit:
        title = gettext("Gemeinsame Position, Fassung %(number)s") % {"number": row.number}
        address = reverse("forum:position", args=[row.concern.slug])
        return Hit(title, of_concern(row.concern), address)


class Answers(_OfConcern):
    kind = "forum.answer"
    name = _("Antwort")
    label = _("Antworten")
    newness = "published_at"
    touched_by = {"forum.Answer": "pk", "forum.Concern": "concern"}  # noqa: RUF012

    def rows(self) -> QuerySet[Answer]:
        return Answer.objects.select_related("concern__owner", "ministry").prefetch_related(
            "sections"
        )

    def describe(self, row: Answer) -> Description:
        reasons = " ".join(section.reason for section in row.sections.all())
        return Description(
            title="",
            text=f"{row.summary} {reasons}",
            at=row.published_at,
            is_public=row.published_at is not None,
            **where_it_stands(row.concern),
        )

    def hit(self, row: Answer) -> Hit:
        title = gettext("Antwort: %(ministry)s") % {"ministry": row.ministry}
        address = reverse("forum:federal_answer", args=[row.concern.slug])
        return Hit(title, of_concern(row.concern), address)


class Commitments(_OfConcern):
    audience = staticmethod(audience_of_talk)
    kind = "forum.commitment"
    name = _("Zusage")
    label = _("Zusagen")
    newness = "created_at"
    touched_by = {  # noqa: RUF012
        "forum.Commitment": "pk",
        "forum.Concern": "concern",
        "forum.Answer": "answer__answer",
        "forum.Sitting": "decision__sitting",
    }

    def rows(self) -> QuerySet[Commitment]:
        return Commitment.objects.select_related(
            "concern__owner", "organisation", "answer__answer", "decision__sitting"
        )

    def describe(self, row: Commitment) -> Description:
        where = where_it_stands(row.concern) if row.concern else {}
        return Description(
            title=row.what,
            text=f"{row.sign} {row.who} {row.organisation} {row.outcome_text}",
            at=row.created_at,
            is_public=(row.answer is None or row.answer.answer.published_at is not None)
            and (row.decision is None or row.decision.sitting.minutes_at is not None),
            **where,
        )

    def hit(self, row: Commitment) -> Hit:
        state = row.get_outcome_display() if row.outcome else ""
        if row.is_overdue:
            state = gettext("überfällig")
        note = " · ".join(part for part in (str(row.organisation), state) if part)
        return Hit(row.what, note, row.get_absolute_url())


class Sittings(Findable[Sitting]):
    kind = "forum.sitting"
    name = _("Sitzung")
    label = _("Sitzungen")
    newness = "starts_at"
    touched_by = {  # noqa: RUF012
        "forum.Sitting": "pk",
        "forum.Series": "series",
        "forum.AgendaItem": "agenda",
    }

    def rows(self) -> QuerySet[Sitting]:
        return Sitting.objects.select_related("series").prefetch_related("agenda")

    def describe(self, row: Sitting) -> Description:
        agenda = [item for item in row.agenda.all() if item.state == ItemState.ACCEPTED]
        said = [f"{row.series} {row.place}", *(item.title for item in agenda)]
        if row.minutes_at:
            said += [f"{item.minutes} {item.decision}" for item in agenda]
        return Description(
            title=row.title,
            text=" ".join(said),
            at=row.starts_at,
            is_public=row.state != SittingState.PLANNED
            and (row.state != SittingState.CANCELLED or row.invited_at is not None),
        )

    def hit(self, row: Sitting) -> Hit:
        note = f"{row.series} · {row.get_state_display()}"
        return Hit(row.title, note, row.get_absolute_url())


class Contributions(_OfConcern):
    audience = staticmethod(audience_of_talk)
    kind = "forum.contribution"
    name = _("Beitrag")
    label = _("Beiträge")
    newness = "written_at"
    touched_by = {"forum.Contribution": "pk", "forum.Concern": "concern"}  # noqa: RUF012

    def rows(self) -> QuerySet[Contribution]:
        return Contribution.objects.select_related("concern__owner", "organisation", "statement")

    def describe(self, row: Contribution) -> Description:
        statement = row.statement
        return Description(
            title="",
            text=row.text,
            at=row.written_at,
            is_public=row.removed_at is None
            and (statement is None or statement.state == StatementState.ACCEPTED),
            **where_it_stands(row.concern),
        )

    def hit(self, row: Contribution) -> Hit:
        title = Truncator(row.text).chars(LONGEST_TITLE)
        who = f"{row.organisation} · " if row.organisation else ""
        return Hit(title, who + of_concern(row.concern), row.get_absolute_url())


findables = (
    Concerns(),
    Statements(),
    Positions(),
    Answers(),
    Commitments(),
    Sittings(),
    Contributions(),
)
