"""Who may speak for whom: given, ended, and void when the municipality is gone."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from allmende.accounts.models import User
from allmende.audit.models import Entry
from allmende.registry.models import Mandate, Office, Region, Right
from allmende.registry.queries import mandates_of, mandates_with
from allmende.registry.services import (
    MandateError,
    end_mandate,
    grant_mandate,
    import_register,
    organisation_of,
)
from tests.factories import MandateFactory, second_factor

from .builders import NEW, germany

pytestmark = pytest.mark.django_db


@pytest.fixture
def uder() -> Region:
    import_register(register=germany(), actor=None)
    return Region.objects.get(ags="16061097")


def test_a_mandate_is_given_once_and_written_down(alice: User, uder: Region) -> None:
    today = timezone.localdate()
    for _ in range(2):
        grant_mandate(
            actor=None,
            user=alice,
            organisation=organisation_of(uder),
            office=Office.MAYOR,
            since=today,
        )
    assert Mandate.objects.count() == 1
    assert [mandate.region for mandate in mandates_of(alice)] == [uder]
    entry = Entry.objects.get(deed="registry.grant_mandate")
    assert entry.details == {
        "organisation": "uder-16061097",
        "office": "mayor",
        "until": None,
        "rights": ["contribute", "release", "vote"],
        "confirmation": "operator",
    }


def test_a_mandate_ends_with_its_last_day(alice: User, uder: Region) -> None:
    today = timezone.localdate()
    mandate = grant_mandate(
        actor=None,
        user=alice,
        organisation=organisation_of(uder),
        office=Office.MAYOR,
        since=today - timedelta(days=9),
    )
    end_mandate(actor=alice, mandate=mandate, until=today)
    assert [mandate.region for mandate in mandates_of(alice)] == [uder]
    end_mandate(actor=alice, mandate=mandate, until=today - timedelta(days=1))
    assert [mandate.region for mandate in mandates_of(alice)] == []


def test_days_in_the_wrong_order_are_refused(alice: User, uder: Region) -> None:
    day = date(2024, 5, 1)
    with pytest.raises(MandateError, match="vor dem Beginn"):
        grant_mandate(
            actor=None, user=alice, organisation=organisation_of(uder), office=Office.MAYOR, since=day,
            until=day - timedelta(days=1),
        )  # fmt: skip
    mandate = grant_mandate(
        actor=None, user=alice, organisation=organisation_of(uder), office=Office.MAYOR, since=day
    )
    with pytest.raises(MandateError, match="vor dem Beginn"):
        end_mandate(actor=None, mandate=mandate, until=day - timedelta(days=1))


def test_nobody_speaks_for_what_is_gone(alice: User, uder: Region) -> None:
    grant_mandate(
        actor=None,
        user=alice,
        organisation=organisation_of(uder),
        office=Office.MAYOR,
        since=date(2024, 1, 1),
    )
    import_register(register=germany(NEW, without={"16061097"}), actor=None)
    assert [mandate.region for mandate in mandates_of(alice)] == []
    uder.refresh_from_db()
    with pytest.raises(MandateError, match="nicht mehr"):
        grant_mandate(
            actor=None,
            user=alice,
            organisation=organisation_of(uder),
            office=Office.COUNCIL,
            since=date(2025, 1, 1),
        )


def test_what_is_worth_stealing_counts_only_with_a_second_factor(alice: User) -> None:
    mandate = MandateFactory(user=alice, may_vote=False, may_release=True, may_manage=True)
    organisation = mandate.organisation
    assert mandates_with(Right.RELEASE, alice, organisation) == ()
    assert mandates_with(Right.MANAGE, alice, organisation) == ()
    assert mandates_with(Right.CONTRIBUTE, alice, organisation) == (mandate,)
    second_factor(alice)
    assert mandates_with(Right.RELEASE, alice, organisation) == (mandate,)
    assert mandates_with(Right.MANAGE, alice, organisation) == (mandate,)
