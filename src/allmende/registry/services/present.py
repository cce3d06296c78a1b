"""A register that is the newest: from now on it tells what exists."""

from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import date

from django.utils.translation import gettext as _

from allmende.formats.municipalities import NO_ASSOCIATION, RegionRecord, Register, Source
from allmende.formats.municipalities.records import KEY_LENGTHS

from ..models import Level, Region, RegisterChange, RegisterImport
from .filling import BATCH, fill, is_cut_off, remember_name, save_regions, sum_up
from .report import ImportRefusedError, ImportReport, Renamed

Place = tuple[int, str]

# More has not ended at once since the reforms of the 1970s; a file that is cut off looks like this.
MOST_ENDED = 0.05
ALWAYS_PLAUSIBLE = 25


def set_present(
    *,
    register: Register,
    entry: RegisterImport,
    report: ImportReport,
    known: bool,
    progress: Callable[[int], None] | None,
) -> list[Region]:
    """Make the register the present; give the regions that it no longer names, now ended.

    ``known`` says whether there was an official register before: only then is a difference a change
    in the world and told as one.
    """
    present: dict[Place, Region] = {
        (region.level, region.key): region
        for region in Region.objects.filter(invented=False).current().select_related("source")
    }
    records = [found for found in register.regions if found.kind != NO_ASSOCIATION]
    named = {(int(found.level), found.key) for found in records}
    follow_new_keys(present, named, register.status_date, report)
    ended = _end_missing(present, named, register) if register.complete else []
    sums = sum_up(register.regions)
    bund = _bund(present, register)
    changed = [bund]
    by_level: dict[int, list[RegionRecord]] = defaultdict(list)
    for found in records:
        by_level[found.level].append(found)
    done = 0
    for level in sorted(by_level):
        fresh = []
        for found in by_level[level]:
            region = present.get((level, found.key))
            if region is None:
                region = Region(level=level)
                fresh.append(region)
            else:
                changed.append(region)
                if known and not _from_open_data(region):
                    _note_differences(region, found, report)
            fill(
                region=region,
                found=found,
                register=register,
                entry=entry,
                known=present,
                sums=sums,
            )
        for region in Region.objects.bulk_create(fresh, batch_size=BATCH):
            present[region.level, region.key] = region
        report.added += len(fresh)
        if known:
            report.new += [f"{region.name} ({region.key})" for region in fresh]
        done += len(by_level[level])
        if progress:
            progress(done)
    bund.population, bund.area_km2 = sums.population[""], round(sums.area[""], 2)
    bund.population_on, bund.source = register.population_date, entry
    save_regions(changed)
    _save_noticed_renames(report, entry)
    return ended


def follow_new_keys(
    present: dict[Place, Region], named: set[Place], day: date, report: ImportReport
) -> None:
    """Let a region keep its row, and so its votes and mandates, when only its key changed.

    Where several regions got the same new key they merged; then the old ones end.
    """
    moves = list(
        RegisterChange.objects.filter(
            kind=RegisterChange.Kind.KEY_CHANGED, effective_on__lte=day
        ).values_list("level", "old_key", "new_key")
    )
    receivers = Counter((level, new) for level, old, new in moves if old != new)
    for level, old, new in moves:
        if old == new or receivers[level, new] > 1 or (level, old) in named:
            continue
        if (level, old) in present and (level, new) in named and (level, new) not in present:
            present[level, new] = present.pop((level, old))
            report.rekeyed.append(f"{present[level, new].name}: {old} → {new}")


def _end_missing(
    present: dict[Place, Region], named: set[Place], register: Register
) -> list[Region]:
    missing = [place for place in present if place not in named and place[0] != Level.BUND]
    ended = [present[place] for place in missing]
    municipalities = sum(region.level == Level.GEMEINDE for region in ended)
    total = sum(level == Level.GEMEINDE for level, _ in present)
    if municipalities > max(ALWAYS_PLAUSIBLE, MOST_ENDED * total):
        raise ImportRefusedError(
            (
                _(
                    "Nach dieser Datei wären %(municipalities)s von %(total)s Gemeinden aufgelöst. Vermutlich ist sie unvollständig; es wurde nichts geändert."
                )
                % {"municipalities": municipalities, "total": total}
            ),
            file=register.file,
        )
    for place in missing:
        del present[place]
    Region.objects.filter(pk__in=[region.pk for region in ended]).update(
        valid_until=register.status_date, valid_until_exact=False
    )
    return ended


def _bund(present: dict[Place, Region], register: Register) -> Region:
    bund = present.get((Level.BUND, ""))
    if bund is None:
        bund = Region.objects.create(
            level=Level.BUND,
            ars="",
            name="Deutschland",
            search_key=" deutschland ;deutschland;",
        )
        present[Level.BUND, ""] = bund
    return bund


def _from_open_data(region: Region) -> bool:
    return region.source is not None and region.source.source == Source.PACKAGES


def _note_differences(region: Region, found: RegionRecord, report: ImportReport) -> None:
    cut_off = is_cut_off(found.name, region.name) or is_cut_off(region.name, found.name)
    if region.name != found.name and not cut_off:
        former = region.name
        report.renamed.append(Renamed(found.key, former, found.name))
        region.name = found.name
        remember_name(region, former)
    if (
        region.level == Level.GEMEINDE
        and region.population is not None
        and found.population is not None
        and region.population != found.population
    ):
        report.population_changed += 1
        report.population_difference += found.population - region.population


def _save_noticed_renames(report: ImportReport, entry: RegisterImport) -> None:
    """Keep what only the comparison shows; what an official list tells is told there."""
    told = set(
        RegisterChange.objects.filter(kind=RegisterChange.Kind.RENAMED).values_list(
            "new_key", "new_name"
        )
    )
    levels = {length: level for level, length in KEY_LENGTHS.items()} | {8: Level.GEMEINDE}
    RegisterChange.objects.bulk_create(
        [
            RegisterChange(
                kind=RegisterChange.Kind.RENAMED,
                level=levels[len(row.key)],
                old_key=row.key,
                old_name=row.old_name,
                new_key=row.key,
                new_name=row.new_name,
                noticed_on=entry.status_date,
                source=entry,
            )
            for row in report.renamed
            if (row.key, row.new_name) not in told
        ],
        ignore_conflicts=True,
    )
