"""The discussion: who says what, for how long it can be changed, who hears of it, who moderates."""

from datetime import timedelta
from typing import Any

import pytest
import rules
from django.contrib.auth.models import AnonymousUser
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone

from allmende.accounts.models import Consent, User
from allmende.audit.queries import history_of
from allmende.forum import queries, services
from allmende.forum.mentions import as_html
from allmende.forum.models import Complaint, Concern, ConcernState, Contribution
from allmende.forum.portal import offer
from allmende.forum.portal.words import clear_complaints, clear_removed_contributions
from allmende.mail.models import Notice
from allmende.portal.models import Upload
from allmende.portal.offers import tasks_of
from allmende.portal.uploads import check_file
from tests.factories import (
    ConcernFactory,
    MandateFactory,
    OrganisationFactory,
    StatementFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\nBeschluss\n%%EOF\n"


def say(actor: User, concern: Concern, text: str = "Bei uns auch.", **fields: Any) -> Contribution:
    """A contribution in the first of the actor's mandates, or her own where she has none."""
    mandate = actor.mandates.first()
    given = {"actor": actor, "mandate": mandate, "concern": concern, "text": text}
    return services.add_contribution(**given | fields)


def later(contribution: Contribution, **by: int) -> None:
    """Let time pass since it was written."""
    written = timezone.now() - timedelta(**by)
    Contribution.objects.filter(pk=contribution.pk).update(written_at=written)
    contribution.refresh_from_db()


def told(user: User, topic: str) -> list[str]:
    return list(Notice.objects.filter(user=user, topic=topic).values_list("text", flat=True))


def upload(actor: User, name: str = "Plan.pdf") -> Upload:
    return services.keep_file(actor=actor, file=check_file(SimpleUploadedFile(name, PDF)))


# Who may


@pytest.mark.parametrize(
    ("state", "allowed"),
    [
        (ConcernState.DRAFT, False),
        (ConcernState.OPEN, True),
        (ConcernState.POSITION, True),
        (ConcernState.SENT, True),
        (ConcernState.ANSWERED, True),
        (ConcernState.PURSUED, True),
        (ConcernState.CLOSED, False),
    ],
)
def test_it_is_discussed_from_its_opening_until_it_is_closed(
    concern: Concern, charlie: User, state: ConcernState, allowed: bool
) -> None:
    concern.state = state
    assert rules.has_perm("forum.contribute", charlie, concern) == allowed
    can_read = rules.has_perm("forum.view_discussion", AnonymousUser(), concern)
    assert can_read == (state != ConcernState.DRAFT)


def test_while_voices_are_confidential_there_is_no_discussion(
    concern: Concern, alice: User, operator: User
) -> None:
    concern.is_confidential = True
    for person in (alice, operator):
        assert not rules.has_perm("forum.view_discussion", person, concern)
        assert not rules.has_perm("forum.contribute", person, concern)
    concern.deadline = timezone.now() - timedelta(days=1)
    assert rules.has_perm("forum.contribute", alice, concern)


def test_one_speaks_for_organisations_of_its_kind_and_for_oneself_where_that_is_wanted(
    concern: Concern, alice: User, dora: User
) -> None:
    MandateFactory(user=alice, region__name="Erfunden", region__invented=True)
    ministry = OrganisationFactory(region=None, kind="ministerium", name="Ministerium")
    MandateFactory(user=alice, organisation=ministry, office="desk", may_vote=False)
    found = queries.speakers(user=alice, concern=concern)
    assert [each.label for each in found] == ["Lindenfurt · Verwaltung", "Ministerium · Referat"]
    assert queries.speakers(user=dora, concern=concern) == []
    concern.takes_personal_voices = True
    assert [each.label for each in queries.speakers(user=dora, concern=concern)] == [
        "Sie persönlich"
    ]


def test_where_four_eyes_are_wanted_staff_still_discusses(concern: Concern, charlie: User) -> None:
    organisation = charlie.mandates.get().organisation
    organisation.four_eyes = True
    organisation.save()
    assert rules.has_perm("forum.contribute", charlie, concern)
    assert say(charlie, concern).organisation == organisation


# Writing


def test_answers_stand_in_one_thread(concern: Concern, alice: User, charlie: User) -> None:
    statement = StatementFactory(concern=concern)
    first = say(alice, concern, "Wer zahlt?", statement=statement)
    answer = say(charlie, concern, "Der Bund.", parent=first)
    below = say(alice, concern, "Wann?", parent=answer)
    assert [(each.parent, each.statement) for each in (answer, below)] == [(first, statement)] * 2
    (thread,) = shown(concern, alice)
    assert [each.contribution.text for each in thread.answers] == ["Der Bund.", "Wann?"]
    assert (thread.answer_count, thread.left) == (2, 0)
    assert history_of(answer).get().deed == "forum.add_contribution"


def shown(concern: Concern, user: User | AnonymousUser, **wishes: Any) -> list[queries.Thread]:
    firsts = queries.threads_of(concern, **wishes)
    answers = queries.first_answers(firsts)
    return queries.show_threads(firsts, answers=answers, concern=concern, user=user)


def test_the_same_words_sent_twice_are_one_contribution(concern: Concern, alice: User) -> None:
    assert say(alice, concern) == say(alice, concern)
    assert Contribution.objects.count() == 1


def test_who_writes_too_much_hears_when_it_goes_on(concern: Concern, alice: User) -> None:
    for number in range(20):
        oldest = say(alice, concern, f"Nummer {number}") if number == 0 else oldest  # noqa: F821
        if number:
            say(alice, concern, f"Nummer {number}")
    again = timezone.localtime(oldest.written_at + timedelta(hours=1)).strftime("%H:%M")
    with pytest.raises(services.Conflict, match=f"20 Beiträge geschrieben. Ab {again} Uhr"):
        say(alice, concern, "Noch eine")
    later(oldest, minutes=61)
    assert say(alice, concern, "Noch eine").text == "Noch eine"


def test_a_closed_concern_takes_nothing_more(concern: Concern, alice: User) -> None:
    first = say(alice, concern)
    Concern.objects.filter(pk=concern.pk).update(state=ConcernState.CLOSED)
    with pytest.raises(services.Conflict, match="abgeschlossen"):
        say(alice, concern, "Zu spät")
    with pytest.raises(services.Conflict, match="abgeschlossen"):
        services.change_contribution(actor=alice, contribution=first, seen="", text="Anders")
    with pytest.raises(services.Conflict, match="abgeschlossen"):
        services.take_back_contribution(actor=alice, contribution=first)


def test_it_can_be_changed_for_a_quarter_of_an_hour(concern: Concern, alice: User) -> None:
    said = say(alice, concern)
    changed = services.change_contribution(actor=alice, contribution=said, seen="", text="Anders.")
    assert (changed.text, changed.edited_at is not None) == ("Anders.", True)
    with pytest.raises(services.Overtaken, match="anderen Fenster") as overtaken:
        services.change_contribution(actor=alice, contribution=said, seen="", text="Ganz anders.")
    assert overtaken.value.there.text == "Anders."
    later(said, minutes=15)
    with pytest.raises(services.Conflict, match="15 Minuten"):
        services.change_contribution(
            actor=alice, contribution=said, seen=said.edition, text="Zu spät."
        )
    assert Contribution.objects.get().text == "Anders."


def test_only_its_author_changes_it_and_only_while_she_speaks_for_whom_she_spoke(
    concern: Concern, alice: User, bob: User
) -> None:
    said = say(alice, concern)
    assert rules.has_perm("forum.change_contribution", alice, said)
    assert not rules.has_perm("forum.change_contribution", bob, said)
    assert not rules.has_perm("forum.change_contribution", AnonymousUser(), said)
    alice.mandates.update(until=timezone.localdate() - timedelta(days=1))
    assert not rules.has_perm("forum.change_contribution", alice, said)


def test_it_is_taken_back_with_its_files_while_nobody_has_answered(
    concern: Concern, alice: User, charlie: User, django_capture_on_commit_callbacks: Any
) -> None:
    first = say(alice, concern, "Erstens", uploads=[upload(alice)])
    answer = say(charlie, concern, "Zweitens", parent=first)
    with pytest.raises(services.Conflict, match="geantwortet"):
        services.take_back_contribution(actor=alice, contribution=first)
    services.take_back_contribution(actor=charlie, contribution=answer)
    with django_capture_on_commit_callbacks(execute=True):
        services.take_back_contribution(actor=alice, contribution=first)
    assert (Contribution.objects.count(), Upload.objects.count()) == (0, 0)
    with pytest.raises(services.Conflict, match="steht nicht mehr da"):
        services.take_back_contribution(actor=alice, contribution=first)
    with pytest.raises(services.Conflict, match="Ihr Text ist nicht verloren"):
        say(charlie, concern, "Wozu?", parent=first)


def test_files_come_and_go_with_a_change(concern: Concern, alice: User) -> None:
    kept, dropped, added = (upload(alice, f"{n}.pdf") for n in range(3))
    said = say(alice, concern, uploads=[kept, dropped])
    services.change_contribution(
        actor=alice, contribution=said, seen="", text="Mit Plan.", uploads=[kept, added]
    )
    assert list(said.attachments.values_list("upload__name", flat=True)) == ["0.pdf", "2.pdf"]
    assert not Upload.objects.filter(pk=dropped.pk).exists()
    other = say(alice, concern, "Derselbe Plan", uploads=[kept])
    assert other.attachments.count() == 0  # a file belongs to one contribution


def test_the_database_wants_an_office_or_a_person(concern: Concern, alice: User) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Contribution.objects.create(concern=concern, text="x", mandate=alice.mandates.get())


# Reading


def test_threads_come_newest_first_and_by_words_and_subject(
    concern: Concern, alice: User, charlie: User
) -> None:
    statement = StatementFactory(concern=concern)
    old, new = say(alice, concern, "Altes"), say(alice, concern, "Neues", statement=statement)
    say(charlie, concern, "Antwort mit Haushalt", parent=old)
    gone = say(charlie, concern, "Haushalt und Beleidigung")
    remove(alice, gone)
    assert list(queries.threads_of(concern)) == [gone, new, old]
    assert list(queries.threads_of(concern, oldest_first=True)) == [old, new, gone]
    assert list(queries.threads_of(concern, words="haushalt")) == [old]
    assert list(queries.threads_of(concern, about="aussagen")) == [new]
    assert list(queries.threads_of(concern, about="anliegen")) == [gone, old]
    assert list(queries.threads_of(concern, statement=statement)) == [new]
    counted = queries.with_counts(Concern.objects.all()).get(pk=concern.pk)
    assert counted.contribution_count == 3
    assert [each.contribution_count for each in queries.first_statements(concern)] == [1]  # type: ignore[attr-defined]


def test_a_long_thread_shows_its_first_answers(concern: Concern, alice: User) -> None:
    first = say(alice, concern, "Frage")
    for number in range(7):
        say(alice, concern, f"Antwort {number}", parent=first)
    (thread,) = shown(concern, alice)
    assert (len(thread.answers), thread.left) == (5, 2)


def test_what_one_can_do_with_each(
    concern: Concern, alice: User, charlie: User, dora: User
) -> None:
    first = say(charlie, concern, "Erstens")
    say(alice, concern, "Zweitens", parent=first)
    services.report_contribution(actor=dora, contribution=first, reason="Werbung")

    def sees(user: User | AnonymousUser) -> list[tuple[bool, ...]]:
        (thread,) = shown(concern, user)
        return [
            (s.is_own, s.may_change, s.may_take_back, s.may_report, bool(s.complaints))
            for s in (thread.first, *thread.answers)
        ]

    no = (False,) * 5
    assert sees(AnonymousUser()) == [no, no]
    assert sees(dora) == [(False, False, False, True, False)] * 2
    assert sees(charlie) == [(True, True, False, False, False), (False, False, False, True, False)]
    # Alice's municipality has raised the concern, so she moderates it.
    assert sees(alice) == [(False, False, False, True, True), (True, True, True, False, False)]


def test_who_speaks_for_herself_is_named_only_if_she_wants_to(dora: User) -> None:
    concern = ConcernFactory(takes_personal_voices=True)
    say(dora, concern)
    assert [each.first.name for each in shown(concern, AnonymousUser())] == [""]
    Consent.objects.create(user=dora, kind="public_name")
    assert [each.first.name for each in shown(concern, AnonymousUser())] == ["Dora"]


# Moderation


def remove(actor: User, contribution: Contribution, reason: str = "Werbung") -> None:
    services.remove_contribution(
        actor=actor, mandate=actor.mandates.first(), contribution=contribution, reason=reason
    )


def test_a_reported_contribution_waits_for_the_owner_and_the_operator(
    concern: Concern, alice: User, charlie: User, dora: User, operator: User
) -> None:
    said = say(charlie, concern)
    services.report_contribution(actor=dora, contribution=said, reason="Werbung")
    with pytest.raises(services.Conflict, match="schon gemeldet"):
        services.report_contribution(actor=dora, contribution=said, reason="Werbung")
    assert [task.title for task in tasks_of(alice) if "gemeldet" in task.title] == [
        "1 gemeldeten Beitrag prüfen"
    ]
    assert [task.title for task in tasks_of(charlie) if "gemeldet" in task.title] == []
    desk = next(entry for entry in offer.desk if entry.label == "Gemeldete Beiträge")
    assert desk.waiting is not None
    assert desk.waiting() == 1
    assert queries.complaint_queue(unowned=True).count() == 0
    services.keep_contribution(actor=operator, mandate=None, contribution=said)
    assert desk.waiting() == 0
    assert told(dora, "forum.moderation") == ["Danke für Ihre Meldung. Sie wurde geprüft."]
    with pytest.raises(services.Conflict, match="schon entschieden"):
        services.keep_contribution(actor=operator, mandate=None, contribution=said)
    services.report_contribution(actor=dora, contribution=said, reason="Doch Werbung")
    assert desk.waiting() == 1


def test_what_is_removed_leaves_its_place_and_its_reason(
    concern: Concern, alice: User, charlie: User, dora: User
) -> None:
    said = say(charlie, concern, "Kauft bei uns!")
    services.report_contribution(actor=dora, contribution=said, reason="Werbung")
    remove(alice, said, "Das ist Werbung.")
    with pytest.raises(services.Conflict, match="steht nicht mehr da"):
        remove(alice, said)
    with pytest.raises(services.Conflict, match="steht nicht mehr da"):
        services.report_contribution(actor=dora, contribution=said, reason="Werbung")
    assert told(charlie, "forum.moderation") == ["Begründung: Das ist Werbung."]
    assert [each.title for each in Notice.objects.filter(user=dora)] == [
        f"Ein gemeldeter Beitrag wurde entfernt: {concern.question}"
    ]
    assert Complaint.objects.waiting().count() == 0
    readers = [(user, shown(concern, user)[0].first.may_read) for user in (charlie, alice, dora)]
    assert readers == [(charlie, True), (alice, True), (dora, False)]
    services.restore_contribution(actor=alice, mandate=alice.mandates.get(), contribution=said)
    assert (said.removed_at, said.removal_reason) == (None, "")
    assert len(told(charlie, "forum.moderation")) == 2
    assert [entry.deed for entry in history_of(said)] == [
        "forum.restore_contribution",
        "forum.remove_contribution",
        "forum.report_contribution",
        "forum.add_contribution",
    ]
    with pytest.raises(services.Conflict, match="schon wieder da"):
        services.restore_contribution(actor=alice, mandate=None, contribution=said)


def test_nobody_reports_without_end(concern: Concern, alice: User, dora: User) -> None:
    for number in range(21):
        said = Contribution.objects.create(concern=concern, author=alice, text=str(number))
        if number < 20:
            services.report_contribution(actor=dora, contribution=said, reason="x")
    with pytest.raises(services.Conflict, match="20 Beiträge gemeldet"):
        services.report_contribution(actor=dora, contribution=said, reason="x")


def test_files_of_what_was_removed_are_for_its_author_and_the_moderation(
    concern: Concern, alice: User, charlie: User, dora: User
) -> None:
    said = say(charlie, concern, uploads=[upload(charlie)])
    attachment = said.attachments.get()
    assert rules.has_perm("forum.view_attachment", AnonymousUser(), attachment)
    remove(alice, said)
    attachment.refresh_from_db()
    attachment.contribution.refresh_from_db()
    people = (alice, charlie, dora)
    may = [rules.has_perm("forum.view_attachment", each, attachment) for each in people]
    assert may == [True, True, False]


def test_after_a_year_the_words_of_what_was_removed_go(
    concern: Concern, alice: User, charlie: User, dora: User
) -> None:
    said = say(charlie, concern, uploads=[upload(charlie)])
    services.report_contribution(actor=dora, contribution=said, reason="Werbung")
    remove(alice, said)
    before = timezone.now() + timedelta(seconds=1)
    assert (clear_removed_contributions(before), clear_complaints(before)) == (1, 1)
    said.refresh_from_db()
    assert (said.text, said.removal_reason, said.attachments.count()) == ("", "Werbung", 0)
    with pytest.raises(services.Conflict, match="gelöscht"):
        services.restore_contribution(actor=alice, mandate=None, contribution=said)
    assert clear_removed_contributions(before) == 0


# Who hears of it


def test_answers_are_told_to_everybody_else_in_the_thread(
    concern: Concern, alice: User, bob: User, charlie: User
) -> None:
    first = say(alice, concern, "Wer zahlt?")
    say(charlie, concern, "Der Bund.", parent=first)
    say(bob, concern, "Wann?", parent=first)
    assert told(alice, "forum.reply") == ["Kranichsee: Der Bund.", "Lindenfurt: Wann?"]
    assert told(charlie, "forum.reply") == ["Lindenfurt: Wann?"]
    assert told(bob, "forum.reply") == []


def test_who_is_mentioned_hears_of_it_once(concern: Concern, alice: User, charlie: User) -> None:
    whom = [charlie.mandates.get().organisation]
    reader = MandateFactory(organisation=whom[0], may_contribute=False, may_vote=False).user
    said = say(alice, concern, "Was sagt @Kranichsee?", mentions=whom)
    services.change_contribution(
        actor=alice, contribution=said, seen="", text="Und was sagt @Kranichsee?", mentions=whom
    )
    assert told(charlie, "forum.mention") == ["Lindenfurt: Was sagt @Kranichsee?"]
    assert told(reader, "forum.mention") == []


def test_texts_become_links_and_nothing_else() -> None:
    whom = OrganisationFactory(region__name="Bad Lindenfurt", search_key=" bad lindenfurt ;")
    text = 'Siehe https://a.example/?b=1&c="2" und @[bad lindenfurt], <b>@Niemand</b>'
    assert as_html(text, [whom]) == (
        'Siehe <a href="https://a.example/?b=1&amp;c=" rel="nofollow">https://a.example/?b=1&amp;c='
        "</a>&quot;2&quot; und "
        f'<a class="kern-link" href="{whom.get_absolute_url()}">@bad lindenfurt</a>, '
        "&lt;b&gt;@Niemand&lt;/b&gt;"
    )


# The summary


def test_the_summary_is_kept_by_owner_and_rapporteurs(
    concern: Concern, alice: User, charlie: User, operator: User
) -> None:
    assert rules.has_perm("forum.keep_summary", alice, concern)
    assert not rules.has_perm("forum.keep_summary", charlie, concern)
    assert not rules.has_perm("forum.keep_summary", operator, concern)
    concern.rapporteurs.add(charlie.mandates.get().organisation)
    assert rules.has_perm("forum.keep_summary", charlie, concern)
    assert rules.has_perm("forum.keep_summary", operator, ConcernFactory(owner=None))
    assert queries.rapporteur_mandate(charlie, concern) == charlie.mandates.get()


def test_every_wording_of_the_summary_stays(concern: Concern, alice: User, charlie: User) -> None:
    def write(actor: User, text: str, seen: str) -> None:
        services.summarise_concern(
            actor=actor,
            mandate=actor.mandates.get(),
            concern=concern,
            seen=queries.summary_edition(seen),
            text=text,
        )

    write(alice, "Es geht um Schutz.", "")
    write(charlie, "Es geht um Schutz und Geld.", "Es geht um Schutz.")
    with pytest.raises(services.Overtaken, match="inzwischen geändert"):
        write(alice, "Es geht um alles.", "Es geht um Schutz.")
    write(alice, "Es geht um Schutz und Geld.", "Es geht um Schutz und Geld.")
    wordings = queries.wordings_of(concern, reader=AnonymousUser())
    assert [(each.who, each.text) for each in wordings] == [
        ("Verwaltung · Kranichsee", "Es geht um Schutz und Geld."),
        ("Verwaltung · Lindenfurt", "Es geht um Schutz."),
    ]


# Who leaves


def test_personal_contributions_lose_their_author_and_official_ones_stay(dora: User) -> None:
    concern = ConcernFactory(takes_personal_voices=True)
    mandate = MandateFactory(user=dora)
    own, official = say(dora, concern, "Ich", mandate=None), say(dora, concern, "Wir")
    assert (own.mandate, official.mandate) == (None, mandate)
    told_her = [sentence for sentence in services.forget_person(dora) if "Beiträge" in sentence]
    own.refresh_from_db()
    official.refresh_from_db()
    assert (own.author, official.organisation, len(told_her)) == (None, mandate.organisation, 1)


def test_her_copy_has_what_she_said(concern: Concern, alice: User) -> None:
    say(alice, concern)
    (part,) = [part for part in offer.personal_data(alice) if part.title == "Beiträge"]
    assert [row["Text"] for row in part.rows] == ["Bei uns auch."]


def test_strangers_see_and_report_but_do_not_write(concern: Concern, dora: User) -> None:
    said = Contribution.objects.create(concern=concern, author=UserFactory(), text="Hallo")
    assert rules.has_perm("forum.view_discussion", dora, concern)
    assert rules.has_perm("forum.report_contribution", dora, said)
    assert not rules.has_perm("forum.report_contribution", AnonymousUser(), said)
    assert not rules.has_perm("forum.contribute", dora, concern)
