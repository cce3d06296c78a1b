"""What letters to all municipalities cost: `PYTHONPATH=src python benchmarks/letters.py`.

Fails where it takes more than 800 MB of memory.
"""

import resource
import sys
import time

from allmende.formats.letters import Code, Page, Sender, new_secret, write_pages
from allmende.formats.letters.pages import MOST_PAGES

MUNICIPALITIES = 10_754
MOST_MB = 800
SENDER = Sender(
    lines=("Kontaktstelle Allmende", "Musterstraße 1", "10115 Berlin"),
    site="https://allmende.example",
    enter="https://allmende.example/verzeichnis/brief/",
)


def page(number: int) -> Page:
    """A letter like any other."""
    code = Code.of("K7QM", new_secret())
    return Page(
        organisation=f"Lindenfurt {number}, Stadt",
        name=f"Lindenfurt {number}",
        office="An die Bürgermeisterin oder den Bürgermeister",
        town="12345 Lindenfurt",
        serial=code.serial,
        code=str(code),
        made_on="2. März 2026",
        valid_until="1. Mai 2026",
    )


def main() -> int:
    """Set them in as many documents as the platform does; 1 if that took too much memory."""
    wall, cpu, size = time.monotonic(), time.process_time(), 0
    pages = [page(number) for number in range(MUNICIPALITIES)]
    for at in range(0, len(pages), MOST_PAGES):
        size += len(write_pages(pages[at : at + MOST_PAGES], sender=SENDER))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(
        f"{MUNICIPALITIES} letters in files of {MOST_PAGES}: "
        f"{time.process_time() - cpu:.0f} CPU s, {time.monotonic() - wall:.0f} s, "
        f"{peak} MB of memory, "
        f"{size / 1e6:.0f} MB of PDF"
    )
    print(f"- {'MISSED' if peak > MOST_MB else 'holds'}: at most {MOST_MB} MB of memory")
    return int(peak > MOST_MB)


if __name__ == "__main__":
    sys.exit(main())
