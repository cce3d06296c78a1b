"""Registers become the present and the past: same file, newer file, older file, lists of changes."""

from dataclasses import replace
from datetime import date

import pytest

from allmende.accounts.models import User
from allmende.audit.models import Entry
from allmende.formats.municipalities import ChangeKind, Source
from allmende.registry import queries
from allmende.registry.models import (
    Level,
    Region,
    RegisterChange,
    RegisterImport,
    SizeClass,
)
from allmende.registry.services import (
    ImportRefusedError,
    ImportReport,
    Renamed,
    import_register,
    import_registers,
)
from tests.factories import MandateFactory

from .builders import (
    GERMANY,
    NEW,
    OLD,
    change,
    changes,
    gemeinde,
    germany,
    kreis,
    register,
)

pytestmark = pytest.mark.django_db

UDER, LENTERODE = GERMANY[8], GERMANY[9]
MUEHLHAUSEN = GERMANY[11]
NEW_UDER = gemeinde("160615012119", "Uder", 2_912)
MERGER = changes(
    change(ChangeKind.DISSOLVED, UDER, NEW_UDER, area=10.0, population=2600),
    change(ChangeKind.DISSOLVED, LENTERODE, NEW_UDER, area=10.0, population=312),
)


def load(*files: object) -> list[ImportReport]:
    return [import_register(register=file, actor=None) for file in files]  # type: ignore[arg-type]


def picture() -> list[tuple[object, ...]]:
    """Everything that an import decides about regions, to compare two ways to the same end."""
    return [
        (
            region.level,
            region.ars,
            region.name,
            region.former_names,
            region.population,
            region.valid_from,
            region.valid_until,
            region.valid_until_exact,
            sorted(successor.key for successor in region.successors.all()),
            region.parent.key if region.parent else None,
        )
        for region in Region.objects.order_by("level", "ars", "valid_until").prefetch_related(
            "successors", "parent"
        )
    ]


def test_the_first_register_makes_the_tree() -> None:
    (report,) = load(germany())
    assert report.mode == "angelegt"
    assert report.totals == queries.Totals(
        laender=2, kreise=3, associations=1, municipalities=4, population=1_539_912, dissolved=0
    )
    uder = Region.objects.get(ags="16061097")
    assert [region.name for region in queries.ancestors_of(uder)] == [
        "Deutschland",
        "Thüringen",
        "Eichsfeld",
        "Uder",
    ]
    assert uder.parent == Region.objects.get(ars="160615012")
    assert (uder.land, uder.kreis, uder.size_class) == ("16", "16061", SizeClass.LANDGEMEINDE)
    assert (uder.population_on, uder.first_seen, uder.last_seen) == (OLD, OLD, OLD)
    # A municipality without association hangs below its Kreis, that below its Regierungsbezirk.
    munich = Region.objects.get(ags="09162000")
    assert munich.parent == Region.objects.get(ars="09162")
    assert munich.parent is not None
    assert munich.parent.parent == Region.objects.get(ars="091")


def test_sums_rise_from_the_municipalities() -> None:
    load(germany())
    sums = {region.key: (region.population, region.area_km2) for region in Region.objects.all()}
    assert sums["160615012"] == (2_912, 20.0)
    assert sums["16061"] == (2_912, 20.0)
    assert sums["091"] == (1_500_000, 10.0)
    assert sums["16"] == (39_912, 30.0)
    assert sums[""] == (1_539_912, 40.0)


def test_the_same_file_again_changes_nothing() -> None:
    load(germany())
    before = picture()
    (report,) = load(germany())
    assert report.mode == "schon eingelesen, nichts geändert"
    assert picture() == before
    assert RegisterImport.objects.count() == 1
    assert Entry.objects.filter(deed="registry.import_register").count() == 1


def test_the_same_content_in_another_file_changes_nothing() -> None:
    load(germany())
    before = picture()
    (report,) = load(replace(germany(), sha256="f" * 64))
    assert (report.added, report.new, report.renamed, report.ended) == (0, [], [], [])
    assert report.population_changed == 0
    assert picture() == before


def test_a_newer_year_is_reported_and_applied() -> None:
    newer = germany(
        NEW,
        without={"16061065"},
        extra=(gemeinde("160615012119", "Neudorf", 90),),
        k16064046={"name": "Mühlhausen, Stadt", "population": 36_500},
    )
    report = load(germany(), newer)[1]
    assert report.mode == "fortgeschrieben"
    assert report.new == ["Neudorf (16061119)"]
    assert report.renamed == [
        Renamed("16064046", "Mühlhausen/Thüringen, Stadt", "Mühlhausen, Stadt")
    ]
    assert [(row.key, row.exact, row.successors) for row in report.ended] == [
        ("16061065", False, ())
    ]
    assert (report.population_changed, report.population_difference) == (1, -500)
    gone = Region.objects.get(ags="16061065")
    assert (gone.valid_until, gone.last_seen, gone.population) == (NEW, OLD, 312)
    assert Region.objects.get(ags="16064046").former_names == "Mühlhausen/Thüringen, Stadt"
    noticed = RegisterChange.objects.get()
    assert (noticed.kind, noticed.effective_on, noticed.noticed_on) == (4, None, NEW)


def test_a_region_keeps_its_row_through_new_name_figures_and_association() -> None:
    load(germany())
    before = Region.objects.get(ags="16061097").pk
    load(
        germany(
            NEW, without={"160615012", "16061065"}, k16061097={"ars": "160610097097", "name": "U"}
        )
    )
    after = Region.objects.get(ags="16061097")
    assert (after.pk, after.ars, after.name) == (before, "160610097097", "U")
    assert after.parent == Region.objects.get(ars="16061")


def test_what_a_file_does_not_say_stays() -> None:
    load(germany())
    bare = {"longitude": None, "latitude": None, "postcode": ""}
    load(
        register(
            *(replace(r, **bare) if r.ags else r for r in GERMANY),  # type: ignore[arg-type]
            status=NEW,
            source=Source.GV100AD,
        )
    )
    munich = Region.objects.get(ags="09162000")
    assert (munich.lon, munich.lat, munich.postcode) == (10.0, 51.0, "80331")
    assert (munich.last_seen, munich.population_on) == (NEW, None)


def test_a_name_that_is_only_cut_off_is_no_new_name() -> None:
    long = "Oelsnitz/Vogtl., Bösenbrunn, Eichigt und Triebel/Vogtl."
    load(germany(k16061097={"name": long[:50]}))
    (report,) = load(germany(NEW, k16061097={"name": long}))
    assert report.renamed == []
    assert Region.objects.get(ags="16061097").name == long
    (report,) = load(germany(date(2025, 12, 31), k16061097={"name": long[:50]}))
    assert report.renamed == []
    assert Region.objects.get(ags="16061097").name == long


def merged(status: date = NEW) -> object:
    return germany(status, without={"16061097", "16061065"}, extra=(NEW_UDER,))


@pytest.mark.parametrize(
    "order",
    [
        (germany(), MERGER, merged()),
        (germany(), merged(), MERGER),
        (MERGER, germany(), merged()),
        (merged(), germany(), MERGER),
        (merged(), MERGER, germany()),
        (MERGER, merged(), germany()),
    ],
)
def test_a_merger_looks_the_same_in_whatever_order_files_are_read(order: tuple[object]) -> None:
    load(*order)
    new = Region.objects.get(ags="16061119")
    assert (new.valid_from, new.valid_until) == (date(2024, 1, 1), None)
    assert sorted(region.name for region in new.predecessors.all()) == ["Lenterode", "Uder"]
    for ags, people in (("16061097", 2600), ("16061065", 312)):
        gone = Region.objects.get(ags=ags)
        assert (gone.valid_until, gone.valid_until_exact) == (date(2024, 1, 1), True)
        assert gone.population == people
        assert list(gone.successors.all()) == [new]
    assert queries.totals().dissolved == 2


def test_a_municipality_known_only_from_the_list_is_readable() -> None:
    parts = changes(
        change(ChangeKind.DISSOLVED, LENTERODE, UDER, area=4.0, population=300),
        change(ChangeKind.DISSOLVED, LENTERODE, MUEHLHAUSEN, area=1.5, population=12),
    )
    load(germany(NEW, without={"16061065"}))
    (report,) = load(parts)
    assert (report.historical, report.successors_linked) == (1, 2)
    gone = queries.get_region("16061065")
    assert (gone.name, gone.population, gone.area_km2) == ("Lenterode", 312, 5.5)
    assert sorted(region.name for region in gone.successors.all()) == [
        "Mühlhausen/Thüringen, Stadt",
        "Uder",
    ]


def test_changes_after_the_newest_register_wait_for_it() -> None:
    (_, report) = load(germany(), MERGER)
    assert (report.changes_stored, report.changes_waiting) == (2, 2)
    assert queries.totals().dissolved == 0


def test_a_list_read_twice_changes_nothing() -> None:
    load(germany(), merged(), MERGER)
    before = picture()
    (report,) = load(replace(MERGER, sha256="e" * 64))
    assert (report.changes_stored, report.successors_linked) == (0, 0)
    assert picture() == before


def test_a_moved_part_ends_nothing_but_is_told() -> None:
    moved = changes(
        change(ChangeKind.PART_MOVED, UDER, LENTERODE, area=0.2, population=3),
        change(ChangeKind.PART_MOVED, UDER, UDER, area=9.8, population=2597),
    )
    load(germany(NEW), moved)
    assert queries.totals().dissolved == 0
    told = queries.changes_of(Region.objects.get(ags="16061097"))
    assert [(row.old_key, row.new_key) for row in told] == [("16061097", "16061065")]


def test_a_name_told_by_the_list_replaces_the_noticed_one() -> None:
    renamed = replace(UDER, name="Uder, Kurort")
    load(germany(), germany(NEW, k16061097={"name": "Uder, Kurort"}))
    assert RegisterChange.objects.get().reference == ""
    load(changes(change(ChangeKind.RENAMED, UDER, renamed, day=date(2024, 6, 1))))
    assert RegisterChange.objects.get().effective_on == date(2024, 6, 1)
    assert Region.objects.get(ags="16061097").former_names == "Uder"


def test_a_new_key_keeps_the_row_and_so_the_mandates() -> None:
    """Eisenach was a Kreis of its own and became a town of a Kreis in 2021: the same town."""
    moved = replace(MUEHLHAUSEN, ars="160615012046", ags="16061046")
    load(germany())
    town = Region.objects.get(ags="16064046")
    mandate = MandateFactory(region=town)
    newer = germany(
        NEW,
        without={"16064046", "16064"},
        extra=(moved,),
    )
    reports = import_registers(
        registers=[newer, changes(change(ChangeKind.KEY_CHANGED, MUEHLHAUSEN, moved))], actor=None
    )
    assert reports[1].rekeyed == ["Mühlhausen/Thüringen, Stadt: 16064046 → 16061046"]
    town.refresh_from_db()
    assert (town.ags, town.valid_until) == ("16061046", None)
    mandate.refresh_from_db()
    assert mandate.region == town
    assert queries.get_region("16064046") == town


def test_a_new_key_told_too_late_links_both_rows() -> None:
    moved = replace(MUEHLHAUSEN, ars="160615012046", ags="16061046")
    load(
        germany(),
        germany(NEW, without={"16064046", "16064"}, extra=(moved,)),
        changes(change(ChangeKind.KEY_CHANGED, MUEHLHAUSEN, moved)),
    )
    old = Region.objects.get(ags="16064046")
    assert old.valid_until == date(2024, 1, 1)
    assert list(old.successors.all()) == [Region.objects.get(ags="16061046")]


def test_two_regions_with_one_new_key_have_merged() -> None:
    one, two = kreis("16061", "Eichsfeld"), kreis("16064", "Unstrut-Hainich-Kreis")
    new = kreis("16070", "Nordkreis")
    places = [
        replace(r, ars=f"16070{r.ars[5:]}", ags=f"16070{r.ags[5:]}")
        for r in GERMANY
        if r.ags.startswith("16")
    ]
    newer = germany(
        NEW,
        without={r.key for r in GERMANY if r.key.startswith("16") and len(r.key) > 2},
        extra=(new, *places),
    )
    moves = [
        change(ChangeKind.KEY_CHANGED, one, new),
        change(ChangeKind.KEY_CHANGED, two, new, reference="16/2024/0002-R"),
        *(
            change(ChangeKind.KEY_CHANGED, old, now, reference="16/2024/0003-R")
            for old, now in zip((UDER, LENTERODE, MUEHLHAUSEN), places, strict=True)
        ),
    ]
    load(germany())
    import_registers(registers=[changes(*moves), newer], actor=None)
    assert (
        Region.objects.filter(level=Level.KREIS, valid_until__isnull=True, land="16").count() == 1
    )
    assert {k.key for k in Region.objects.get(ars="16070").predecessors.all()} == {"16061", "16064"}
    assert queries.totals().dissolved == 0


def test_an_older_register_adds_the_past_and_leaves_the_present() -> None:
    load(merged())
    before = {row[1]: row for row in picture()}
    (report,) = load(germany(k16064046={"population": 1, "name": "Mühlhausen"}))
    assert (report.mode, report.historical) == ("Geschichte ergänzt", 2)
    after = {row[1]: row for row in picture()}
    town = Region.objects.get(ags="16064046")
    assert (town.population, town.former_names, town.first_seen) == (37_000, "Mühlhausen", OLD)
    assert after["09162"] == before["09162"]
    gone = Region.objects.get(ags="16061065")
    assert (gone.valid_until, gone.valid_until_exact, gone.last_seen) == (NEW, False, OLD)


def test_a_register_between_two_narrows_the_end() -> None:
    between = germany(date(2024, 6, 30), without={"16061065"})
    load(germany(), germany(NEW, without={"16061065"}), between)
    assert Region.objects.get(ags="16061065").valid_until == date(2024, 6, 30)


def test_a_key_that_is_given_again_makes_a_new_region() -> None:
    later = date(2025, 12, 31)
    load(
        germany(),
        germany(NEW, without={"16061065"}),
        germany(later, k16061065={"name": "Ganz anders"}),
    )
    assert [
        (r.name, r.valid_until) for r in Region.objects.filter(ags="16061065").order_by("pk")
    ] == [
        ("Lenterode", NEW),
        ("Ganz anders", None),
    ]
    assert queries.get_region("16061065").name == "Ganz anders"


def test_a_register_that_would_end_very_many_is_refused() -> None:
    many = tuple(gemeinde(f"160615012{n:03}", f"Dorf {n}") for n in range(200, 300))
    load(germany(extra=many))
    before = picture()
    with pytest.raises(ImportRefusedError, match="26 von 104 Gemeinden aufgelöst"):
        load(germany(NEW, extra=many[26:]))
    assert picture() == before
    assert RegisterImport.objects.count() == 1


def test_one_refused_file_takes_all_back() -> None:
    many = tuple(gemeinde(f"160615012{n:03}", f"Dorf {n}") for n in range(200, 300))
    with pytest.raises(ImportRefusedError):
        import_registers(registers=[germany(NEW), germany(extra=many)], actor=None)
    assert Region.objects.count() == 0


def test_open_data_give_way_to_the_register_and_never_replace_it() -> None:
    open_data = register(
        *(
            replace(r, ars="", kind="", name=r.name.split(",")[0]) if r.ags else r
            for r in GERMANY
            if r.kind not in {"50", "53"} and r.key != "091"
        ),
        source=Source.PACKAGES,
        status=date(2023, 3, 2),
        complete=False,
    )
    load(open_data)
    munich = Region.objects.get(ags="09162000")
    assert (munich.name, munich.ars) == ("München", "09162000")
    (report,) = load(germany())
    assert (report.mode, report.renamed, report.population_changed) == ("angelegt", [], 0)
    munich.refresh_from_db()
    assert (munich.name, munich.ars) == ("München, Landeshauptstadt", "091620000000")
    with pytest.raises(ImportRefusedError, match="ersetzen es nicht"):
        load(replace(open_data, sha256="d" * 64))


def test_open_data_that_are_out_of_date_do_not_hide_an_end() -> None:
    """GeoNames of March 2023 still had what was dissolved on 1 January 2023."""
    open_data = register(
        *(replace(r, ars="") if r.ags else r for r in GERMANY if not r.kind.startswith("5")),
        source=Source.PACKAGES,
        status=date(2024, 3, 2),
        complete=False,
    )
    gone = change(ChangeKind.DISSOLVED, LENTERODE, UDER, day=date(2024, 1, 1))
    load(open_data, germany(NEW, without={"16061065"}), changes(gone))
    lenterode = Region.objects.get(ags="16061065")
    assert (lenterode.valid_until, lenterode.valid_until_exact) == (date(2024, 1, 1), True)
    assert [region.name for region in lenterode.successors.all()] == ["Uder"]


def test_invented_municipalities_are_left_alone() -> None:
    invented = Region.objects.create(
        level=Level.GEMEINDE, ars="169990000001", ags="16999001", name="Lindenfurt", search_key="",
        land="16", population=812, invented=True,
    )  # fmt: skip
    load(germany(), germany(NEW))
    invented.refresh_from_db()
    assert invented.valid_until is None
    assert queries.totals().municipalities == 4


def test_an_import_is_written_down(django_user_model: type[User]) -> None:
    actor = django_user_model.objects.create_user("betrieb@example.org", name="Olga")
    import_register(register=germany(), actor=actor)
    entry = Entry.objects.get()
    assert (entry.deed, entry.actor) == ("registry.import_register", actor)
    assert entry.details["counts"]["added"] == 11
    assert RegisterImport.objects.get().counts["added"] == 11


def test_progress_counts_up_to_all_records() -> None:
    seen: list[int] = []
    import_register(register=germany(), actor=None, progress=seen.append)
    assert seen[-1] == len(GERMANY) - 1
    seen.clear()
    import_registers(
        registers=[germany(NEW), merged(NEW.replace(year=2025))], actor=None, progress=seen.append
    )  # type: ignore[list-item]
    assert seen == sorted(seen)
    assert seen[-1] == len(GERMANY) + len(GERMANY) - 1
