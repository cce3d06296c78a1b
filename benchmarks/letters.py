"""What letters to all municipalities cost: `PYTHONPATH=src python benchmarks/letters.py`."""

import resource
import time

from allmende.formats.letters import Code, Page, Sender, new_secret, write_pages
from allmende.formats.letters.pages import MOST_PAGES

MUNICIPALITIES = 10_754
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


def main() -> None:
    """Set them in as many documents as the platform does."""
    wall, cpu, size = time.monotonic(), time.process_time(), 0
    pages = [page(number) for number in range(MUNICIPALITIES)]
    for at in range(0, len(pages), MOST_PAGES):
        size += len(write_pages(pages[at : at + MOST_PAGES], sender=SENDER))
    print(
        f"{MUNICIPALITIES} letters in files of {MOST_PAGES}: "
        f"{time.process_time() - cpu:.0f} CPU s, {time.monotonic() - wall:.0f} s, "
        f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB of memory, "
        f"{size / 1e6:.0f} MB of PDF"
    )


if __name__ == "__main__":
    main()
