"""Heads of the chain, noted once a day outside of the database.

A chain that was cut off at its end, or written anew from some entry on, is sound in itself. The file
``audit-anchors.log`` in the data directory tells that it was longer, or another one. One line a day::

    {"hash":"7bc1…","noted_at":"2026-06-01T22:00:03+00:00","number":5120}

It is worth as much as it is out of reach of whoever can write to the database: copy it elsewhere.
"""

import json
import os
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from .chain import Anchor, Fault, Finding, Link, Report, to_json, verify
from .queries import BATCH, head, stored_links


def anchor_file() -> Path:
    """Where they stand."""
    return Path(settings.DATA_DIR, "audit-anchors.log")


def note_head() -> Anchor | None:
    """Note the head of the chain, unless that was done today or nothing has been added since."""
    now = timezone.now()
    newest = head()
    known, _ = read_anchors()
    last = known[-1] if known else None
    if newest is None or (last and (last.hash == newest.hash or _day_of(last) == _day_of(now))):
        return None
    anchor = newest._replace(noted_at=now.isoformat(timespec="seconds"))
    line = to_json(anchor._asdict()) + "\n"
    # Appended in one piece, and on the disk before it counts.
    descriptor = os.open(anchor_file(), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    try:
        os.write(descriptor, line.encode())
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    return anchor


def _day_of(moment: datetime | Anchor) -> object:
    if isinstance(moment, Anchor):
        moment = datetime.fromisoformat(moment.noted_at)
    return timezone.localdate(moment)


def read_anchors() -> tuple[list[Anchor], list[Finding]]:
    """All anchors in the order in which they were noted, and a finding for each line that is none."""
    try:
        lines = anchor_file().read_text("utf-8", errors="replace").splitlines()
    except FileNotFoundError:
        return [], []
    anchors, findings = [], []
    for number, line in enumerate(lines, 1):
        try:
            anchors.append(_read(line))
        except (ValueError, KeyError, TypeError, AttributeError):
            findings.append(Finding(number, number, Fault.BAD_ANCHOR))
    return anchors, findings


def _read(line: str) -> Anchor:
    content = json.loads(line)
    noted_at = datetime.fromisoformat(content["noted_at"])
    return Anchor(int(content["number"]), content["hash"].lower(), noted_at.isoformat())


def verify_chain(
    *,
    expected: Iterable[Anchor] = (),
    progress: Callable[[int], None] = lambda _: None,
    batch: int = BATCH,
) -> Report:
    """Read the whole log once, ``batch`` entries at a time, and say whether it is as it was written.

    It is compared with the anchors in the file and with those that are ``expected`` because somebody
    has written them down elsewhere. ``progress`` is called with the number of entries of each batch.
    """
    anchors, unreadable = read_anchors()

    def links() -> Iterator[Link]:
        for some in stored_links(batch=batch):
            yield from some
            progress(len(some))

    report = verify(links(), [*anchors, *expected])
    report.findings += unreadable
    return report
