"""What the forum knows of one person, for her own copy."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from allmende.portal.offers import PersonalData

from .models import Attendance, Ballot, Concern, Contribution, Draft, SavedFilter, Statement, Vote

if TYPE_CHECKING:
    from allmende.accounts.models import User


def personal_data(user: "User") -> Iterator[PersonalData]:
    """Her own voice, and what she did for organisations."""
    votes = Vote.objects.filter(participant__user=user).order_by("pk")
    yield PersonalData(
        "Persönliche Stimmen",
        [
            {
                "Anliegen": vote.statement.concern.question,
                "Aussage": vote.statement.text,
                "Stimme": vote.get_stand_display(),
                "Am": vote.cast_at,
            }
            for vote in votes.select_related("statement__concern")
        ],
    )
    statements = Statement.objects.filter(author__user=user).select_related("concern")
    yield PersonalData(
        "Persönliche Aussagen",
        [
            {
                "Anliegen": statement.concern.question,
                "Aussage": statement.text,
                "Stand": statement.get_state_display(),
                "Am": statement.created_at,
            }
            for statement in statements.order_by("pk")
        ],
    )
    ballots = Ballot.objects.filter(cast_by=user).exclude(participant__user=user).order_by("pk")
    yield PersonalData(
        "Für andere abgegebene Stimmen",
        [
            {
                "Für": str(ballot.participant),
                "Aussage": ballot.statement.text,
                "Stimme": ballot.get_stand_display(),
                "Am": ballot.cast_at,
            }
            for ballot in ballots.select_related("participant__region", "statement")
        ],
    )
    drafts = Draft.objects.filter(drafted_by=user).order_by("pk")
    yield PersonalData(
        "Entwürfe für eine Organisation",
        [
            {
                "Für": draft.organisation.name,
                "Anliegen": draft.concern.question,
                "Art": draft.get_kind_display(),
                "Aussage": draft.statement.text if draft.statement else draft.text,
                "Stimme": "" if draft.stand is None else draft.get_stand_display(),
                "Stand": draft.get_state_display(),
                "Am": draft.drafted_at,
            }
            for draft in drafts.select_related("organisation", "concern", "statement")
        ],
    )
    yield PersonalData(
        "Eingebrachte Anliegen",
        [
            {"Frage": concern.question, "Angelegt": concern.created_at}
            for concern in Concern.objects.filter(author=user).order_by("pk")
        ],
    )
    yield PersonalData(
        "Anliegen, für die Sie in einem Ministerium zuständig sind",
        [
            {"Frage": concern.question, "Antwort bis": concern.answer_due}
            for concern in Concern.objects.filter(official=user).order_by("pk")
        ],
    )
    contributions = Contribution.objects.filter(author=user).order_by("pk")
    yield PersonalData(
        "Beiträge",
        [
            {
                "Anliegen": contribution.concern.question,
                "Für": str(contribution.organisation or "sich selbst"),
                "Text": contribution.text,
                "Am": contribution.written_at,
                "Entfernt": contribution.removal_reason,
            }
            for contribution in contributions.select_related("concern", "organisation")
        ],
    )
    attendances = Attendance.objects.filter(person=user).order_by("pk")
    yield PersonalData(
        "Sitzungen der Allianz",
        [
            {
                "Sitzung": attendance.sitting.title,
                "Für": attendance.organisation.name,
                "Stand": attendance.get_presence_display(),
                "Am": attendance.sitting.starts_at,
            }
            for attendance in attendances.select_related("sitting", "organisation")
        ],
    )
    yield PersonalData(
        "Gespeicherte Ansichten",
        [
            {"Name": kept.name, "Auswahl": kept.wishes}
            for kept in SavedFilter.objects.filter(user=user).order_by("pk")
        ],
    )
