"""Everybody gets a copy of all that is stored about her; a new model cannot forget that."""

import pytest
from django.apps import apps
from django.db.models import ForeignKey, OneToOneField
from django.utils.translation import override

from allmende.accounts import queries
from allmende.accounts.models import User
from allmende.registry.models import Topic
from allmende.registry.services import choose_interests

# Where a row names a person: her copy has it, under this title.
IN_COPY = {
    "account.EmailAddress.user": "E-Mail-Adressen",
    "mfa.Authenticator.user": "Zweiter Faktor",
    "usersessions.UserSession.user": "Angemeldete Browser",
    "socialaccount.SocialAccount.user": "Anmeldung über Verzeichnisse",
    "accounts.Consent.user": "Einwilligungen",
    "accounts.Token.user": "Schlüssel für Programme",
    "portal.Upload.uploaded_by": "Hochgeladene Dateien",
    "audit.Entry.actor": "Protokoll",
    "mail.Notice.user": "Neuigkeiten für Sie",
    "mail.NoticeChoice.user": "Benachrichtigungen",
    "registry.Mandate.user": "Mandate",
    "registry.Interest.user": "Themen und Regionen",
    "registry.MandateRequest.user": "Anfragen nach einem Mandat",
    "forum.Participant.user": "Persönliche Stimmen",
    "forum.Ballot.cast_by": "Für andere abgegebene Stimmen",
    "forum.Concern.author": "Eingebrachte Anliegen",
    "forum.Concern.official": "Anliegen, für die Sie in einem Ministerium zuständig sind",
    "forum.Contribution.author": "Beiträge",
    "forum.Attendance.person": "Sitzungen der Allianz",
    "forum.SavedFilter.user": "Gespeicherte Ansichten",
    "crisis.Part.user": "Übungen",
    "crisis.JoinRequest.user": "Übungen, in die Sie eingelassen werden möchten",
    "crisis.Improvement.owner": "Maßnahmen aus Übungen",
    "crisis.ImprovementStep.taken_by": "Stand von Maßnahmen aus Übungen",
    "crisis.Note.sent_by": "Nachrichten, Entscheidungen und Beobachtungen in Übungen",
    "crisis.Passage.written_by": "Abschnitte von Übungsberichten",
}
# Who did something by her office (``confirmed_by``) has that in her copy as the log's entry.
DEEDS = ("_by", ".actor")


@pytest.mark.django_db
def test_every_row_that_names_a_person_is_in_her_copy_or_says_why_not(alice: User) -> None:
    named = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if isinstance(field, ForeignKey | OneToOneField) and field.related_model is User
    }
    deeds = {name for name in named if name.endswith(DEEDS)} - set(IN_COPY)
    assert sorted(named - deeds) == sorted(IN_COPY)
    choose_interests(user=alice, topics=[Topic.CLIMATE], regions=[])
    titles = [part.title for part in queries.everything_about(alice)]
    assert sorted(set(IN_COPY.values()) - set(titles)) == []
    assert len(titles) == len(set(titles))
    with override("en"):
        interests = next(
            part.rows
            for part in queries.everything_about(alice)
            if part.title == "Topics and regions"
        )
    assert [list(row) for row in interests] == [["What you see news of"]]
