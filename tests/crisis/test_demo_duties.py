"""The example data's utility says how much it gives, keeps one list voluntarily and reports one incident; an
association lies above the federal threshold and has registered.
"""

from datetime import date

import pytest
from django.utils import timezone
from tests.factories import (
    FacilityFactory,
    MunicipalityFactory,
    OrganisationFactory,
    UserFactory,
)

from allmende.crisis import queries, services
from allmende.crisis.demo.association import make_association
from allmende.crisis.demo.duties import make_duties
from allmende.crisis.models import Facility, Incident, Service
from allmende.formats.kritis import Level as Standing
from allmende.registry.models import Level, OrganisationKind

pytestmark = pytest.mark.django_db


def test_nothing_of_the_utility_is_critical_for_the_bund() -> None:
    services.load_thresholds()
    provider = OrganisationFactory(region=None, kind=OrganisationKind.PROVIDER)
    for served in (9_000, 1_200, 0):
        FacilityFactory(provider=provider, served=served)
    make_duties(provider=provider)
    facilities = list(Facility.objects.order_by("-served"))
    found = queries.duties_of(facilities, on=timezone.localdate())
    assert {each.status.level for each in found} == {Standing.LOCAL}
    assert [bool(each.dues) for each in found] == [True, False, False]
    persons = [each.status.lines[0].years[0][2] for each in found if each.status.lines]
    assert persons == [9_000, 1_200]
    assert Incident.objects.get().affected == 1_200


def test_an_association_has_duties_by_law_and_one_is_done() -> None:
    services.load_thresholds()
    UserFactory(email="werke@example.org")
    kreis = MunicipalityFactory(
        level=Level.KREIS, ars="09574", ags="", kind=44, size_class=None, invented=True
    )
    town = MunicipalityFactory(ars="095740123456", invented=True)
    grid = FacilityFactory(region=town, service=Service.POWER, served=9, is_example=True)
    FacilityFactory(region=town, name="Wasserwerk", served=9, is_example=True)
    make_association(kreis=OrganisationFactory(region=kreis, kind=OrganisationKind.DISTRICT))
    works = Facility.objects.get(name__startswith="Fernwasserwerk")
    today = timezone.localdate()
    [found] = queries.duties_of([works], on=today)
    assert (found.is_legal, found.status.since) == (True, date(today.year - 1, 4, 1))
    assert [bool(due.done_on) for due in found.dues] == [True, False, False]
    assert len(found.open) == 2
    assert [supply.rows.get().facility for supply in works.supplies.all()] == [grid]
    assert queries.doubt_hours(works.generators.all(), queries.needs_of(works)) == ""
    assert [each.facility.name for each in queries.needed_by(works)] == ["Wasserwerk"]
