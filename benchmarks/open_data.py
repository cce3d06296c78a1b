"""Cost of the nightly dump at 20,000 concerns, 200,000 statements and 2,000,000 votes: time, memory, size.

Run it with ``python benchmarks/open_data.py`` on SQLite, with ``bin/postgres-for`` before it on
PostgreSQL. Everything lies in a temporary directory, which is gone afterwards. ``--tenth`` takes a tenth of
each, to see whether memory depends on size. Fails where the dump takes more than 400 MB.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CONCERNS, STATEMENTS, VOTES, MUNICIPALITIES = 20_000, 10, 10, 10_754  # per concern, per statement
MOST_MB = 400


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


def main() -> int:
    """Fill, dump in a process of its own, tell what it cost; 1 if it took too much memory."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tenth", action="store_true")
    parser.add_argument("--step", choices=("fill", "dump"), help="in the directory of the caller")
    wishes = parser.parse_args()
    if wishes.step:
        import django

        django.setup()
        return _dump() if wishes.step == "dump" else _fill_new(tenth=wishes.tenth)
    with tempfile.TemporaryDirectory(prefix="allmende-open-data-") as directory:
        environment = os.environ | {
            "ALLMENDE_DATA_DIR": directory,
            "DJANGO_SETTINGS_MODULE": "allmende.settings",
            "PYTHONPATH": str(ROOT / "src"),
        }
        command = [sys.executable, __file__, *sys.argv[1:], "--step"]
        subprocess.run([*command, "fill"], env=environment, check=True)
        return subprocess.run([*command, "dump"], env=environment, check=False).returncode


def _fill_new(*, tenth: bool) -> int:
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    started = time.perf_counter()
    fill(CONCERNS // (10 if tenth else 1))
    print(f"filled in {time.perf_counter() - started:.0f} s", flush=True)
    return 0


def _most_memory() -> int:
    """The most that this program has had in memory, in MB; not what called it had."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) // 1024


def _dump() -> int:
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
    print(f"- {'MISSED' if peak > MOST_MB else 'holds'}: at most {MOST_MB} MB of memory")
    return int(peak > MOST_MB)


if __name__ == "__main__":
    sys.exit(main())
