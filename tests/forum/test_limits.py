"""What tasks say where a kind of them is cut, and that saying so asks the database nothing more."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from allmende.accounts.models import User
from allmende.forum.models import (
    Attendance,
    Outcome,
    SittingState,
    StatementState,
    Support,
)
from allmende.forum.portal import offer
from allmende.registry.models import Mandate, Office
from tests.factories import (
    CommitmentFactory,
    ConcernFactory,
    MandateFactory,
    MinistryFactory,
    SentConcernFactory,
    SittingFactory,
    StatementFactory,
    UserFactory,
    second_factor,
)
from tests.forum.test_open_data import answered

pytestmark = pytest.mark.django_db
Fill = Callable[[int], None]


def in_ministry(**rights: bool) -> Mandate:
    house = MinistryFactory(is_example=False)
    mandate: Mandate = MandateFactory(organisation=house, office=Office.DESK, **rights)
    second_factor(mandate.user)
    return mandate


def in_charge() -> tuple[User, Fill]:
    mandate = MandateFactory(may_vote=True)

    def fill(count: int) -> None:
        for concern in ConcernFactory.create_batch(count, owner=mandate.region):
            StatementFactory(concern=concern, state=StatementState.PENDING)

    return mandate.user, fill


def to_answer() -> tuple[User, Fill]:
    mandate = in_ministry(may_contribute=True)

    def fill(count: int) -> None:
        SentConcernFactory.create_batch(
            count, ministry=mandate.organisation, official=mandate.user, is_example=False
        )

    return mandate.user, fill


def unattended() -> tuple[User, Fill]:
    mandate = in_ministry(may_release=True)

    def fill(count: int) -> None:
        now = timezone.now()
        ConcernFactory.create_batch(count, ministry=mandate.organisation, quorum_at=now)

    return mandate.user, fill


def without_ministry() -> tuple[User, Fill]:
    user = second_factor(UserFactory(is_operator=True))

    def fill(count: int) -> None:
        ConcernFactory.create_batch(count, quorum_at=timezone.now())

    return user, fill


def promised() -> tuple[User, Fill]:
    mandate = in_ministry(may_vote=True)
    answer = CommitmentFactory().answer

    def fill(count: int) -> None:
        CommitmentFactory.create_batch(
            count, answer=answer, organisation=mandate.organisation, due_on=timezone.localdate()
        )

    return mandate.user, fill


def to_judge() -> tuple[User, Fill]:
    mandate = MandateFactory(may_vote=True)
    concern = answered()
    Support.objects.create(
        concern=concern,
        organisation=mandate.organisation,
        signed_by=mandate.user,
        mandate=mandate,
    )
    answer = concern.commitments.get().answer

    def fill(count: int) -> None:
        CommitmentFactory.create_batch(
            count,
            answer=answer,
            concern=concern,
            outcome=Outcome.KEPT,
            outcome_at=timezone.now(),
        )

    return mandate.user, fill


def invited() -> tuple[User, Fill]:
    mandate = MandateFactory(may_contribute=True)

    def fill(count: int) -> None:
        for sitting in SittingFactory.create_batch(count, state=SittingState.INVITED):
            Attendance.objects.create(sitting=sitting, organisation=mandate.organisation)

    return mandate.user, fill


def hosting() -> tuple[User, Fill]:
    mandate = in_ministry(may_release=True)

    def fill(count: int) -> None:
        SittingFactory.create_batch(count, series__host=mandate.organisation)

    return mandate.user, fill


@pytest.mark.parametrize(
    ("begin", "most", "said", "url"),
    [
        (in_charge, 50, "nur die 50 mit der frühesten Frist", "/forum/"),
        (to_answer, 20, "nur zu den 20 Anliegen", "/ministerium/?stand=da"),
        (unattended, 20, "nur die 20 dringendsten", "/ministerium/?person=niemand"),
        (without_ministry, 20, "nur die 20, deren Quorum", "/betrieb/regeln/"),
        (promised, 20, "nur die 20, die zuerst fällig sind", "/zusagen/"),
        (to_judge, 20, "nur die 20 Zusagen, deren Ergebnis", "/zusagen/"),
        (invited, 20, "nur die 20, deren Sitzungen", "/sitzungen/"),
        (hosting, 20, "nur die 20 berücksichtigt", "/sitzungen/"),
    ],
)
def test_a_kind_of_tasks_that_is_cut_says_so_and_where_the_whole_list_is(
    begin: Callable[[], tuple[User, Fill]], most: int, said: str, url: str, client: Client
) -> None:
    user, fill = begin()
    client.force_login(user)

    def notes(path: str) -> tuple[list[str], int]:
        with CaptureQueriesContext(connection) as asked:
            limits = client.get(path).context["limits"]
        return [limit.link.url for limit in limits if said in limit.note], len(asked)

    fill(most - 1)
    before = [notes(path) for path in ("/", "/aufgaben/")]
    assert [found for found, _cost in before] == [[], []]
    fill(1)
    after = [notes(path) for path in ("/", "/aufgaben/")]
    assert [found for found, _cost in after] == [[url], [url]]
    assert [cost for _found, cost in after] == [cost for _found, cost in before]


@pytest.mark.parametrize(
    "begin",
    [in_charge, to_answer, unattended, without_ministry, promised, to_judge, invited, hosting],
)
def test_what_is_left_out_is_known_from_the_tasks(
    begin: Callable[[], tuple[User, Fill]],
) -> None:
    user, fill = begin()
    fill(20)
    user.memory = {}  # as in a request
    list(offer.tasks(user))
    with CaptureQueriesContext(connection) as asked:
        list(offer.limits(user))
    assert [each["sql"] for each in asked] == []
