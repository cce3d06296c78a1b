"""The example data's utility says how much it gives, keeps one list voluntarily and reports one incident."""

import pytest
from django.utils import timezone
from tests.factories import FacilityFactory, OrganisationFactory

from allmende.crisis import queries, services
from allmende.crisis.demo.duties import make_duties
from allmende.crisis.models import Facility, Incident
from allmende.formats.kritis import Level
from allmende.registry.models import OrganisationKind

pytestmark = pytest.mark.django_db


def test_nothing_in_it_is_critical_for_the_bund() -> None:
    services.load_thresholds()
    provider = OrganisationFactory(region=None, kind=OrganisationKind.PROVIDER)
    for served in (9_000, 1_200, 0):
        FacilityFactory(provider=provider, served=served)
    make_duties(provider=provider)
    facilities = list(Facility.objects.order_by("-served"))
    found = queries.duties_of(facilities, on=timezone.localdate())
    assert {each.status.level for each in found} == {Level.LOCAL}
    assert [bool(each.dues) for each in found] == [True, False, False]
    persons = [each.status.lines[0].years[0][2] for each in found if each.status.lines]
    assert persons == [9_000, 1_200]
    assert Incident.objects.get().affected == 1_200
