"""What webhooks are told of commitments and sittings."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from tests.factories import (
    CommitmentFactory,
    MandateFactory,
    MinistryFactory,
    OrganisationFactory,
    SentConcernFactory,
    SeriesFactory,
    SittingFactory,
    UserFactory,
    second_factor,
)

from allmende.accounts.models import User
from allmende.forum import events
from allmende.forum.models import (
    AgendaItem,
    Commitment,
    Concern,
    Outcome,
    Presence,
    Sitting,
    SittingState,
)
from allmende.forum.queries import plan_extension
from allmende.forum.services import add_report, extend_answers, postpone_commitment, set_outcome
from allmende.forum.services.sittings import (
    cancel_sitting,
    change_sitting,
    close_minutes,
    invite_members,
)
from allmende.registry.models import Mandate
from allmende.webhooks import services
from allmende.webhooks.models import Delivery

pytestmark = pytest.mark.django_db(transaction=True)
ADDRESS = "https://example.org/hook"
YESTERDAY = timedelta(days=1)


@pytest.fixture
def operator(db: None) -> User:
    return second_factor(UserFactory(is_operator=True))


@pytest.fixture(autouse=True)
def webhook(operator: User) -> None:
    """The installation's own hears everything."""
    services.add_webhook(actor=operator, organisation=None, url=ADDRESS)


def told() -> list[str]:
    return [str(event) for event in Delivery.objects.order_by("pk").values_list("event", flat=True)]


def said() -> dict[str, Any]:
    """What the latest event says."""
    data: dict[str, Any] = json.loads(Delivery.objects.latest("pk").body)["data"]
    return data


@pytest.fixture
def commitment() -> Commitment:
    made: Commitment = CommitmentFactory()
    return made


def overdue(commitment: Commitment, *, days: int = 1) -> None:
    commitment.due_on = timezone.localdate() - timedelta(days=days)
    commitment.save()


def test_an_overdue_commitment_is_told_once_for_its_day(commitment: Commitment) -> None:
    events.tell_of_overdue()
    assert told() == []
    overdue(commitment)
    for _ in range(2):
        events.tell_of_overdue()
    assert told() == ["commitment.overdue"]
    assert said()["commitment"]["id"] == commitment.pk
    assert said()["concern"]["slug"] == commitment.concern.slug  # type: ignore[union-attr]
    overdue(commitment, days=2)
    events.tell_of_overdue()
    assert told() == ["commitment.overdue"] * 2


def test_only_what_is_late_open_public_and_new_is_told_as_overdue(commitment: Commitment) -> None:
    overdue(commitment, days=events.OVERDUE_SINCE_DAYS + 1)
    settled = CommitmentFactory(outcome=Outcome.KEPT, outcome_text="Ja.")
    overdue(settled)
    secret = CommitmentFactory()
    overdue(secret)
    Concern.objects.filter(pk=secret.concern.pk).update(
        is_confidential=True, deadline=timezone.now() + timedelta(days=9)
    )
    drafted = CommitmentFactory(answer__answer__published_at=None)
    overdue(drafted)
    events.tell_of_overdue()
    assert told() == []


def test_what_is_done_about_a_commitment_is_told(commitment: Commitment) -> None:
    mandate = MandateFactory(organisation=commitment.organisation, may_release=True)
    by: dict[str, Any] = {"actor": mandate.user, "mandate": mandate, "commitment": commitment}
    add_report(text="Der Entwurf liegt vor.", **by)
    postpone_commitment(
        due_on=commitment.due_on + timedelta(days=9),
        reason="Der Haushalt kam später.",
        seen=commitment.due_on,
        **by,
    )
    set_outcome(outcome=Outcome.KEPT, text="", seen="", **by)
    assert told() == ["commitment.reported", "commitment.postponed", "commitment.settled"]


def test_more_time_for_an_answer_is_told() -> None:
    concern = SentConcernFactory()
    mandate = MandateFactory(organisation=concern.ministry, office="desk", may_release=True)
    extend_answers(
        actor=second_factor(mandate.user),
        keys=[concern.pk],
        last_day=timezone.localdate(concern.answer_due) + timedelta(days=9),
        reason="Die Länder müssen zustimmen.",
        seen=plan_extension(mandate.user, [concern.pk]).edition,
    )
    assert told() == ["concern.answer_extended"]
    assert said()["concern"]["slug"] == concern.slug


def test_a_commitment_made_in_a_sitting_without_a_concern_is_told() -> None:
    item = AgendaItem.objects.create(
        sitting=SittingFactory(state=SittingState.HELD), place=1, title="Nächste Schritte"
    )
    host = item.sitting.series.host
    commitment = Commitment.objects.create(
        decision=item,
        organisation=host,
        what="Der Verband sammelt Fälle",
        who="Geschäftsstelle",
        due_on=timezone.localdate() - YESTERDAY,
        sign="Die Liste steht im Netz.",
        created_by=UserFactory(),
    )
    events.tell_of_overdue()
    assert told() == ["commitment.overdue"]
    assert said().keys() == {"commitment"}
    assert said()["commitment"]["id"] == commitment.pk


@pytest.fixture
def host() -> Mandate:
    association = OrganisationFactory(region=None, kind="spitzenverband", name="Städtebund")
    mandate: Mandate = MandateFactory(organisation=association, may_release=True)
    return mandate


@pytest.fixture
def sitting(host: Mandate) -> Sitting:
    """Planned; one municipality is a member."""
    series = SeriesFactory(host=host.organisation)
    series.members.add(MandateFactory().organisation)
    made: Sitting = SittingFactory(series=series, state=SittingState.PLANNED)
    return made


def test_a_sitting_is_told_from_its_invitation_to_its_minutes(
    host: Mandate, sitting: Sitting
) -> None:
    by: dict[str, Any] = {"actor": host.user, "mandate": host, "sitting": sitting}
    change_sitting(seen=sitting.edition, place="Altes Rathaus", **by)
    assert told() == []
    invite_members(**by)
    assert said().keys() == {"sitting"}
    assert said()["sitting"]["title"] == sitting.title
    change_sitting(seen=sitting.edition, place="Neues Rathaus", **by)
    Sitting.objects.update(state=SittingState.RUNNING)
    sitting.attendances.update(presence=Presence.PRESENT)
    sitting.refresh_from_db()
    close_minutes(**by)
    assert told() == ["sitting.announced", "sitting.changed", "sitting.minutes_closed"]


def test_a_sitting_that_is_called_off_is_told_if_it_was_announced(
    host: Mandate, sitting: Sitting
) -> None:
    other = SittingFactory(series=sitting.series, state=SittingState.PLANNED)
    cancel_sitting(actor=host.user, mandate=host, sitting=other, reason="Zu früh.")
    invite_members(actor=host.user, mandate=host, sitting=sitting)
    cancel_sitting(actor=host.user, mandate=host, sitting=sitting, reason="Sturm.")
    assert told() == ["sitting.announced", "sitting.cancelled"]


def test_whoever_listens_to_a_region_or_topic_hears_of_no_sitting(
    operator: User, host: Mandate, sitting: Sitting
) -> None:
    for wish in ({"ags": "09"}, {"topic": "demokratie"}, {"ministry": MinistryFactory()}):
        services.add_webhook(actor=operator, organisation=None, url=ADDRESS, **wish)  # type: ignore[arg-type]
    invite_members(actor=host.user, mandate=host, sitting=sitting)
    assert Delivery.objects.count() == 1
