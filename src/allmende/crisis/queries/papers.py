"""What the papers of a facility say, in words; German, whatever language the reader has chosen."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import override

from allmende.formats.kritis import STANDINGS, Need, Provider, Sheet

from ..models import Facility, Supply
from .facilities import needed_by, needs_of, visible_facilities
from .kritis import Status, sees_all, status_of
from .providers import particulars_of

if TYPE_CHECKING:
    from allmende.accounts.models import User


def sheet_of(facility: Facility, *, reader: "User") -> Sheet:
    """All that the register says of a facility, as far as the reader may know it."""
    status = status_of(facility, on=timezone.localdate())
    by_others = list(needed_by(facility))
    keys = {supply.facility_id for supply in by_others}
    seen = set(visible_facilities(reader).filter(pk__in=keys).values_list("pk", flat=True))
    with override(settings.LANGUAGE_CODE):
        return Sheet(
            name=facility.name,
            provider=_provider(facility),
            service=str(facility.get_service_display()),
            sector=str(facility.sector.label),
            municipality=facility.region.name,
            place=facility.place,
            standing=_standing(status),
            served=_number(facility.served),
            shares=tuple(
                (share.region.name, _number(share.persons))
                for share in facility.shares.select_related("region")
            ),
            measures=_measures(status) if sees_all(reader, status.together) else (),
            contacts=tuple(
                (one.name, ", ".join(filter(None, (one.telephone, one.email, one.reachable))))
                for one in facility.contacts.all()
            ),
            needs=tuple(_need(supply) for supply in needs_of(facility)),
            needed_by=tuple(
                (supply.facility.name, str(supply.get_service_display()), _hours(supply))
                for supply in by_others
                if supply.facility_id in seen
            ),
            hidden=sum(supply.facility_id not in seen for supply in by_others),
            repair=f"{_number(facility.repair_hours)} Stunden",
            starts_alone=facility.starts_alone,
            feed_in=f"{_number(facility.feed_in_kw)} kW" if facility.feed_in_kw else "keiner",
            is_example=facility.is_example,
        )


def _provider(facility: Facility) -> Provider:
    said = particulars_of(facility.provider)
    if said is None:
        return Provider(facility.who_runs_it)
    return Provider(
        name=facility.who_runs_it,
        legal_form=said.legal_form,
        register=said.register,
        address=said.address,
        contact=said.contact,
        eu_states=said.eu_states,
    )


def _standing(status: Status) -> str:
    words = STANDINGS[status.level]
    return f"{words} seit {date_format(status.since)}" if status.since else words


def _measures(status: Status) -> tuple[tuple[str, str, str, str], ...]:
    return tuple(
        (
            f"{line.threshold.category}: {line.threshold.criterion}",
            str(year),
            f"{_number(value)} {line.threshold.unit}",
            "–" if persons is None else _number(persons),
        )
        for line in status.lines
        for year, value, persons in line.years
    )


def _need(supply: Supply) -> Need:
    return Need(
        what=str(supply.get_service_display()),
        suppliers=tuple(row.facility.name for row in supply.rows.all()),
        needed=supply.needed,
        hours=_hours(supply),
    )


def _hours(supply: Supply) -> str:
    return f"{_number(supply.buffer_hours)} Stunden" if supply.buffer_hours else "kein Vorrat"


def _number(value: object) -> str:
    """A number as German papers write it, without zeros at the end."""
    words = f"{value:f}" if not isinstance(value, int) else str(value)
    if "." in words:
        words = words.rstrip("0").rstrip(".")
    return str(number_format(words, force_grouping=True))
