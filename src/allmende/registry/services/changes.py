"""Official lists of changes: exact days, successors and former names for what registers showed."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from django.db.models import F, Q

from allmende.formats.municipalities import ChangeRecord

from ..models import Level, Region, RegisterChange, RegisterImport
from ..names import search_key
from ..queries import official_status_dates
from .filling import remember_name, save_regions
from .report import ImportReport

Kind = RegisterChange.Kind
Rows = dict[tuple[int, str], list[Region]]


def store_changes(*, records: Sequence[ChangeRecord], entry: RegisterImport) -> int:
    """Keep the rows of a list of changes; give how many were not known yet.

    The row that says what remained of a region after it gave a part away is left out.
    """
    before = RegisterChange.objects.count()
    rows = []
    for found in records:
        old, new = found.old_ags or found.old_ars, found.new_ags or found.new_ars
        for kind in map(int, found.kinds):
            if kind == Kind.PART_MOVED and old == new:
                continue
            rows.append(
                RegisterChange(
                    kind=kind,
                    level=found.level,
                    old_key=old,
                    old_name=found.old_name,
                    new_key=new,
                    new_name=found.new_name,
                    area_km2=found.area,
                    population=found.population,
                    effective_on=found.statistical_date,
                    noticed_on=entry.status_date,
                    reference=found.reference,
                    source=entry,
                )
            )
    RegisterChange.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
    stored = RegisterChange.objects.count() - before
    for row in rows:
        if row.kind == Kind.RENAMED:
            # The official row says the same as a difference that was only noticed.
            RegisterChange.objects.filter(
                kind=Kind.RENAMED, reference="", new_key=row.new_key, new_name=row.new_name
            ).delete()
    return stored


def apply_changes(*, report: ImportReport) -> None:
    """Bring all stored lists to bear on the regions; harmless to repeat.

    Changes after the newest register wait for the register that contains them.
    """
    dates = official_status_dates()
    newest = dates[-1] if dates else date.min
    due = list(
        RegisterChange.objects.exclude(reference="")
        .filter(effective_on__lte=newest)
        .order_by("effective_on", "pk")
    )
    if not due:
        return
    rows = _regions_named_in(due)
    changed: dict[int, Region] = {}
    _apply_ends([row for row in due if row.kind == Kind.DISSOLVED], rows, dates, changed, report)
    _apply_new_keys([row for row in due if row.kind == Kind.KEY_CHANGED], rows, changed, report)
    for row in due:
        if row.kind == Kind.RENAMED:
            for region in rows[row.level, row.new_key]:
                if _existed_after(region, row.effective_on) and remember_name(region, row.old_name):
                    changed[region.pk] = region
    save_regions(list(changed.values()))


def count_waiting_changes() -> int:
    """How many changes lie after the newest register, or all if there is none."""
    told = RegisterChange.objects.exclude(reference="")
    dates = official_status_dates()
    return (told.filter(effective_on__gt=dates[-1]) if dates else told).count()


def _regions_named_in(due: Iterable[RegisterChange]) -> Rows:
    keys = {key for row in due for key in (row.old_key, row.new_key)}
    rows: Rows = defaultdict(list)
    for region in Region.objects.filter(
        Q(ags__in=keys) | Q(ars__in=keys, level__lt=Level.GEMEINDE), invented=False
    ).order_by("pk"):
        rows[region.level, region.key].append(region)
    return rows


def _apply_ends(
    due: list[RegisterChange],
    rows: Rows,
    dates: Sequence[date],
    changed: dict[int, Region],
    report: ImportReport,
) -> None:
    parts: dict[tuple[int, str, date], list[RegisterChange]] = defaultdict(list)
    for row in due:
        if row.effective_on and row.old_key != row.new_key:
            parts[row.level, row.old_key, row.effective_on].append(row)
    for (level, old_key, day), pieces in parts.items():
        ended = _ended_by(rows[level, old_key], day)
        if ended is None:
            if level != Level.GEMEINDE or any(_seen_after(r, day) for r in rows[level, old_key]):
                continue
            ended = _create_ended(pieces, day)
            rows[level, old_key].append(ended)
            report.historical += 1
        if ended.valid_until != day or not ended.valid_until_exact:
            ended.valid_until, ended.valid_until_exact = day, True
            changed[ended.pk] = ended
        for piece in pieces:
            receiver = _receiver(rows[level, piece.new_key], day)
            if receiver is None:
                continue
            report.successors_linked += _link(ended, receiver)
            # Absent from a register before that day, present in one after it: it began then.
            if (
                receiver.valid_from is None
                and receiver.first_seen is not None
                and receiver.first_seen >= day
                and any(earlier < day for earlier in dates)
            ):
                receiver.valid_from = day
                changed[receiver.pk] = receiver


def _apply_new_keys(
    due: list[RegisterChange], rows: Rows, changed: dict[int, Region], report: ImportReport
) -> None:
    """Where the list came after the registers, the old key's region has ended and needs its heir."""
    for row in due:
        if row.old_key == row.new_key or row.effective_on is None:
            continue
        ended = _ended_by(rows[row.level, row.old_key], row.effective_on)
        receiver = _receiver(rows[row.level, row.new_key], row.effective_on)
        if ended is None or receiver is None:
            continue
        if ended.valid_until != row.effective_on or not ended.valid_until_exact:
            ended.valid_until, ended.valid_until_exact = row.effective_on, True
            changed[ended.pk] = ended
        report.successors_linked += _link(ended, receiver)


def _ended_by(regions: Iterable[Region], day: date) -> Region | None:
    """The region that can have ended on that day: seen before it at most, and ended not earlier."""
    for region in regions:
        if region.valid_until is None or _seen_after(region, day):
            continue
        if region.valid_until == day or (not region.valid_until_exact and region.valid_until > day):
            return region
    return None


def _seen_after(region: Region, day: date) -> bool:
    return region.last_seen is not None and region.last_seen >= day


def _existed_after(region: Region, day: date | None) -> bool:
    return day is None or region.valid_until is None or region.valid_until > day


def _receiver(regions: Sequence[Region], day: date) -> Region | None:
    lasting = [region for region in regions if _existed_after(region, day)]
    return next((r for r in lasting if r.is_current), lasting[0] if lasting else None)


def _link(ended: Region, receiver: Region) -> int:
    through = Region.successors.through
    _, created = through.objects.get_or_create(from_region_id=ended.pk, to_region_id=receiver.pk)
    return int(created)


def _create_ended(pieces: Sequence[RegisterChange], day: date) -> Region:
    """A municipality that no imported register names: all that the list knows of it."""
    first = pieces[0]
    key = first.old_key
    people = [piece.population for piece in pieces]
    areas = [piece.area_km2 for piece in pieces]
    parent = (
        Region.objects.filter(
            Q(level=Level.KREIS, ars=key[:5]) | Q(level=Level.LAND, ars=key[:2]), invented=False
        )
        .order_by("-level", F("valid_until").desc(nulls_first=True))
        .first()
    )
    return Region.objects.create(
        level=Level.GEMEINDE,
        ars=key,
        ags=key,
        name=first.old_name,
        search_key=search_key([first.old_name]),
        parent=parent,
        land=key[:2],
        kreis=key[:5],
        population=sum(p or 0 for p in people) if any(p is not None for p in people) else None,
        population_on=day - timedelta(days=1),
        area_km2=round(sum(a or 0 for a in areas), 2) if any(areas) else None,
        valid_until=day,
        valid_until_exact=True,
        source=first.source,
    )
