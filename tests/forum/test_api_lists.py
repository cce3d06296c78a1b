"""Lists of the interface cost as many queries with three rows as with one."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from allmende.accounts.models import User
from allmende.forum.models import (
    AgendaItem,
    Attendance,
    Concern,
    ConcernState,
    Draft,
    DraftKind,
    ItemState,
    Participant,
    Stand,
)
from allmende.registry.models import Mandate
from tests.api_client import Program
from tests.factories import (
    AgentFactory,
    ConcernFactory,
    MandateFactory,
    OrganisationFactory,
    ProxyFactory,
    SentConcernFactory,
    SeriesFactory,
    SittingFactory,
    StatementFactory,
    second_factor,
)

pytestmark = pytest.mark.django_db
# Who asks, for what, and how one more row is made.
Case = tuple[User, str, Callable[[], object]]


def drafts() -> Case:
    """Votes that wait for a release."""
    mandate: Mandate = MandateFactory(may_release=True)
    concern = ConcernFactory()
    participant = Participant.objects.create(
        concern=concern, region=mandate.region, voices="official"
    )

    def more() -> None:
        Draft.objects.create(
            concern=concern,
            participant=participant,
            organisation=mandate.organisation,
            kind=DraftKind.VOTE,
            statement=StatementFactory(concern=concern),
            stand=Stand.AGREE,
            drafted_by=mandate.user,
            mandate=mandate,
        )

    return mandate.user, f"/concerns/{concern.slug}/drafts", more


def members() -> Case:
    """Municipalities for which a Landkreis answers."""
    agent, concern = AgentFactory(), ConcernFactory()
    user = MandateFactory(organisation=agent).user

    def more() -> None:
        member = MandateFactory().organisation
        ProxyFactory(member=member, agent=agent, topic=concern.topic)

    return user, f"/concerns/{concern.slug}/members", more


def officials() -> Case:
    """The people of a ministry."""
    concern: Concern = SentConcernFactory()
    user = MandateFactory(organisation=concern.ministry, office="desk").user
    return (
        user,
        f"/concerns/{concern.slug}/officials",
        lambda: MandateFactory(organisation=concern.ministry, office="desk"),
    )


def rapporteurs() -> Case:
    """Organisations that write a position, too."""
    concern: Concern = ConcernFactory(
        state=ConcernState.POSITION, deadline=timezone.now() - timedelta(days=1)
    )
    return (
        MandateFactory().user,
        f"/concerns/{concern.slug}/rapporteurs",
        lambda: concern.rapporteurs.add(OrganisationFactory()),
    )


def series() -> Case:
    """Series of sittings with their hosts."""
    return MandateFactory().user, "/series", lambda: SeriesFactory(host=OrganisationFactory())


def proposals() -> Case:
    """What members want to talk about."""
    host = MandateFactory(may_release=True)
    sitting = SittingFactory(series__host=host.organisation)

    def more() -> None:
        AgendaItem.objects.create(
            sitting=sitting,
            place=0,
            title="Drohungen",
            concern=ConcernFactory(),
            proposer=OrganisationFactory(),
            state=ItemState.PROPOSED,
        )

    return host.user, f"/sittings/{sitting.pk}/proposals", more


def minutes() -> Case:
    """Points with what was said on them, and who was there."""
    sitting = SittingFactory(state="held")

    def more() -> None:
        AgendaItem.objects.create(sitting=sitting, place=1, title="?", concern=ConcernFactory())
        Attendance.objects.create(
            sitting=sitting, organisation=OrganisationFactory(), presence="present"
        )

    return MandateFactory().user, f"/sittings/{sitting.pk}/minutes", more


@pytest.mark.parametrize(
    "case", [drafts, members, officials, rapporteurs, series, proposals, minutes]
)
def test_three_rows_cost_as_much_as_one(case: Callable[[], Case]) -> None:
    user, path, more = case()
    program = Program(second_factor(user))

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            program.get(path)
        return len(asked)

    more()
    queries()  # what is remembered from request to request
    one = queries()
    more()
    more()
    assert queries() == one
