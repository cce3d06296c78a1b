"""Co-signing a concern, its quorum, and how it then goes to its ministry."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from allmende.accounts.models import User
from allmende.audit.models import Entry
from allmende.forum import queries, services
from allmende.forum.models import (
    Concern,
    ConcernState,
    Responsibility,
    SealedPosition,
    Support,
    Terms,
)
from allmende.mail.models import Notice
from allmende.registry.models import Mandate, Office, Organisation, Topic
from tests.factories import ConcernFactory, MandateFactory, OrganisationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def agreed() -> Terms:
    """Three municipalities of two Länder, or one association; six weeks to answer."""
    return Terms.objects.create(
        pk=1, quorum_municipalities=3, quorum_laender=2, quorum_associations=1, answer_weeks=6
    )


@pytest.fixture
def ministry() -> Organisation:
    return OrganisationFactory(region=None, kind="ministerium", name="Ministerium des Innern")


@pytest.fixture
def official(ministry: Organisation) -> User:
    return MandateFactory(organisation=ministry, office=Office.DESK).user


def sign(concern: Concern, mandate: Mandate) -> Support:
    return services.sign_concern(actor=mandate.user, mandate=mandate, concern=concern)


def municipality(ars: str) -> Mandate:
    return MandateFactory(region__ars=ars)


def association(**fields: object) -> Mandate:
    organisation = OrganisationFactory(region=None, kind="spitzenverband", **fields)
    return MandateFactory(organisation=organisation, office=Office.BOARD)


def seal(concern: Concern) -> None:
    SealedPosition.objects.create(concern=concern, number=1, document={}, hash="0" * 64)


def deeds() -> list[str]:
    return list(Entry.objects.order_by("number").values_list("deed", flat=True))


def test_who_co_signs_stands_behind_it_once(concern: Concern, alice: User, agreed: Terms) -> None:
    mandate = alice.mandates.get()
    support = sign(concern, mandate)
    assert list(queries.supports_of(concern)) == [support]
    assert (support.signed_by, support.mandate) == (alice, mandate)
    with pytest.raises(services.Conflict, match="Lindenfurt hat dieses Anliegen schon"):
        sign(concern, mandate)
    assert Support.objects.count() == 1


def test_a_withdrawn_support_counts_no_more_and_can_be_given_again(
    concern: Concern, alice: User, agreed: Terms
) -> None:
    mandate = alice.mandates.get()
    sign(concern, mandate)
    services.withdraw_support(actor=alice, mandate=mandate, concern=concern)
    assert queries.quorum_of(concern).municipalities == 0
    with pytest.raises(services.Conflict, match="schon zurückgezogen"):
        services.withdraw_support(actor=alice, mandate=mandate, concern=concern)
    sign(concern, mandate)
    assert queries.quorum_of(concern).municipalities == 1
    assert deeds() == ["forum.sign_concern", "forum.withdraw_support", "forum.sign_concern"]


@pytest.mark.parametrize("state", ["draft", "sent", "answered", "pursued", "closed"])
def test_before_it_is_open_and_after_it_was_sent_nobody_co_signs(state: str, alice: User) -> None:
    concern = ConcernFactory(state=state)
    with pytest.raises(services.Conflict, match="nur, bis das Anliegen beim Ministerium"):
        sign(concern, alice.mandates.get())


def test_invented_municipalities_stand_behind_example_data_alone(alice: User) -> None:
    example = ConcernFactory(is_example=True)
    invented = MandateFactory(region__invented=True)
    assert queries.signing_mandates(alice, example) == []
    assert queries.signing_mandates(invented.user, example) == [invented]
    with pytest.raises(ValueError, match="cannot co-sign"):
        sign(example, alice.mandates.get())


def test_with_four_eyes_only_who_may_release_co_signs(concern: Concern, alice: User) -> None:
    clerk = alice.mandates.get()
    clerk.organisation.four_eyes = True
    clerk.organisation.save()
    clerk = alice.mandates.get()
    with pytest.raises(ValueError, match="cannot co-sign"):
        sign(concern, clerk)


def test_the_quorum_needs_enough_municipalities_of_enough_laender(
    concern: Concern, agreed: Terms
) -> None:
    for number in range(4):
        sign(concern, municipality(f"0905{number:08d}"))
        assert not services.reach_quorum(concern=concern)
    assert queries.quorum_of(concern).shown == 2
    sign(concern, municipality("145230320999"))
    concern.refresh_from_db()
    assert concern.quorum_at is not None
    assert not services.reach_quorum(concern=concern)
    assert deeds().count("forum.reach_quorum") == 1
    entry = Entry.objects.get(deed="forum.reach_quorum")
    assert entry.details == {"municipalities": 5, "laender": 2, "associations": 0}
    assert (entry.actor, entry.capacity) == (None, "automatisch, nach Regel „Quorum“")


def test_one_association_is_enough(concern: Concern, agreed: Terms) -> None:
    sign(concern, association())
    concern.refresh_from_db()
    assert concern.quorum_at is not None


def test_a_quorum_stays_reached_when_somebody_withdraws(concern: Concern, agreed: Terms) -> None:
    mandate = association()
    sign(concern, mandate)
    services.withdraw_support(actor=mandate.user, mandate=mandate, concern=concern)
    concern.refresh_from_db()
    assert concern.quorum_at is not None


def test_the_usual_terms_hold_where_nobody_has_set_others() -> None:
    agreed = queries.terms()
    assert (
        agreed.quorum_municipalities,
        agreed.quorum_laender,
        agreed.quorum_associations,
        agreed.answer_weeks,
    ) == (50, 4, 1, 8)


def test_at_the_quorum_a_sealed_position_goes_to_the_ministry_of_its_topic(
    agreed: Terms, ministry: Organisation
) -> None:
    Responsibility.objects.create(topic=Topic.DEMOCRACY, ministry=ministry)
    concern = ConcernFactory(state=ConcernState.POSITION)
    seal(concern)
    sign(concern, association())
    concern.refresh_from_db()
    assert (concern.state, concern.ministry) == (ConcernState.SENT, ministry)
    assert concern.sent_at is not None
    due = timezone.localtime(concern.answer_due)
    last_day = timezone.localdate(concern.sent_at) + timedelta(weeks=6)
    assert (due.date(), due.hour, due.minute) == (last_day, 23, 59)
    step = concern.steps.get()
    assert (step.state, step.actor, step.mandate) == ("sent", None, None)
    assert step.reason == "Das Quorum ist erreicht und die Position versiegelt."
    assert deeds() == [
        "forum.sign_concern",
        "forum.reach_quorum",
        "forum.choose_ministry",
        "forum.send_concern",
    ]


def test_the_last_day_is_a_day_in_berlin_whatever_the_clocks_do(
    agreed: Terms, ministry: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sent in winter time, due in summer time: the end of the day all the same."""
    concern = ConcernFactory(
        state=ConcernState.POSITION, quorum_at=timezone.now(), ministry=ministry
    )
    seal(concern)
    sent = timezone.make_aware(datetime(2027, 3, 1, 23, 30))
    monkeypatch.setattr(timezone, "now", lambda: sent)
    assert services.send_if_ready(concern=concern)
    assert timezone.localtime(concern.answer_due).isoformat() == "2027-04-12T23:59:59+02:00"


def test_each_of_quorum_position_and_ministry_is_waited_for(
    agreed: Terms, ministry: Organisation
) -> None:
    concern = ConcernFactory(state=ConcernState.POSITION)
    assert not services.send_if_ready(concern=concern)
    sign(concern, association())
    assert not services.send_if_ready(concern=concern)
    seal(concern)
    assert not services.send_if_ready(concern=concern)
    Concern.objects.filter(pk=concern.pk).update(ministry=ministry)
    assert services.send_if_ready(concern=concern)
    assert not services.send_if_ready(concern=concern)
    assert deeds().count("forum.send_concern") == 1


def test_what_is_confidential_is_sent_after_its_deadline(
    agreed: Terms, ministry: Organisation, official: User
) -> None:
    concern = ConcernFactory(state=ConcernState.POSITION, ministry=ministry, is_confidential=True)
    seal(concern)
    sign(concern, association())
    services.send_what_waited()
    concern.refresh_from_db()
    assert concern.state == ConcernState.POSITION
    assert not Notice.objects.filter(user=official).exists()
    Concern.objects.filter(pk=concern.pk).update(deadline=timezone.now())
    services.send_what_waited()
    concern.refresh_from_db()
    assert concern.state == ConcernState.SENT
    assert Notice.objects.get(user=official).topic == "forum.ministry"


def test_the_ministry_and_all_who_co_signed_are_told(
    concern: Concern, alice: User, agreed: Terms, ministry: Organisation, official: User
) -> None:
    Concern.objects.filter(pk=concern.pk).update(ministry=ministry)
    board = association()
    sign(concern, board)
    question = concern.question
    assert Notice.objects.get(user=official).title == f"Kommt auf Sie zu: {question}"
    told = Notice.objects.filter(topic="forum.way").order_by("pk")
    assert {notice.user for notice in told} == {alice, board.user}
    assert {notice.title for notice in told} == {f"Das Quorum ist erreicht: {question}"}
    Concern.objects.filter(pk=concern.pk).update(state=ConcernState.POSITION)
    seal(concern)
    services.send_if_ready(concern=concern)
    titles = [notice.title for notice in Notice.objects.filter(user=official).order_by("pk")]
    concern.refresh_from_db()
    day = timezone.localtime(concern.answer_due)
    assert titles[1].startswith(f"Zu beantworten bis {day.day}. ")


def test_an_invented_ministry_answers_no_real_concern(concern: Concern) -> None:
    invented = OrganisationFactory(region=None, kind="ministerium", is_example=True)
    Responsibility.objects.create(topic=concern.topic, ministry=invented)
    assert queries.responsible_ministry(concern) is None
    example = ConcernFactory(is_example=True)
    assert queries.responsible_ministry(example) == invented


def test_each_step_is_told_once_to_owner_supporters_and_voters(
    concern: Concern, alice: User, charlie: User, dora: User
) -> None:
    board = association()
    sign(concern, board)
    services.close_concern(
        actor=alice, concern=concern, reason="Alle haben gestimmt.", mandate=alice.mandates.get()
    )
    Notice.objects.all().delete()
    services.tell_of_steps()
    services.tell_of_steps()
    notices = Notice.objects.filter(topic="forum.way")
    assert {notice.user for notice in notices} == {alice, board.user}
    assert notices.count() == 2
    notice = notices.first()
    assert notice is not None
    assert notice.title == f"Gemeinsame Position: {concern.question}"
    assert notice.text == (
        "Die Kommune Lindenfurt hat die Abstimmung beendet: Alle haben gestimmt. "
        "Jetzt entsteht die gemeinsame Position."
    )
