"""Telling those who took part what became of it: the answer, and word of commitments.

For the tick, as in ``notices``: once for each occasion, and for an hour to whoever a tick that ended
midway has left out.
"""

from datetime import datetime
from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from allmende.mail.services import notify_many
from allmende.registry.models import Mandate

from ..models import Commitment, Concern, Contribution, Participant, Postponement, Report
from ..queries import AnswerState, answer_state, organisations_behind, organisations_in
from .notices import IS_NEWS_FOR, is_done

if TYPE_CHECKING:
    from allmende.accounts.models import User
    from allmende.registry.models import Organisation

ANSWER, COMMITMENT = "forum.answer", "forum.commitment"


def tell_of_answers() -> None:
    """Tell people of answers, reports, outcomes and postponed commitments of the last days."""
    since = timezone.now() - IS_NEWS_FOR
    answered = Concern.objects.filter(answered_at__gte=since).select_related("ministry")
    for concern in answered:
        if not is_done(f"{ANSWER}-{concern.pk}"):
            _tell_of_answer(concern)
    public = Commitment.objects.public().select_related("concern", "organisation", "decision")
    for commitment in public.filter(outcome_at__gte=since):
        if not is_done(_outcome_key(commitment)):
            _tell_of_outcome(commitment)
    _tell_of_reports(since)
    _tell_of_postponements(since)


def _tell_of_answer(concern: Concern) -> None:
    state = answer_state(concern)
    if state.answer is None or state.answer.published_at is None:
        return
    took_part = _speaks_for(organisations_in(concern))
    personally = Participant.objects.filter(concern=concern, user__isnull=False)
    spoken = Contribution.objects.current().filter(concern=concern, author__isnull=False)
    notify_many(
        users=get_user_model().objects.filter(
            took_part | Q(pk__in=personally.values("user")) | Q(pk__in=spoken.values("author"))
        ),
        topic=ANSWER,
        key=f"{ANSWER}-{concern.pk}",
        title=lambda: _("Der Bund hat geantwortet: %(question)s") % {"question": concern.question},
        text=lambda: _what_became_of_it(state),
        url=reverse("forum:federal_answer", args=[concern.slug]),
    )


def _what_became_of_it(state: AnswerState) -> str:
    """The dispositions in numbers, and what was promised."""
    concern = state.concern
    parts = [f"{kind.label}: {count}" for kind, count in state.tally.items()]
    sentences = [", ".join(parts) + "."]
    if promised := len(state.commitments):
        said = ngettext("Dazu %(n)s Zusage.", "Dazu %(n)s Zusagen.", promised)
        sentences.append(said % {"n": promised})
    if late := concern.days_late:
        said = ngettext(
            "Die Antwort kam %(n)s Tag nach der Frist.",
            "Die Antwort kam %(n)s Tage nach der Frist.",
            late,
        )
        sentences.append(said % {"n": late})
    if concern.is_example:
        sentences.append(_("Beispieldaten."))
    return " ".join(sentences)


def _outcome_key(commitment: Commitment) -> str:
    return f"{COMMITMENT}-{commitment.pk}-{commitment.outcome}"


def _tell_of_outcome(commitment: Commitment) -> None:
    notify_many(
        users=_everybody_behind(commitment),
        topic=COMMITMENT,
        key=_outcome_key(commitment),
        title=lambda: _("Was aus der Zusage wurde: %(what)s") % {"what": commitment.what},
        text=lambda: (
            _("%(who)s sagt: %(outcome)s. Sie können das aus Ihrer Sicht bewerten.")
            % {"who": commitment.organisation, "outcome": commitment.get_outcome_display()}
            + _mark(commitment)
        ),
        url=commitment.get_absolute_url(),
    )


def _tell_of_reports(since: datetime) -> None:
    public = Commitment.objects.public()
    lately = Report.objects.filter(at__gte=since, commitment__in=public)
    for report in lately.select_related(
        "commitment__concern", "commitment__organisation", "commitment__decision"
    ):
        if not is_done(_report_key(report)):
            _tell_of_report(report)


def _report_key(report: Report) -> str:
    return f"{COMMITMENT}-bericht-{report.pk}"


def _tell_of_report(report: Report) -> None:
    commitment = report.commitment
    notify_many(
        users=_everybody_behind(commitment),
        topic=COMMITMENT,
        key=_report_key(report),
        title=lambda: _("Bericht zur Zusage: %(what)s") % {"what": commitment.what},
        text=lambda: f"{report.text[:300]}{_mark(commitment)}",
        url=commitment.get_absolute_url(),
    )


def _tell_of_postponements(since: datetime) -> None:
    public = Commitment.objects.public()
    lately = Postponement.objects.filter(at__gte=since, commitment__in=public)
    for change in lately.select_related(
        "commitment__concern", "commitment__organisation", "commitment__decision"
    ):
        if not is_done(_postponement_key(change)):
            _tell_of_postponement(change)


def _postponement_key(change: Postponement) -> str:
    return f"{COMMITMENT}-frist-{change.pk}"


def _tell_of_postponement(change: Postponement) -> None:
    commitment = change.commitment
    notify_many(
        users=_everybody_behind(commitment),
        topic=COMMITMENT,
        key=_postponement_key(change),
        title=lambda: _("Anderer Tag für die Zusage: %(what)s") % {"what": commitment.what},
        text=lambda: (
            _("Bisher %(before)s, jetzt %(after)s. Begründung: %(reason)s")
            % {
                "before": date_format(change.before),
                "after": date_format(change.after),
                "reason": change.reason[:300],
            }
            + _mark(commitment)
        ),
        url=commitment.get_absolute_url(),
    )


def _everybody_behind(commitment: Commitment) -> "QuerySet[User]":
    return get_user_model().objects.filter(_speaks_for(organisations_behind(commitment)))


def _speaks_for(organisations: "QuerySet[Organisation]") -> Q:
    """Who holds a mandate of one of these organisations today."""
    held = Mandate.objects.current().filter(organisation__in=organisations.values("pk"))
    return Q(pk__in=held.order_by().values("user"))


def _mark(commitment: Commitment) -> str:
    return f" {_('Beispieldaten.')}" if commitment.is_example else ""
