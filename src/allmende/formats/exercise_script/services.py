"""Services of a script that are written almost like one that is known: most of them are slips of the pen.

A script may have services of its own, so an unknown one alone says nothing. But „Trinkwaser“ is another service than
„trinkwasser“, and nobody would notice. What a facility needs names its suppliers, not services: nothing is missing there.

>>> like_known("stom"), like_known("Fernwärme"), like_known("Dialyse")
('strom', 'fernwaerme', '')
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from difflib import get_close_matches

from allmende.formats.exercise_script.findings import WARNING, Finding, Place, quoted
from allmende.formats.exercise_script.model import Script
from allmende.formats.exercise_script.words import SECTORS

# „Krankenhäuser“ is one; „Wasser“ is as near to „abwasser“ and means the other.
ALIKE = 0.87
ARTICLES = {"der", "die", "das"}
UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "-": " "})


def slips(script: Script) -> Iterator[Finding]:
    """A hint for each facility whose service is written almost like a known one, or one more common in the script."""
    count = Counter(str(row.get("sector")) for row in script.facilities)
    own = [sector for sector, _often in count.most_common() if sector not in SECTORS]
    meant = {sector: like_known(sector, own[:place]) for place, sector in enumerate(own)}
    for row in script.facilities:
        sector, key = str(row.get("sector")), str(row.get("key"))
        if other := meant.get(sector):
            named = quoted(script.facility_name(key))
            yield Finding(
                WARNING,
                Place(f"Einrichtung {named} ({key})", "facilities", key),
                f"Die Leistung {quoted(sector)} gibt es im Register nicht. Meinten Sie {quoted(other)}?",
                "Wählen Sie dann diese Leistung; sonst zählt die Simulation beide getrennt.",
            )


def like_known(sector: str, own: Iterable[str] = ()) -> str:
    """The service that is probably meant; empty if it is none of the known ones and of those in ``own``."""
    known = {_folded(each): each for each in own}
    for key, words in SECTORS.items():
        known |= {_folded(words.missing): key, _folded(key): key}
    found = get_close_matches(_folded(sector), known, n=1, cutoff=ALIKE)
    return known[found[0]] if found else ""


def _folded(words: str) -> str:
    """Without capitals, umlauts and articles."""
    found = words.casefold().translate(UMLAUTS).split()
    return " ".join(found[found[0] in ARTICLES :] if found else found)
