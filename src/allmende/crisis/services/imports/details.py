"""What a row says of a facility beyond its own columns: whom to call, and how much it supplied in which year."""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from allmende.formats.facility_list import Called

from ...models import Contact, Measure
from ..contacts import MOST_CONTACTS
from .world import Known, Read, World

# As the form for one value has it: what is larger is a slip.
TOO_MUCH = Decimal(10) ** 12


class DetailError(ValueError):
    """What is wrong with a cell."""


def new_contacts(
    world: World, row: Read, known: Known | None
) -> list[tuple[int | None, str, str, str, str]]:
    """Contacts that are new, or other than the one of that name; none goes because a file lacks it."""
    there = [(pk, called.bare) for pk, called in world.contacts[known.pk]] if known else []
    said = [called.bare for called in row.values.get("contacts") or ()]
    # One that stands there as it is does not become another one of the same name.
    others = [(pk, called) for pk, called in there if called not in said]
    named: set[str] = set()
    changed: list[tuple[int | None, Called]] = []
    for each in said:
        if any(each == called for _pk, called in there):
            continue
        same = [pk for pk, called in others if called.name.casefold() == each.name.casefold()]
        if each.name.casefold() in named or len(same) > 1:
            raise DetailError(_("„%(words)s“ heißen mehrere.") % {"words": each.name[:60]})
        named.add(each.name.casefold())
        _check_contact(each)
        changed.append((same[0] if same else None, each))
    if len(there) + sum(pk is None for pk, _each in changed) > MOST_CONTACTS:
        raise DetailError(
            _("Mehr als %(most)s Kontakte hat eine Einrichtung nicht.") % {"most": MOST_CONTACTS}
        )
    return [(pk, each.name, each.telephone, each.email, each.reachable) for pk, each in changed]


def _check_contact(called: Called) -> None:
    contact = Contact(
        name=called.name,
        telephone=called.telephone,
        email=called.email,
        reachable=called.reachable,
    )
    try:
        contact.clean_fields(exclude=("facility", "confirmed_on"))
    except ValidationError as error:
        raise DetailError(f"{called.name[:60]}: {' '.join(error.messages)}") from error


def new_measures(
    world: World, row: Read, known: Known | None, service: str
) -> list[tuple[str, int, str]]:
    """Values that are new or other than they were; none goes because a file lacks it."""
    there = world.measures[known.pk] if known else {}
    found: dict[tuple[str, int], Decimal] = {}
    for said in row.values.get("measures") or ():
        at = said.key, said.year
        if at in found:
            raise DetailError(
                _("„%(words)s“ steht doppelt.") % {"words": f"{said.key} {said.year}"}
            )
        found[at] = said.value
        if there.get(at) == said.value:
            continue
        if said.key not in world.categories_for(service):
            raise DetailError(
                _("„%(words)s“ ist keine Kategorie dieser Leistung.") % {"words": said.key[:60]}
            )
        _check_measure(said.key, said.year, said.value)
    return [(*at, str(value)) for at, value in found.items() if there.get(at) != value]


def _check_measure(key: str, year: int, value: Decimal) -> None:
    if year >= timezone.localdate().year:
        raise DetailError(_("Das Jahr %(year)s ist noch nicht zu Ende.") % {"year": year})
    if not 0 < value < TOO_MUCH or value != round(value, 3):
        raise DetailError(
            _("Bitte nennen Sie eine Zahl über null mit höchstens drei Stellen nach dem Komma.")
        )
    try:
        Measure(key=key, year=year, value=value).clean_fields(exclude=("facility",))
    except ValidationError as error:
        raise DetailError(" ".join(error.messages)) from error
