"""The way of a concern: its line, its ministry, the terms of the Alliance, and its end."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.formats import date_format

from allmende.accounts.models import User
from allmende.audit.models import Entry
from allmende.audit.services import Deed, record_many
from allmende.forum import queries, services
from allmende.forum.models import (
    Concern,
    ConcernState,
    Responsibility,
    SealedPosition,
    Step,
    Terms,
)
from allmende.forum.portal import offer
from allmende.forum.services.way import QUORUM, TOPIC
from allmende.mail.models import Notice
from allmende.registry.models import Mandate, Office, Organisation, Topic
from tests.factories import (
    ConcernFactory,
    MandateFactory,
    OrganisationFactory,
    UserFactory,
    second_factor,
)

pytestmark = pytest.mark.django_db


def ministry_of(name: str, **fields: object) -> Organisation:
    return OrganisationFactory(region=None, kind="ministerium", name=name, **fields)


@pytest.fixture
def interior() -> Organisation:
    return ministry_of("Ministerium des Innern")


@pytest.fixture
def finance() -> Organisation:
    return ministry_of("Ministerium der Finanzen")


@pytest.fixture
def head(interior: Organisation) -> Mandate:
    """Releases for the ministry of the interior."""
    mandate = MandateFactory(
        organisation=interior, office=Office.LEADERSHIP, may_release=True, user__name="Hanna Haus"
    )
    second_factor(mandate.user)
    return mandate


@pytest.fixture
def coming(interior: Organisation) -> Concern:
    """Has reached its quorum and waits for its position."""
    return ConcernFactory(
        state=ConcernState.POSITION,
        ministry=interior,
        quorum_at=timezone.now(),
        topic=Topic.SECURITY,
    )


def day(at: object) -> str:
    return date_format(timezone.localtime(at), "j. F Y")  # type: ignore[arg-type]


def line(concern: Concern) -> list[tuple[str, str, str]]:
    return [(stop.state, stop.note, stop.progress) for stop in queries.way_of(concern)]


# The line


def test_an_open_concern_shows_what_was_and_what_comes(alice: User) -> None:
    mandate = alice.mandates.get()
    concern = services.draft_concern(
        actor=alice,
        owner=mandate.region,
        topic=Topic.SECURITY,
        question="Wer hilft?",
        background="Niemand.",
        deadline=timezone.now() + timedelta(days=9),
        mandate=mandate,
    )
    until = day(concern.deadline)
    assert line(concern) == [
        ("draft", day(concern.created_at), "now"),
        ("open", f"bis {until}", ""),
        ("position", f"nach dem {until}", ""),
        ("sent", "sobald genug mitzeichnen", ""),
        ("answered", "mit Frist", ""),
        ("pursued", "bis sie eingehalten sind", ""),
        ("closed", "", ""),
    ]
    services.open_concern(actor=alice, concern=concern, mandate=mandate)
    stops = queries.way_of(concern)
    assert [(stop.progress, stop.office) for stop in stops[:3]] == [
        ("done", "Lindenfurt"),
        ("now", "Lindenfurt"),
        ("", ""),
    ]


def test_what_is_sent_says_until_when_the_answer_comes(interior: Organisation) -> None:
    now = timezone.now()
    due = now + timedelta(weeks=8)
    concern = ConcernFactory(
        state=ConcernState.SENT, ministry=interior, sent_at=now, answer_due=due
    )
    Step.objects.create(concern=concern, state=ConcernState.SENT, reason="Das Quorum ist erreicht.")
    sent, answered = queries.way_of(concern)[3:5]
    assert (sent.note, sent.office, sent.progress) == (f"seit {day(now)}", "Quorum erreicht", "now")
    assert (sent.reason, answered.note) == ("Das Quorum ist erreicht.", f"bis {day(due)}")
    concern.answer_due = now - timedelta(days=1)
    answered = queries.way_of(concern)[4]
    assert (answered.note, answered.is_late) == (f"überfällig seit {day(concern.answer_due)}", True)


def test_what_a_finished_concern_has_left_out_is_not_on_its_way(
    concern: Concern, alice: User
) -> None:
    mandate = alice.mandates.get()
    services.close_concern(actor=alice, concern=concern, reason="Genug.", mandate=mandate)
    services.finish_concern(
        actor=alice,
        concern=concern,
        reason="Das Land hat geholfen.",
        since=ConcernState.POSITION,
        mandate=mandate,
    )
    assert [stop.state for stop in queries.way_of(concern)] == [
        "draft",
        "open",
        "position",
        "closed",
    ]
    last = queries.way_of(concern)[-1]
    assert (last.office, last.reason) == ("Lindenfurt", "Das Land hat geholfen.")


def test_after_its_deadline_it_is_at_its_position_before_the_tick_says_so() -> None:
    concern = ConcernFactory(deadline=timezone.now())
    stops = {stop.state: stop.progress for stop in queries.way_of(concern)}
    assert (stops[ConcernState.OPEN], stops[ConcernState.POSITION]) == ("done", "now")


# Who answers


def test_the_ministry_of_its_topic_is_chosen_when_it_opens(
    alice: User, interior: Organisation
) -> None:
    Responsibility.objects.create(topic=Topic.SECURITY, ministry=interior)
    mandate = alice.mandates.get()
    concern = ConcernFactory(
        state=ConcernState.DRAFT, owner=mandate.region, topic=Topic.SECURITY, opened_at=None
    )
    services.open_concern(actor=alice, concern=concern, mandate=mandate)
    concern.refresh_from_db()
    assert concern.ministry == interior


def test_a_ministry_that_was_chosen_stays(
    alice: User, interior: Organisation, finance: Organisation
) -> None:
    Responsibility.objects.create(topic=Topic.DEMOCRACY, ministry=interior)
    mandate = alice.mandates.get()
    concern = ConcernFactory(
        state=ConcernState.DRAFT, owner=mandate.region, ministry=finance, opened_at=None
    )
    services.open_concern(actor=alice, concern=concern, mandate=mandate)
    concern.refresh_from_db()
    assert concern.ministry == finance


def test_setting_the_ministry_sends_what_waited_for_it(
    operator: User, interior: Organisation, head: Mandate
) -> None:
    concern = ConcernFactory(state=ConcernState.POSITION, quorum_at=timezone.now())
    SealedPosition.objects.create(concern=concern, number=1, document={}, hash="0" * 64)
    assert [task.title for task in offer.tasks(operator)] == [
        f"Zuständiges Ministerium bestimmen: „{concern.question}“"
    ]
    assert services.set_ministry(
        actor=operator, mandate=None, concern=concern, ministry=interior, reason="Schutz im Amt."
    )
    assert concern.state == ConcernState.SENT
    assert list(offer.tasks(operator)) == []
    assert Notice.objects.get(user=head.user).topic == "forum.ministry"
    with pytest.raises(services.Conflict, match="Abgeben kann es jetzt nur noch dieses"):
        services.set_ministry(
            actor=operator,
            mandate=None,
            concern=concern,
            ministry=ministry_of("Ministerium für Verkehr"),
            reason="Doch nicht.",
        )


def test_an_invented_ministry_or_another_organisation_cannot_answer(
    operator: User, concern: Concern
) -> None:
    for organisation in (ministry_of("Erfunden", is_example=True), OrganisationFactory()):
        with pytest.raises(ValueError, match="cannot answer"):
            services.set_ministry(
                actor=operator, mandate=None, concern=concern, ministry=organisation, reason="x"
            )


def test_handing_over_keeps_the_date_and_tells_both(
    interior: Organisation, finance: Organisation, head: Mandate, alice: User
) -> None:
    due = timezone.now() + timedelta(weeks=3)
    concern = ConcernFactory(
        state=ConcernState.SENT,
        owner=alice.mandates.get().region,
        ministry=interior,
        official=head.user,
        sent_at=timezone.now(),
        answer_due=due,
    )
    other = MandateFactory(organisation=finance, office=Office.DESK).user
    services.hand_over_concern(
        actor=head.user,
        mandate=head,
        concern=concern,
        ministry=finance,
        reason="Es geht um Steuern.",
    )
    assert (concern.ministry, concern.official, concern.answer_due) == (finance, None, due)
    notices = Notice.objects.filter(title__startswith="Abgegeben an Ministerium der Finanzen")
    assert {notice.user for notice in notices} == {head.user, other, alice}
    entry = Entry.objects.get(deed="forum.hand_over_concern")
    assert (entry.reason, entry.details) == (
        "Es geht um Steuern.",
        {"before": interior.slug, "after": finance.slug},
    )
    with pytest.raises(services.Conflict, match="nicht mehr bei Ihrem Ministerium"):
        services.hand_over_concern(
            actor=head.user, mandate=head, concern=concern, ministry=interior, reason="x"
        )


def test_somebody_in_the_ministry_has_to_be_in_charge(
    coming: Concern, interior: Organisation, head: Mandate
) -> None:
    desk = MandateFactory(organisation=interior, office=Office.DESK).user
    task = f"Übernehmen oder zuweisen: „{coming.question}“"
    assert [each.title for each in offer.tasks(head.user)] == [task]
    assert task not in [each.title for each in offer.tasks(desk)]
    services.assign_official(
        actor=head.user, mandate=head, concern=coming, official=desk, seen=None
    )
    assert coming.official == desk
    assert task not in [each.title for each in offer.tasks(head.user)]
    notice = Notice.objects.get(user=desk)
    assert notice.title == f"Sie sind jetzt zuständig: {coming.question}"


def test_two_who_assign_at_the_same_time_learn_of_each_other(
    coming: Concern, interior: Organisation, head: Mandate
) -> None:
    desk = MandateFactory(organisation=interior, office=Office.DESK).user
    services.assign_official(
        actor=head.user, mandate=head, concern=coming, official=head.user, seen=None
    )
    assert not Notice.objects.exists()
    with pytest.raises(services.Conflict, match="Inzwischen ist zuständig: Hanna Haus"):
        services.assign_official(
            actor=head.user, mandate=head, concern=coming, official=desk, seen=None
        )


def test_a_second_click_on_assigning_one_does_nothing_twice(
    coming: Concern, interior: Organisation, head: Mandate
) -> None:
    desk = MandateFactory(organisation=interior, office=Office.DESK).user
    for _click in range(2):
        services.assign_official(
            actor=head.user, mandate=head, concern=coming, official=desk, seen=None
        )
    assert coming.official == desk
    assert Entry.objects.filter(deed="forum.assign_official").count() == 1
    assert Notice.objects.filter(user=desk).count() == 1


def test_a_stranger_cannot_be_put_in_charge(coming: Concern, head: Mandate, dora: User) -> None:
    with pytest.raises(services.Conflict, match="kein Mandat mehr"):
        services.assign_official(
            actor=head.user, mandate=head, concern=coming, official=dora, seen=None
        )


# The terms


def change(operator: User, **changes: object) -> int:
    agreed = {
        "quorum_municipalities": 50,
        "quorum_laender": 4,
        "quorum_associations": 1,
        "answer_weeks": 8,
    }
    return services.change_terms(
        actor=operator,
        seen=str(changes.pop("seen", queries.edition_of_terms())),
        agreed=agreed | changes.pop("agreed", {}),  # type: ignore[operator]
        responsible=changes.pop("responsible", {}),  # type: ignore[arg-type]
    )


def test_a_lower_quorum_holds_at_once_for_running_concerns(
    operator: User, concern: Concern, alice: User
) -> None:
    services.sign_concern(actor=alice, mandate=alice.mandates.get(), concern=concern)
    assert change(operator, agreed={"quorum_laender": 1}) == 0
    assert change(operator, agreed={"quorum_municipalities": 1, "quorum_laender": 1}) == 1
    assert change(operator, agreed={"quorum_municipalities": 1, "quorum_laender": 1}) == 0
    concern.refresh_from_db()
    assert concern.quorum_at is not None
    entry = Entry.objects.filter(deed="forum.change_terms").order_by("number")[1]
    assert entry.details == {"quorum_municipalities": [50, 1]}


def test_a_new_responsibility_reaches_concerns_that_wait_for_one(
    operator: User, interior: Organisation
) -> None:
    concern = ConcernFactory(quorum_at=timezone.now(), topic=Topic.SECURITY)
    change(operator, responsible={Topic.SECURITY: interior})
    concern.refresh_from_db()
    assert concern.ministry == interior
    entry = Entry.objects.get(deed="forum.change_terms")
    assert entry.details == {"sicherheit": ["", interior.slug]}
    change(operator, responsible={})
    assert not Responsibility.objects.exists()


def test_of_two_operators_the_second_is_overtaken(operator: User) -> None:
    seen = queries.edition_of_terms()
    change(operator, seen=seen, agreed={"answer_weeks": 6})
    with pytest.raises(services.Overtaken):
        change(operator, seen=seen, agreed={"answer_weeks": 10})
    assert Terms.objects.get().answer_weeks == 6


# The end


@pytest.mark.parametrize("state", ["position", "answered", "pursued"])
def test_a_concern_ends_with_a_reason(state: str, operator: User) -> None:
    concern = ConcernFactory(state=state)
    services.finish_concern(
        actor=operator, concern=concern, reason="Erledigt.", since=ConcernState(state)
    )
    assert concern.state == ConcernState.CLOSED
    assert concern.closed_at is not None
    assert concern.steps.get().reason == "Erledigt."
    with pytest.raises(services.Conflict, match="inzwischen weitergegangen"):
        services.finish_concern(
            actor=operator, concern=concern, reason="Noch einmal.", since=ConcernState(state)
        )


def test_the_tick_closes_nothing(concern: Concern) -> None:
    for state in ("position", "answered", "pursued"):
        ConcernFactory(state=state, deadline=timezone.now())
    offer.tick()
    assert not Concern.objects.filter(state=ConcernState.CLOSED).exists()


def test_all_who_took_part_hear_of_the_end(operator: User, alice: User) -> None:
    concern = ConcernFactory(state="answered", owner=alice.mandates.get().region)
    services.finish_concern(
        actor=operator, concern=concern, reason="Alles gesagt.", since=ConcernState.ANSWERED
    )
    services.tell_of_steps()
    notice = Notice.objects.get(user=alice)
    assert notice.title == f"Abgeschlossen: {concern.question}"
    assert notice.text == (
        "Der Betrieb dieser Plattform hat das Anliegen abgeschlossen: Alles gesagt."
    )
    assert not Notice.objects.filter(user=UserFactory()).exists()


def test_what_two_rules_did_at_once_names_each_of_them(concern: Concern) -> None:
    deeds = [Deed("forum.reach_quorum", concern, mandate=rule) for rule in (QUORUM, TOPIC)]
    said = [entry.capacity for entry in record_many(actor=None, deeds=deeds)]
    assert said == [QUORUM.capacity, TOPIC.capacity]
    assert len(set(said)) == 2
