"""Sittings: who is invited, what calendars learn, agendas, and minutes that several write."""

from datetime import date, datetime, timedelta

import pytest
from django.db.models import F
from django.utils import timezone
from icalendar import Calendar

from allmende.accounts.models import User
from allmende.audit.queries import history_of
from allmende.forum.models import (
    AgendaItem,
    Attendance,
    Commitment,
    Concern,
    ConcernState,
    ItemState,
    Presence,
    Series,
    Sitting,
    SittingState,
)
from allmende.forum.portal import offer
from allmende.forum.queries import sittings as queries
from allmende.forum.services import Conflict, Overtaken, make_commitment
from allmende.forum.services import sittings as services
from allmende.mail.models import Message, Notice
from allmende.registry.models import Mandate, Organisation, OrganisationKind
from tests.factories import (
    ConcernFactory,
    MandateFactory,
    OrganisationFactory,
    SeriesFactory,
    SittingFactory,
    second_factor,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def hanna(db: None) -> User:
    """She releases for the association that invites."""
    host = OrganisationFactory(
        region=None, kind=OrganisationKind.ASSOCIATION, name="Städtebund", slug="staedtebund"
    )
    mandate = MandateFactory(
        user__name="Hanna", organisation=host, office="board", may_release=True
    )
    return second_factor(mandate.user)


def mandate_of(user: User) -> Mandate:
    return Mandate.objects.get(user=user)


@pytest.fixture
def series(hanna: User, alice: User) -> Series:
    """The Städtebund and Alice's municipality belong to it."""
    host = mandate_of(hanna).organisation
    series = SeriesFactory(host=host, name="Plenum", slug="plenum")
    series.members.add(host, mandate_of(alice).organisation)
    return series


@pytest.fixture
def planned(series: Series) -> Sitting:
    return SittingFactory(series=series, state=SittingState.PLANNED)


@pytest.fixture
def invited(planned: Sitting, hanna: User) -> Sitting:
    services.invite_members(actor=hanna, mandate=mandate_of(hanna), sitting=planned)
    return planned


@pytest.fixture
def running(invited: Sitting, hanna: User) -> Sitting:
    day = timezone.now() - timedelta(minutes=5)
    Sitting.objects.filter(pk=invited.pk).update(starts_at=day, ends_at=day + timedelta(hours=2))
    invited.refresh_from_db()
    services.begin_sitting(actor=hanna, mandate=mandate_of(hanna), sitting=invited)
    return invited


def item_on(sitting: Sitting, title: str = "Begrüßung", **fields: object) -> AgendaItem:
    place = sitting.agenda.count() + 1
    return AgendaItem.objects.create(sitting=sitting, title=title, place=place, **fields)


def invitation(sitting: Sitting, user: User) -> Attendance:
    return sitting.attendances.get(organisation=mandate_of(user).organisation)


def event_in(message: Message) -> tuple[str, Calendar]:
    calendar = Calendar.from_ical(message.calendar)
    return str(calendar["method"]), calendar.walk("VEVENT")[0]


# Series


def test_a_series_begins_with_its_host_as_member(hanna: User) -> None:
    host = mandate_of(hanna).organisation
    made = [
        services.add_series(
            actor=hanna, mandate=mandate_of(hanna), host=host, name="Große Runde", months=6
        )
        for _ in range(2)
    ]
    assert made[0].slug == "grosse-runde"
    assert made[1].slug.startswith("grosse-runde-")
    assert list(made[0].members.all()) == [host]


def test_invented_organisations_do_not_meet_real_ones(series: Series, hanna: User) -> None:
    real, invented = (
        MandateFactory().organisation,
        MandateFactory(region__invented=True).organisation,
    )
    chosen = Organisation.objects.filter(pk__in=[real.pk, invented.pk])
    for expected in (1, 0):  # a second time, nobody is new
        added = services.add_members(
            actor=hanna, mandate=mandate_of(hanna), series=series, organisations=chosen
        )
        assert added == expected
    assert invented not in series.members.all()


@pytest.mark.parametrize(
    ("last", "months", "expected"),
    [
        (datetime(2027, 4, 7, 14), 6, date(2027, 10, 7)),
        (datetime(2027, 4, 3, 14), 6, date(2027, 10, 4)),  # the 3rd is a holiday and a Sunday
        (datetime(2027, 8, 31, 14), 6, date(2028, 2, 29)),
    ],
)
def test_the_next_date_is_a_working_day(
    series: Series, last: datetime, months: int, expected: date
) -> None:
    starts_at = timezone.make_aware(last)
    SittingFactory(series=series, starts_at=starts_at)
    series.months = months
    proposed = timezone.localtime(queries.next_date(series))
    assert (proposed.date(), proposed.hour) == (expected, 14)


def test_the_next_date_never_lies_in_the_past(series: Series) -> None:
    SittingFactory(series=series, starts_at=timezone.now() - timedelta(days=2_000))
    assert queries.next_date(series) > timezone.now()


# Invitations


def test_who_releases_is_invited_else_everybody(
    invited: Sitting, hanna: User, alice: User, bob: User
) -> None:
    services.send_invitations(invited.pk)
    assert sorted(Message.objects.values_list("recipient", flat=True)) == sorted(
        [hanna.email, alice.email, bob.email]
    )
    boss = MandateFactory(organisation=mandate_of(alice).organisation, may_release=True).user
    Message.objects.all().delete()
    services.send_invitations(invited.pk)
    assert sorted(Message.objects.values_list("recipient", flat=True)) == sorted(
        [hanna.email, boss.email]
    )


def test_made_twice_an_invitation_is_one_mail(invited: Sitting) -> None:
    services.send_invitations(invited.pk)
    services.send_invitations(invited.pk)
    assert Message.objects.count() == 2


def test_an_invitation_is_in_the_language_of_whoever_gets_it(invited: Sitting, alice: User) -> None:
    User.objects.filter(pk=alice.pk).update(language="en")
    services.send_invitations(invited.pk)
    others = Message.objects.exclude(recipient=alice.email)
    assert set(others.values_list("language", flat=True)) == {"de"}
    assert Message.objects.get(recipient=alice.email).language == "en"


def test_the_invitation_names_date_place_and_page(invited: Sitting, alice: User) -> None:
    Sitting.objects.update(link="https://video.example.org/plenum")
    services.send_invitations(invited.pk)
    message = Message.objects.get(recipient=alice.email)
    method, event = event_in(message)
    assert (method, str(event["uid"]), event["sequence"]) == ("REQUEST", str(invited.uid), 0)
    assert event.decoded("dtstart") == invited.starts_at
    assert event["dtstart"].params["TZID"] == "Europe/Berlin"
    assert str(event["attendee"]) == f"mailto:{alice.email}"
    assert "https://video.example.org/plenum" in str(event["description"])
    assert message.subject.startswith("Einladung: Plenum der Allianz am ")
    assert "https://video.example.org/plenum" in message.text
    assert f"/sitzungen/{invited.pk}/" in message.text


def test_a_change_is_told_with_a_higher_sequence_and_asks_again(
    invited: Sitting, hanna: User, alice: User
) -> None:
    answer(invited, alice)
    new = invited.starts_at + timedelta(days=1)
    services.change_sitting(
        actor=hanna,
        mandate=mandate_of(hanna),
        sitting=invited,
        seen=0,
        starts_at=new,
        ends_at=new + timedelta(hours=1),
    )
    Message.objects.all().delete()
    services.send_invitations(invited.pk)
    method, event = event_in(Message.objects.get(recipient=alice.email))
    assert (method, event["sequence"], event.decoded("dtstart")) == ("REQUEST", 1, new)
    assert invitation(invited, alice).presence == Presence.INVITED


def test_another_place_keeps_the_answers(invited: Sitting, hanna: User, alice: User) -> None:
    answer(invited, alice)
    services.change_sitting(
        actor=hanna, mandate=mandate_of(hanna), sitting=invited, seen=0, place="Kranichsee"
    )
    assert invited.sequence == 1
    assert invitation(invited, alice).presence == Presence.COMING


def test_saving_nothing_new_tells_nobody(invited: Sitting, hanna: User) -> None:
    services.change_sitting(
        actor=hanna, mandate=mandate_of(hanna), sitting=invited, seen=0, place=invited.place
    )
    assert (invited.sequence, invited.edition) == (0, 0)


def test_who_changes_what_she_has_not_seen_is_told(invited: Sitting, hanna: User) -> None:
    services.change_sitting(
        actor=hanna, mandate=mandate_of(hanna), sitting=invited, seen=0, place="Hier"
    )
    with pytest.raises(Overtaken):
        services.change_sitting(
            actor=hanna, mandate=mandate_of(hanna), sitting=invited, seen=0, place="Dort"
        )


def test_calling_off_strikes_it_out_of_calendars(
    invited: Sitting, hanna: User, alice: User
) -> None:
    services.cancel_sitting(
        actor=hanna, mandate=mandate_of(hanna), sitting=invited, reason="Hochwasser"
    )
    Message.objects.all().delete()
    services.send_invitations(invited.pk)
    message = Message.objects.get(recipient=alice.email)
    method, event = event_in(message)
    assert (method, str(event["status"]), event["sequence"]) == ("CANCEL", "CANCELLED", 1)
    assert "Grund: Hochwasser" in message.text
    assert history_of(invited)[0].reason == "Hochwasser"
    with pytest.raises(Conflict):
        services.cancel_sitting(
            actor=hanna, mandate=mandate_of(hanna), sitting=invited, reason="Noch einmal"
        )


def test_a_planned_sitting_is_called_off_without_a_word(planned: Sitting, hanna: User) -> None:
    services.cancel_sitting(
        actor=hanna, mandate=mandate_of(hanna), sitting=planned, reason="Doch nicht"
    )
    assert "DTSTART" not in services.feed_of(planned.series).split("END:VTIMEZONE")[1]


def test_inviting_twice_or_for_yesterday_is_refused(invited: Sitting, hanna: User) -> None:
    with pytest.raises(Conflict):
        services.invite_members(actor=hanna, mandate=mandate_of(hanna), sitting=invited)
    past = SittingFactory(
        series=invited.series,
        state=SittingState.PLANNED,
        starts_at=timezone.now() - timedelta(days=1),
    )
    with pytest.raises(Conflict, match="Vergangenheit"):
        services.invite_members(actor=hanna, mandate=mandate_of(hanna), sitting=past)


def test_who_joins_later_is_invited_later(invited: Sitting, hanna: User, charlie: User) -> None:
    with pytest.raises(Conflict, match="schon eingeladen"):
        services.invite_more(actor=hanna, mandate=mandate_of(hanna), sitting=invited)
    invited.series.members.add(mandate_of(charlie).organisation)
    services.send_invitations(invited.pk)
    assert services.invite_more(actor=hanna, mandate=mandate_of(hanna), sitting=invited) == 1
    services.send_invitations(invited.pk)
    assert Message.objects.filter(recipient=charlie.email).count() == 1
    assert Message.objects.count() == 3  # nobody else is written to again


def answer(sitting: Sitting, user: User, *, comes: bool = True, **who: object) -> Attendance:
    attendance = invitation(sitting, user)
    services.answer_invitation(
        actor=user,
        mandate=mandate_of(user),
        attendance=attendance,
        comes=comes,
        **(who or {"person": user}),  # type: ignore[arg-type]
    )
    return attendance


def test_the_later_answer_counts(invited: Sitting, alice: User) -> None:
    first = answer(invited, alice)
    assert (first.presence, first.person) == (Presence.COMING, alice)
    later = answer(invited, alice, comes=False, person=alice)
    assert (later.presence, later.person, later.who) == (Presence.NOT_COMING, None, "")


def test_whoever_comes_gets_the_invitation(invited: Sitting, alice: User) -> None:
    colleague = MandateFactory(organisation=mandate_of(alice).organisation).user
    MandateFactory(organisation=mandate_of(alice).organisation, may_release=True)
    answer(invited, alice, person=colleague)
    assert Message.objects.filter(recipient=colleague.email).count() == 1


def test_after_the_beginning_no_answer_counts(running: Sitting, alice: User) -> None:
    with pytest.raises(Conflict):
        answer(running, alice)


def test_it_begins_on_its_day_only(invited: Sitting, hanna: User) -> None:
    with pytest.raises(Conflict, match="an ihrem Tag"):
        services.begin_sitting(actor=hanna, mandate=mandate_of(hanna), sitting=invited)


def test_the_feed_says_what_everybody_may_know(invited: Sitting, planned: Sitting) -> None:
    Sitting.objects.update(link="https://video.example.org/plenum")
    SittingFactory(series=invited.series, state=SittingState.PLANNED)
    feed = services.feed_of(invited.series)
    calendar = Calendar.from_ical(feed)
    assert [str(event["uid"]) for event in calendar.walk("VEVENT")] == [str(invited.uid)]
    assert "video.example.org" not in feed.replace("\r\n ", "")


# Agenda


def test_ripe_concerns_are_proposed_with_the_reason(planned: Sitting) -> None:
    now = timezone.now()
    overdue = ConcernFactory(
        state=ConcernState.SENT,
        sent_at=now - timedelta(days=700),
        answer_due=now - timedelta(days=1),
    )
    sent = ConcernFactory(
        state=ConcernState.SENT, sent_at=now - timedelta(days=3), answer_due=now + timedelta(days=9)
    )
    quorum = ConcernFactory(state=ConcernState.POSITION, quorum_at=now)
    ConcernFactory(state=ConcernState.POSITION)
    ConcernFactory(state=ConcernState.POSITION, quorum_at=now, is_example=True)
    ConcernFactory(quorum_at=now, is_confidential=True)
    item_on(planned, concern=ConcernFactory(state=ConcernState.POSITION, quorum_at=now))
    found = {row.concern: str(row.why) for row in queries.candidates_for(planned)}
    assert found == {
        overdue: "Die Antwort ist überfällig",
        sent: "Seit der letzten Sitzung an das Ministerium gegangen",
        quorum: "Genug Kommunen haben mitgezeichnet",
    }


def test_what_was_sent_before_the_last_sitting_was_talked_about(planned: Sitting) -> None:
    now = timezone.now()
    SittingFactory(
        series=planned.series, state=SittingState.HELD, starts_at=now - timedelta(days=30)
    )
    ConcernFactory(
        state=ConcernState.SENT, sent_at=now - timedelta(days=60), answer_due=now + timedelta(9)
    )
    assert queries.candidates_for(planned) == []


def test_points_are_added_moved_and_removed(
    planned: Sitting, hanna: User, concern: Concern
) -> None:
    how = {"actor": hanna, "mandate": mandate_of(hanna)}
    first = services.add_item(**how, sitting=planned, title="Begrüßung")
    second = services.add_item(**how, sitting=planned, concern=concern)
    third = services.add_item(**how, sitting=planned, title="Verschiedenes")
    services.move_item(**how, item=third, seen=3, up=True)
    services.move_item(**how, item=third, seen=2, up=True)
    services.move_item(**how, item=third, seen=1, up=True)  # it is the first one already
    services.move_item(**how, item=first, seen=2, up=False)
    services.remove_item(**how, item=first)
    assert list(queries.agenda_of(planned)) == [third, second]
    assert second.title == concern.question
    with pytest.raises(Conflict, match="schon auf der Tagesordnung"):
        services.add_item(**how, sitting=planned, concern=concern)


def test_a_point_moves_once_however_often_it_is_asked(planned: Sitting, hanna: User) -> None:
    how = {"actor": hanna, "mandate": mandate_of(hanna)}
    gone, first, second, third = (
        services.add_item(**how, sitting=planned, title=title) for title in "ABCD"
    )
    services.remove_item(**how, item=gone)
    services.move_item(**how, item=first, seen=2, up=False)
    with pytest.raises(Conflict, match="Reihenfolge"):
        services.move_item(**how, item=first, seen=2, up=False)
    assert list(queries.agenda_of(planned)) == [second, first, third]


def test_a_point_with_minutes_is_not_removed(running: Sitting, hanna: User) -> None:
    item = item_on(running, minutes="Es wurde begrüßt.")
    with pytest.raises(Conflict):
        services.remove_item(actor=hanna, mandate=mandate_of(hanna), item=item)


def propose(sitting: Sitting, user: User, title: str = "Schulwege") -> AgendaItem:
    return services.propose_item(
        actor=user, mandate=mandate_of(user), sitting=sitting, title=title, why="Es eilt."
    )


def test_a_proposal_is_decided_once_and_its_author_hears(
    invited: Sitting, hanna: User, alice: User
) -> None:
    first, second = propose(invited, alice), propose(invited, alice, "Radwege")
    assert list(queries.agenda_of(invited)) == []
    assert Notice.objects.filter(user=hanna).count() == 2
    how = {"actor": hanna, "mandate": mandate_of(hanna)}
    services.decide_item(**how, item=first, accept=True)
    services.decide_item(**how, item=second, accept=False, reason="Das war im Mai dran.")
    assert list(queries.agenda_of(invited)) == [first]
    assert second.state == ItemState.DECLINED
    told = Notice.objects.filter(user=alice).values_list("title", "text")
    assert list(told) == [
        ("Steht auf der Tagesordnung: Schulwege", invited.title),
        ("Nicht auf der Tagesordnung: Radwege", "Das war im Mai dran."),
    ]
    with pytest.raises(Conflict, match="schon jemand entschieden"):
        services.decide_item(**how, item=second, accept=True)


# Minutes


def write(item: AgendaItem, user: User, *, seen: int, minutes: str = "Text") -> AgendaItem:
    return services.write_minutes(
        actor=user,
        mandate=mandate_of(user),
        item=item,
        seen=seen,
        minutes=minutes,
        decision="Beschlossen",
    )


def test_two_who_write_the_same_point_lose_nothing(running: Sitting, hanna: User) -> None:
    item = item_on(running)
    write(item, hanna, seen=0, minutes="Die erste schreibt.")
    with pytest.raises(Overtaken) as overtaken:
        write(AgendaItem(pk=item.pk, sitting=running), hanna, seen=0, minutes="Die zweite auch.")
    assert overtaken.value.there.minutes == "Die erste schreibt."
    assert AgendaItem.objects.get().minutes == "Die erste schreibt."
    write(item, hanna, seen=1, minutes="Beide.")
    assert (item.minutes, item.edition) == ("Beide.", 2)


def test_two_who_tick_at_once_do_not_undo_each_other(
    running: Sitting, hanna: User, alice: User
) -> None:
    how = {"actor": hanna, "mandate": mandate_of(hanna), "sitting": running}
    own, guest = invitation(running, hanna), invitation(running, alice)
    services.note_attendance(**how, came=[own.pk], left=[])
    services.note_attendance(**how, came=[guest.pk], left=[])
    assert queries.minutes_of(running).present == sorted(
        [own.organisation.name, guest.organisation.name], key=str.casefold
    )
    services.note_attendance(**how, came=[], left=[own.pk])
    assert queries.minutes_of(running).present == [guest.organisation.name]


def close(sitting: Sitting, hanna: User, *came: User) -> None:
    how = {"actor": hanna, "mandate": mandate_of(hanna), "sitting": sitting}
    services.note_attendance(**how, came=[invitation(sitting, user).pk for user in came], left=[])
    services.close_minutes(**how)


def test_closed_minutes_never_change_and_take_addenda(
    running: Sitting, hanna: User, alice: User
) -> None:
    item = item_on(running)
    how = {"actor": hanna, "mandate": mandate_of(hanna)}
    with pytest.raises(Conflict, match="noch offen"):
        services.add_addendum(**how, sitting=running, text="Zu früh")
    with pytest.raises(Conflict, match="wer anwesend war"):
        services.close_minutes(**how, sitting=running)
    close(running, hanna, hanna)
    assert running.state == SittingState.HELD
    assert invitation(running, alice).presence == Presence.ABSENT
    for change in (
        lambda: write(item, hanna, seen=0),
        lambda: services.note_attendance(**how, sitting=running, came=[], left=[]),
        lambda: services.close_minutes(**how, sitting=running),
        lambda: services.add_item(**how, sitting=running, title="Noch etwas"),
    ):
        with pytest.raises(Conflict):
            change()
    services.add_addendum(**how, sitting=running, text="Die Zahl auf Seite 1 war falsch.")
    assert [a.text for a in queries.minutes_of(running).addenda] == [
        "Die Zahl auf Seite 1 war falsch."
    ]


def test_members_hear_of_closed_minutes_once(running: Sitting, hanna: User, alice: User) -> None:
    close(running, hanna, hanna)
    for _ in range(2):
        services.tell_of_minutes(running.pk)
    told = Notice.objects.filter(title="Das Protokoll liegt vor: Plenum der Allianz")
    assert sorted(told.values_list("user", flat=True)) == sorted([hanna.pk, alice.pk])


def test_a_decision_becomes_a_commitment(
    running: Sitting, hanna: User, alice: User, concern: Concern
) -> None:
    item = item_on(running, concern=concern, decision="Der Städtebund liefert Zahlen.")
    services.note_attendance(
        actor=hanna,
        mandate=mandate_of(hanna),
        sitting=running,
        came=[invitation(running, alice).pk],
        left=[],
    )
    assert set(queries.who_may_promise(running)) == {
        mandate_of(hanna).organisation,
        mandate_of(alice).organisation,
    }
    make_commitment(
        actor=hanna,
        mandate=mandate_of(hanna),
        organisation=mandate_of(hanna).organisation,
        decision=item,
        what="Zahlen liefern",
        who="Geschäftsstelle",
        due_on=timezone.localdate() + timedelta(days=30),
        sign="Die Zahlen stehen im Netz.",
    )
    close(running, hanna, hanna)
    commitment = Commitment.objects.public().get()
    assert (commitment.concern, commitment.decision) == (concern, item)


def test_the_pdf_is_tagged_and_holds_what_was_said(
    running: Sitting, hanna: User, tmp_path: object
) -> None:
    item_on(running, "Begrüßung #eins", minutes="Absatz.\n\n= Keine Überschrift", decision="Ja")
    close(running, hanna, hanna)
    made = services.write_pdf(running)
    assert made.startswith(b"%PDF-")
    assert b"/StructTreeRoot" in made or b"StructTreeRoot" in made
    assert b"pdfuaid" in made


# What waits


def test_tasks_ask_for_the_answer_and_for_decisions(
    invited: Sitting, hanna: User, alice: User
) -> None:
    propose(invited, alice)
    hanna, alice = User.objects.get(pk=hanna.pk), User.objects.get(pk=alice.pk)
    assert [task.title for task in offer.tasks(alice)] == [
        f"Einladung beantworten: {invited.title}"
    ]
    assert sorted(task.title for task in offer.tasks(hanna)) == [
        "1 Vorschlag für die Tagesordnung",
        f"Einladung beantworten: {invited.title}",
    ]
    answer(invited, alice)
    assert list(offer.tasks(User.objects.get(pk=alice.pk))) == []


def test_names_of_guests_go_after_a_year(invited: Sitting, alice: User) -> None:
    answer(invited, alice, who="Frau Albers, Ordnungsamt")
    (period,) = [kind for kind in offer.retention if kind.key == "forum.guest"]
    assert period.clear(timezone.now()) == 0
    Sitting.objects.update(
        starts_at=F("starts_at") - timedelta(days=400), ends_at=F("ends_at") - timedelta(days=400)
    )
    assert period.clear(timezone.now() - timedelta(days=365)) == 1
    assert invitation(invited, alice).who == ""
