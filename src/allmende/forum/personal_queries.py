"""What the forum knows of one person, for her own copy."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from allmende.portal.offers import PersonalData

from .models import Attendance, Ballot, Concern, Contribution, Draft, SavedFilter, Statement, Vote

if TYPE_CHECKING:
    from allmende.accounts.models import User


def personal_data(user: "User") -> Iterator[PersonalData]:
    """Her own voice, and what she did for organisations."""
    votes = Vote.objects.filter(participant__user=user).order_by("pk")
    yield PersonalData(
        _("Persönliche Stimmen"),
        [
            {
                _("Anliegen"): vote.statement.concern.question,
                _("Aussage"): vote.statement.text,
                _("Stimme"): vote.get_stand_display(),
                _("Am"): vote.cast_at,
            }
            for vote in votes.select_related("statement__concern")
        ],
    )
    statements = Statement.objects.filter(author__user=user).select_related("concern")
    yield PersonalData(
        _("Persönliche Aussagen"),
        [
            {
                _("Anliegen"): statement.concern.question,
                _("Aussage"): statement.text,
                _("Stand"): statement.get_state_display(),
                _("Am"): statement.created_at,
            }
            for statement in statements.order_by("pk")
        ],
    )
    ballots = Ballot.objects.filter(cast_by=user).exclude(participant__user=user).order_by("pk")
    yield PersonalData(
        _("Für andere abgegebene Stimmen"),
        [
            {
                _("Für"): str(ballot.participant),
                _("Aussage"): ballot.statement.text,
                _("Stimme"): ballot.get_stand_display(),
                _("Am"): ballot.cast_at,
            }
            for ballot in ballots.select_related("participant__region", "statement")
        ],
    )
    drafts = Draft.objects.filter(drafted_by=user).order_by("pk")
    yield PersonalData(
        _("Entwürfe für eine Organisation"),
        [
            {
                _("Für"): draft.organisation.name,
                _("Anliegen"): draft.concern.question,
                _("Art"): draft.get_kind_display(),
                _("Aussage"): draft.statement.text if draft.statement else draft.text,
                _("Stimme"): "" if draft.stand is None else draft.get_stand_display(),
                _("Stand"): draft.get_state_display(),
                _("Am"): draft.drafted_at,
            }
            for draft in drafts.select_related("organisation", "concern", "statement")
        ],
    )
    yield PersonalData(
        _("Eingebrachte Anliegen"),
        [
            {_("Frage"): concern.question, _("Angelegt"): concern.created_at}
            for concern in Concern.objects.filter(author=user).order_by("pk")
        ],
    )
    yield PersonalData(
        _("Anliegen, für die Sie in einem Ministerium zuständig sind"),
        [
            {_("Frage"): concern.question, _("Antwort bis"): concern.answer_due}
            for concern in Concern.objects.filter(official=user).order_by("pk")
        ],
    )
    contributions = Contribution.objects.filter(author=user).order_by("pk")
    yield PersonalData(
        _("Beiträge"),
        [
            {
                _("Anliegen"): contribution.concern.question,
                _("Für"): str(contribution.organisation or _("sich selbst")),
                _("Text"): contribution.text,
                _("Am"): contribution.written_at,
                _("Entfernt"): contribution.removal_reason,
            }
            for contribution in contributions.select_related("concern", "organisation")
        ],
    )
    attendances = Attendance.objects.filter(person=user).order_by("pk")
    yield PersonalData(
        _("Sitzungen der Allianz"),
        [
            {
                _("Sitzung"): attendance.sitting.title,
                _("Für"): attendance.organisation.name,
                _("Stand"): attendance.get_presence_display(),
                _("Am"): attendance.sitting.starts_at,
            }
            for attendance in attendances.select_related("sitting", "organisation")
        ],
    )
    yield PersonalData(
        _("Gespeicherte Ansichten"),
        [
            {
                _("Name"): kept.name,
                _("Auswahl"): kept.wishes,
                _("Zuerst gezeigt"): kept.is_default,
            }
            for kept in SavedFilter.objects.filter(user=user).order_by("pk")
        ],
    )
