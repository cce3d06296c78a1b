"""Cost of the nightly dump at 20,000 concerns, 200,000 statements and 2,000,000 votes: time, memory, size.

Run it with ``python benchmarks/open_data.py`` on SQLite, with ``bin/postgres-for`` before it on
PostgreSQL. Everything lies in a temporary directory. ``--tenth`` takes a tenth of each, to see whether
memory depends on size.
"""

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CONCERNS, STATEMENTS, VOTES, MUNICIPALITIES = 20_000, 10, 10, 10_754  # per concern, per statement


def fill(concerns: int) -> None:
    """Concerns, ten statements each, ten municipalities each that vote on all of them."""
    from django.utils import timezone

    from allmende.forum.models import Concern, Participant, Statement, Vote
    from allmende.registry.models import Level, Region

    now, size = timezone.now(), 5_000
    regions = Region.objects.bulk_create(
        (
            Region(level=Level.GEMEINDE, ars=f"09{n:010d}", ags=f"09{n:06d}", land="09",
                   name=f"Ort {n}", search_key=f" ort {n} ", population=800, size_class=7)
            for n in range(MUNICIPALITIES)
        ),
        batch_size=size,
    )  # fmt: skip
    for first in range(0, concerns, 1_000):
        made = Concern.objects.bulk_create(
            Concern(slug=f"anliegen-{n}", question=f"Frage {n}?", background="Darum. " * 50,
                    topic="finanzen", owner=regions[n % len(regions)], state="open",
                    opened_at=now, deadline=now)
            for n in range(first, min(first + 1_000, concerns))
        )  # fmt: skip
        statements = Statement.objects.bulk_create(
            [
                Statement(concern=concern, text=f"Aussage {n}", state="accepted", level="mayor")
                for concern in made
                for n in range(STATEMENTS)
            ],
            batch_size=size,
        )
        participants = Participant.objects.bulk_create(
            [
                Participant(
                    concern=concern, voices="official", region=regions[(n * 997 + k) % len(regions)]
                )
                for k, concern in enumerate(made)
                for n in range(VOTES)
            ],
            batch_size=size,
        )
        Vote.objects.bulk_create(
            (
                Vote(statement=statements[c * STATEMENTS + s], cast_at=now, level="mayor",
                     participant=participants[c * VOTES + v], stand=(s + v) % 3 - 1)
                for c in range(len(made))
                for s in range(STATEMENTS)
                for v in range(VOTES)
            ),
            batch_size=size,
        )  # fmt: skip


def main() -> None:
    """Fill, dump in a process of its own, tell what it cost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tenth", action="store_true")
    parser.add_argument("--dump-only", action="store_true", help="in the directory of the caller")
    wishes = parser.parse_args()
    sys.path.insert(0, str(ROOT / "src"))
    os.environ["DJANGO_SETTINGS_MODULE"] = "allmende.settings"
    if not wishes.dump_only:
        os.environ["ALLMENDE_DATA_DIR"] = tempfile.mkdtemp(prefix="allmende-open-data-")
    import django

    django.setup()
    if wishes.dump_only:
        _dump()
        return
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    started = time.perf_counter()
    fill(CONCERNS // (10 if wishes.tenth else 1))
    print(f"filled in {time.perf_counter() - started:.0f} s", flush=True)
    os.execv(sys.executable, [sys.executable, __file__, "--dump-only"])  # noqa: S606


def _most_memory() -> int:
    """The most that this program has had in memory, in MB; not what called it had."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) // 1024


def _dump() -> None:
    from django.conf import settings

    from allmende.portal.open_data import dumps

    before = _most_memory()
    started = time.perf_counter()
    made = dumps.make_dump()
    seconds = time.perf_counter() - started
    peak = _most_memory()
    rows = {name: n for name, n in made.rows.items() if n}
    print(f"{rows}")
    print(f"{seconds:.0f} s; memory {before} MB before, {peak} MB at most")
    for file in sorted(made.files.values(), key=lambda each: -each.bytes)[:4]:
        print(f"{file.name}: {file.bytes / 1e6:.1f} MB")
    print(f"in {settings.DATA_DIR}")


if __name__ == "__main__":
    main()
