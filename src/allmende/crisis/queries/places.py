"""The facilities of a script, as a page lists them."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from allmende.formats.exercise_script.model import Script
from allmende.portal.templatetags.portal import hours

from .situation import service_label


def _said_of(supply: Mapping[str, Any], script: Script) -> str:
    """Who supplies: „2 von 3: A · B · C, Vorrat 4 Std.“."""
    keys = supply.get("suppliers", ())
    said = " · ".join(script.facility_name(str(key)) for key in keys)
    there, needed = sum(supply.get("weights", ())) or len(keys), supply.get("needed", 1)
    if there > 1:
        of = {"needed": needed, "there": there, "names": said}
        said = _("%(needed)s von %(there)s: %(names)s") % of
    stored = supply.get("buffer_hours", 0)
    if stored is None:
        return _("%(names)s, Vorrat ohne Ende") % {"names": said}
    return (
        _("%(names)s, Vorrat %(hours)s Std.") % {"names": said, "hours": hours(stored)}
        if stored
        else said
    )


class Place(NamedTuple):
    """A facility of a script as a page shows it, with its supplies as acts count them."""

    key: str
    name: str
    sector: str
    municipality: str
    served: float
    supplies: tuple[str, ...]


def places_in(script: Script, *, words: str = "", sector: str = "") -> list[Place]:
    """The facilities of a script, by name; narrowed to a name, place or key, and to one service."""
    supplies: dict[str, list[str]] = {}
    for row in script.supplies:
        supplies.setdefault(str(row.get("facility")), []).append(_said_of(row, script))
    found = [
        Place(
            key := str(row.get("key")),
            script.facility_name(key),
            service_label(str(row.get("sector"))),
            str(row.get("municipality", "")) or " · ".join(row.get("shares", {})),
            float(row.get("served", 0)),
            tuple(supplies.get(key, ())),
        )
        for row in script.facilities
        if sector in ("", row.get("sector"))
    ]
    sought = words.casefold()
    narrowed = [
        place
        for place in found
        if sought in f"{place.name}\n{place.municipality}\n{place.key}".casefold()
    ]
    return sorted(narrowed, key=lambda place: (place.name, place.key))
