"""Example data: real places without a register, and municipalities that do not exist."""

from collections import Counter
from pathlib import Path

import pytest
from django.conf import LazySettings

from allmende.accounts.models import User
from allmende.registry import queries
from allmende.registry.demo import create_invented_municipalities, ensure_laender, fill_people
from allmende.registry.demo.places import fill_places
from allmende.registry.models import (
    Level,
    Mandate,
    Organisation,
    Proxy,
    Region,
    RegisterImport,
    SizeClass,
)
from allmende.registry.names import fold
from allmende.registry.services import import_register

from .builders import germany

pytestmark = pytest.mark.django_db


def test_real_places_come_from_the_packages(settings: LazySettings) -> None:
    if not settings.NODE_DIR.is_dir():
        pytest.skip("the browser libraries are not installed")
    (note,) = fill_places(1)
    assert note.startswith("Verzeichnis: 9")
    totals = queries.totals()
    assert (totals.laender, totals.kreise) == (16, 401)
    assert totals.municipalities == 9_814
    source = queries.newest_import()
    assert source is not None
    assert "GeoNames" in source.attribution
    assert list(fill_places(1)) == []
    assert RegisterImport.objects.count() == 1


def test_without_packages_there_are_still_the_laender(
    settings: LazySettings, tmp_path: Path
) -> None:
    settings.NODE_DIR = tmp_path
    (note,) = fill_places(1)
    assert "nur die 16 Länder" in note
    assert queries.totals().laender == 16


def test_a_register_is_not_touched_by_the_demo() -> None:
    import_register(register=germany(), actor=None)
    assert list(fill_places(1)) == []
    assert queries.totals().municipalities == 4


def test_invented_municipalities_are_apart_from_real_ones() -> None:
    import_register(register=germany(), actor=None)
    made = create_invented_municipalities(seed=1, count=400)
    assert len({region.ags for region in made}) == len(made) == 400
    assert len({region.name for region in made}) == 400
    for region in made:
        assert region.invented
        assert region.level == Level.GEMEINDE
        assert region.ags[2:5] == "999"
        assert region.ars == f"{region.ags[:5]}0000{region.ags[5:]}"
        assert region.parent is not None
        assert region.parent.ars == region.land
        assert region.population is not None
        assert region.size_class == SizeClass.of(region.population)
        assert region.lon is not None
        assert region.lat is not None
    assert queries.totals().municipalities == 4
    real = {fold(r.short_name) for r in Region.objects.filter(invented=False)}
    assert not real & {fold(region.short_name) for region in made}


def test_invented_municipalities_follow_germanys_proportions() -> None:
    made = create_invented_municipalities(seed=1, count=400)
    sizes = Counter(region.size_class for region in made)
    assert 0.62 < sizes[SizeClass.LANDGEMEINDE] / 400 < 0.82
    assert len({region.land for region in made}) == 16


def test_two_of_them_are_always_there() -> None:
    made = create_invented_municipalities(seed=7, count=20)
    known = {region.name: region.population for region in made}
    assert (known["Lindenfurt"], known["Kranichsee"]) == (812, 811)


def test_the_same_seed_makes_the_same() -> None:
    ensure_laender()
    first = [
        (r.ags, r.name, r.population, r.lon)
        for r in create_invented_municipalities(seed=3, count=60)
    ]
    Region.objects.filter(invented=True).delete()
    again = [
        (r.ags, r.name, r.population, r.lon)
        for r in create_invented_municipalities(seed=3, count=60)
    ]
    Region.objects.filter(invented=True).delete()
    other = [
        (r.ags, r.name, r.population, r.lon)
        for r in create_invented_municipalities(seed=4, count=60)
    ]
    assert first == again
    assert first != other


def test_asked_again_there_are_no_more() -> None:
    first = create_invented_municipalities(seed=3, count=20)
    assert create_invented_municipalities(seed=3, count=20) == first
    more = create_invented_municipalities(seed=3, count=25)
    assert len(more) == Region.objects.filter(invented=True).count() == 25
    assert {region.pk for region in first} <= {region.pk for region in more}


def test_people_speak_for_organisations_of_each_kind_and_are_made_once() -> None:
    lines = list(fill_people(1))
    assert list(fill_people(1)) == lines
    held = {
        mandate.user.email.split("@")[0]: (mandate.organisation.kind, sorted(mandate.rights))
        for mandate in Mandate.objects.select_related("user", "organisation")
    }
    everything = ["contribute", "manage", "release", "vote"]
    assert held == {
        "buergermeisterin": ("gemeinde", everything),
        "verwaltung": ("gemeinde", ["contribute", "vote"]),
        "stadt": ("gemeinde", ["contribute", "vote"]),
        "oberbuergermeister": ("gemeinde", everything),
        "landkreis": ("kreis", everything),
        "ministerin": ("ministerium", everything),
        "werke": ("betreiber", everything),
        "verband": ("spitzenverband", ["contribute", "manage", "vote"]),
        "ministerium": ("ministerium", ["contribute", "vote"]),
    }
    needing = {user.email for user in User.objects.all() if user.needs_second_factor}
    assert {user.email for user in User.objects.all() if user.has_second_factor} == needing
    marked = {line.split()[0] for line in lines if line.endswith(" *")}
    assert marked == needing
    assert set(Organisation.objects.values_list("is_example", flat=True)) == {True}
    powers = Proxy.objects.filter(agent__kind="kreis")
    assert powers.filter(member__name="Lindenfurt").count() == 2
    assert set(powers.values_list("member__is_example", flat=True)) == {True}
