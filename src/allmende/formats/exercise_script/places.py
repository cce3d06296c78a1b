"""Where in a script a finding is mended: its place in words, as a section of the document and a key in it."""

from allmende.formats.exercise_script.findings import Finding, label
from allmende.formats.exercise_script.model import Script

Place = tuple[str, str]
NOWHERE: Place = ("", "")


def places_of(script: Script) -> dict[str, Place]:
    """Section and key by the words that findings have for a place; what stands in a script once has no key."""
    found: dict[str, Place] = {
        "Netz": ("model", ""),
        "Meldungen der Simulation": ("announce", ""),
        "Drehbuch": ("head", ""),
    }
    for role in script.roles:
        found[f"Rolle „{role.key}“"] = found[f"Rolle „{role.name}“"] = ("roles", role.key)
    for goal in script.goals:
        found[f"Ziel „{goal.key}“"] = found[f"Ziel „{goal.name}“"] = ("goals", goal.key)
    for decision in script.decisions:
        found[f"Entscheidung „{decision.key}“"] = ("decisions", decision.key)
    for unit in script.units:
        found[f"Aggregat „{unit.key}“"] = ("units", unit.key)
    for inject in script.injects:
        found[label(inject)] = ("injects", inject.key)
    return found


def place_of(finding: Finding, places: dict[str, Place]) -> Place:
    """Where a finding is mended; the part of a row counts as the row."""
    head = finding.place.rpartition(", ")[0]
    return places.get(finding.place) or places.get(head) or NOWHERE
