"""Taking in files: a new register sets the present, an older one adds to the past."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from django.db import connection

from allmende.audit.services import audited, record
from allmende.formats.municipalities import Register, Source

from ..models import Region, RegisterImport
from ..queries import newest_status_date, totals
from .changes import apply_changes, count_waiting_changes, store_changes
from .history import add_history
from .organisations import follow_names
from .present import set_present
from .report import Ended, ImportRefusedError, ImportReport

if TYPE_CHECKING:
    from allmende.accounts.models import User

Progress = Callable[[int], None]


@audited
def import_registers(
    *, registers: Sequence[Register], actor: "User | None", progress: Progress | None = None
) -> list[ImportReport]:
    """Take in several files as one: all of them, or nothing.

    Lists of changes go first, so that a register can follow a region to its new key; registers go
    from old to new. Each file is one `RegisterImport` with one audit entry.

    Returns
    -------
    list of ImportReport
        In the order in which the files were taken in.

    Raises
    ------
    ImportRefusedError
        If a register would do harm. Nothing is changed then.
    """
    ordered = sorted(
        registers,
        key=lambda register: (register.source != Source.CHANGES, register.status_date),
    )
    reports = []
    done = 0
    for register in ordered:
        step = _further(progress, done)
        reports.append(import_register(register=register, actor=actor, progress=step))
        done += len(register.regions)
        if progress:
            progress(done)
    waiting = count_waiting_changes()
    for report in reports:
        # What waited for a register may have found it in a later file.
        report.changes_waiting = waiting
    return reports


@audited
def import_register(
    *, register: Register, actor: "User | None", progress: Progress | None = None
) -> ImportReport:
    """Take in one file; the same file a second time changes nothing.

    A register at least as new as all before sets the present: regions are added, updated, renamed,
    and those that it no longer names end. An older register only adds to the past. A list of changes
    tells exact days, successors and former names, whenever it is read. Writes one audit entry.

    Parameters
    ----------
    register
        As a reader of ``allmende.formats.municipalities`` gives it.
    actor
        Who imports; None for the command line.
    progress
        Called with the number of regions worked on so far.

    Raises
    ------
    ImportRefusedError
        If open data would replace an official register, or if more than one in twenty municipalities
        would end, which is what a cut-off file looks like.
    """
    source = RegisterImport.Source(register.source)
    report = ImportReport(register.file, str(source.label), register.status_date)
    if RegisterImport.objects.filter(sha256=register.sha256).exists():
        report.mode = "schon eingelesen, nichts geändert"
        report.totals = totals()
        return report
    newest = newest_status_date()
    if register.source == Source.PACKAGES and newest:
        raise ImportRefusedError(
            "Ein amtliches Verzeichnis ist schon eingelesen; offene Daten ersetzen es nicht.",
            file=register.file,
        )
    entry = RegisterImport.objects.create(
        source=source,
        file_name=register.file[:200],
        sha256=register.sha256,
        status_date=register.status_date,
        population_date=register.population_date,
        attribution=register.attribution,
        actor=actor,
    )
    ended: list[Region] = []
    if register.source == Source.CHANGES:
        report.mode = "Änderungen übernommen"
        report.changes_stored = store_changes(records=register.changes, entry=entry)
    elif newest and register.status_date < newest:
        report.mode = "Geschichte ergänzt"
        add_history(register=register, entry=entry, report=report)
    else:
        report.mode = "fortgeschrieben" if newest else "angelegt"
        ended = set_present(
            register=register,
            entry=entry,
            report=report,
            known=newest is not None,
            progress=progress,
        )
    apply_changes(report=report)
    follow_names()
    report.ended = _ended(ended)
    report.totals = totals()
    report.changes_waiting = count_waiting_changes()
    _refresh_statistics()
    entry.counts = report.counts()
    entry.save(update_fields=["counts"])
    record(actor=actor, deed="registry.import_register", obj=entry, counts=entry.counts)
    return report


def _further(progress: Progress | None, done: int) -> Progress | None:
    """The same progress, counted on from ``done``."""
    if progress is None:
        return None
    return lambda count: progress(done + count)


def _refresh_statistics() -> None:
    """Tell the database how large the table is now; PostgreSQL would plan for an empty one.

    Without it a search right after the first import took 5 s instead of 10 ms.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {connection.ops.quote_name(Region._meta.db_table)}")


def _ended(regions: Sequence[Region]) -> list[Ended]:
    found = (
        Region.objects.filter(pk__in=[region.pk for region in regions])
        .prefetch_related("successors")
        .order_by("level", "ars")
    )
    return [
        Ended(
            key=region.key,
            name=region.name,
            ended=region.valid_until,
            exact=region.valid_until_exact,
            successors=tuple(str(successor) for successor in region.successors.all()),
        )
        for region in found
        if region.valid_until is not None
    ]
