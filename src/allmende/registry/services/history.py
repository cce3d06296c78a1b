"""A register that is older than the newest: it adds to the past and leaves the present alone."""

from collections import defaultdict
from datetime import date

from allmende.formats.municipalities import NO_ASSOCIATION, RegionRecord, Register, Source

from ..models import Region, RegisterChange, RegisterImport
from .filling import BATCH, fill, remember_name, save_regions, sum_up
from .report import ImportReport

Place = tuple[int, str]


def add_history(*, register: Register, entry: RegisterImport, report: ImportReport) -> None:
    """Add regions that existed at the register's date and no longer do, and former names.

    Figures of what exists today are not touched. The end of an added region is only known to lie
    before the next newer register; a list of changes makes it exact.
    """
    day = register.status_date
    next_day = _next_register_after(day, entry)
    rows: dict[Place, list[Region]] = defaultdict(list)
    for region in Region.objects.filter(invented=False):
        rows[region.level, region.key].append(region)
    today = {
        place: next((r for r in found if r.is_current), found[-1]) for place, found in rows.items()
    }
    records = [found for found in register.regions if found.kind != NO_ASSOCIATION]
    new_keys = {
        (level, old): (level, new)
        for level, old, new in RegisterChange.objects.filter(
            kind=RegisterChange.Kind.KEY_CHANGED, effective_on__gt=day
        ).values_list("level", "old_key", "new_key")
    }
    sums = sum_up(register.regions)
    changed: dict[int, Region] = {}
    noticed: list[RegisterChange] = []
    by_level: dict[int, list[RegionRecord]] = defaultdict(list)
    for found in records:
        by_level[found.level].append(found)
    for level in sorted(by_level):
        fresh: list[Region] = []
        for found in by_level[level]:
            place = (level, found.key)
            candidates = rows.get(place) or rows.get(new_keys.get(place, place), [])
            existing = next((r for r in candidates if _may_have_existed(r, day)), None)
            region = existing or Region(level=level, valid_until=next_day)
            if existing is None:
                fresh.append(region)
            elif region.last_seen is None or region.last_seen < day:
                changed[region.pk] = region
            else:
                if _note_former_name(region, found, noticed, entry, next_day):
                    changed[region.pk] = region
                if region.first_seen is None or region.first_seen > day:
                    region.first_seen = day
                    changed[region.pk] = region
                continue
            fill(
                region=region,
                found=found,
                register=register,
                entry=entry,
                known=today,
                sums=sums,
            )
        for region in Region.objects.bulk_create(fresh, batch_size=BATCH):
            today.setdefault((region.level, region.key), region)
        report.historical += len(fresh)
    _narrow_ends(rows, {(int(found.level), found.key) for found in records}, day, changed)
    save_regions(list(changed.values()))
    RegisterChange.objects.bulk_create(noticed, ignore_conflicts=True)


def _next_register_after(day: date, entry: RegisterImport) -> date:
    later = (
        RegisterImport.objects.filter(
            source__in=(Source.EXTRACT, Source.GV100AD), status_date__gt=day
        )
        .exclude(pk=entry.pk)
        .order_by("status_date")
        .values_list("status_date", flat=True)
        .first()
    )
    if later is None:
        raise ValueError("a register without a newer one is the present, not history")
    return later


def _may_have_existed(region: Region, day: date) -> bool:
    began = region.valid_from is None or region.valid_from <= day
    return began and (region.valid_until is None or region.valid_until > day)


def _note_former_name(
    region: Region,
    found: RegionRecord,
    noticed: list[RegisterChange],
    entry: RegisterImport,
    next_day: date,
) -> bool:
    if not remember_name(region, found.name):
        return False
    noticed.append(
        RegisterChange(
            kind=RegisterChange.Kind.RENAMED,
            level=region.level,
            old_key=found.key,
            old_name=found.name,
            new_key=region.key,
            new_name=region.name,
            noticed_on=next_day,
            source=entry,
        )
    )
    return True


def _narrow_ends(
    rows: dict[Place, list[Region]], named: set[Place], day: date, changed: dict[int, Region]
) -> None:
    """A region that this register no longer names had ended by its date."""
    for place, regions in rows.items():
        if place in named:
            continue
        for region in regions:
            if (
                region.valid_until is not None
                and not region.valid_until_exact
                and region.valid_until > day
                and (region.last_seen is None or region.last_seen < day)
            ):
                region.valid_until = day
                changed[region.pk] = region
