"""Rows about facilities: which facility is meant, what is new, and what is wrong."""

from collections.abc import Collection, Iterator
from decimal import Decimal
from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from allmende.formats.facility_list import (
    FACILITIES,
    FACILITY_COLUMNS,
    Called,
    Fault,
    Supplied,
    plain_text,
    written,
)
from allmende.registry.models import Region

from ...models import Facility, Service
from ...queries.towns import folded
from .details import DetailError, new_contacts, new_measures
from .merging import (
    TOGETHER_IN_FACILITIES,
    contact_choice,
    is_asked,
    leave_out_unchanged,
    measure_choice,
    merged,
    mixed_facility,
)
from .plan import Difference, Plan, PlannedFacility
from .providers import lost_by, provider_in
from .values import wrong_values
from .world import FACILITY_FIELDS, Known, Read, UnclearError, World

HEADINGS = {column.field: column.heading for column in FACILITY_COLUMNS}
# Where a column of the table has another name in files.
SAID_IN = {"provider_id": "provider", "provider_name": "provider", "region_id": "key"}
# An empty cell leaves these as they are, and as usual where the facility is new.
NEVER_EMPTY = (*("name", "served", "repair_hours", "repair_spread", "repair_rank", "starts_alone"),)
MAY_BE_EMPTY = ("place", "lon", "lat", "vendor", "feed_in_kw", "note", "group")
TEXTS = {"place", "vendor", "note", "group"}
# Told as names of others, not as they are kept.
TOLD_APART = {"provider_id", "provider_name", "region_id"}
# Checked otherwise, or not said in files.
UNCHECKED = {"provider", "region"} | {
    field.name for field in Facility._meta.fields if field.attname not in FACILITY_FIELDS
}


def usual_values() -> dict[str, Any]:
    """A facility of which nothing is said."""
    blank = Facility()
    return {name: getattr(blank, name) for name in FACILITY_FIELDS}


class FacilityRows:
    """Looks at one row after the other and writes down what is to be done."""

    def __init__(self, world: World, plan: Plan, services: dict[str, str]) -> None:
        self.world, self.plan, self.services = world, plan, services
        self.usual = usual_values()
        self.lines: dict[object, int] = {}

    def identify(self, row: Read) -> Known | None:
        """The facility that a row is about, None if it is new; adds a fault where nobody can tell."""
        number, name = row.values.get("number"), row.values.get("name")
        if number is not None:
            if (known := self.world.known.get(number)) is None:
                self._fault(
                    row,
                    "number",
                    _(
                        "Eine Einrichtung mit dieser Nummer gibt es nicht, oder Sie sehen sie nicht."
                    ),
                )
            return known
        region = self.region_of(row)
        if name is None or region is None:
            places = row.values.get("key") or row.values.get("municipality")
            for missing, said in (("name", name), ("key", places)):
                if said is None:
                    self._fault(row, missing, _("Fehlt."))
            return None
        found = self.world.called(name, region)
        if len(found) > 1:
            self._fault(row, "number", _("So heißen dort mehrere. Bitte nennen Sie die Nummer."))
        return found[0] if len(found) == 1 else None

    def region_of(self, row: Read) -> Region | None:
        """The municipality of a row; adds a fault if there is none of that name, or several."""
        try:
            return self.world.places.of(row)
        except UnclearError as unclear:
            self._fault(row, unclear.column, str(unclear))
            return None

    def look_at(self, row: Read, known: Known | None) -> None:
        """Compare a row with what there is, and tell all that is wrong with it."""
        if known is None and row.is_faulty(HEADINGS["number"]):
            self._look_at_lost(row)
            return
        if known and self.world.is_disputed(row, known.pk):
            leave_out_unchanged(row, FACILITIES)
        is_first = self._is_first(row, known)
        there = self.world.facilities[known.pk] if known else None
        before = {name: there[name] for name in FACILITY_FIELDS} if there else self.usual
        after = dict(before)
        self._fill_in(row, after, there)
        shares = self._shares(row)
        old_shares = self.world.shares[known.pk] if known else {}
        changed_shares = shares is not None and shares != old_shares
        if shares and row.values.get("served") is None:
            after["served"] = sum(shares.values())
        contacts, measures = self._details(row, known, after)
        changed = after != before or changed_shares or contacts or measures
        if there and not changed and not row.faults:
            self.plan.counts["unchanged"] += 1
            return
        self._check_sum(row, after, old_shares if shares is None else shares)
        self._check_rights(row, before, after, there)
        self._check_values(row, after)
        if is_first:
            self._place(row, known, after)
        if row.faults:
            return
        differences = [
            *self._differences(before, after, there or {}),
            *(self._spread(old_shares, shares) if changed_shares and shares is not None else ()),
            *self._new_details(known, contacts, measures, before["service"] != after["service"]),
        ]
        disputed = known is not None and self.world.is_disputed(row, known.pk)
        planned = PlannedFacility(
            line=row.line,
            pk=known.pk if known else self.plan.newest,
            seen=there["version"] if there else None,
            fields=after,
            shares=sorted(shares.items()) if changed_shares and shares is not None else None,
            contacts=contacts,
            measures=measures,
            disputed=disputed,
            before=before if disputed else {},
        )
        if known and disputed:
            there_now = self.world.checks[FACILITIES].get(known.pk)
            asked = partial(is_asked, row, FACILITIES, there_now)
            planned = merged(planned, differences, asked, mixed_facility)
        self.plan.add_facility(
            planned,
            name=planned.fields["name"],
            differences=differences,
            warning=lost_by(self.world, there, after),
        )

    def _look_at_lost(self, row: Read) -> None:
        """Of a row about nobody knows which facility: what would be wrong with it anywhere."""
        said = {name: value for name, value in row.values.items() if value is not None}
        after = self.usual | {name: said[name] for name in FACILITY_FIELDS if name in said}
        self._set_service(row, after)
        self.region_of(row)
        self._shares(row)
        self._check_values(row, after, but={*FACILITY_FIELDS} - said.keys() | {"service"})

    def _details(
        self, row: Read, known: Known | None, after: dict[str, Any]
    ) -> tuple[list[tuple[int | None, str, str, str, str]], list[tuple[str, int, str]]]:
        """Contacts and values by year that a row adds or changes."""
        contacts, measures = [], []
        try:
            contacts = new_contacts(self.world, row, known)
        except DetailError as error:
            self._fault(row, "contacts", str(error))
        if after["service"]:
            try:
                measures = new_measures(self.world, row, known, after["service"])
            except DetailError as error:
                self._fault(row, "measures", str(error))
        return contacts, measures

    def _new_details(
        self,
        known: Known | None,
        contacts: list[tuple[int | None, str, str, str, str]],
        measures: list[tuple[str, int, str]],
        is_other_service: bool,
    ) -> Iterator[Difference]:
        """The same in words, old and new."""
        there = dict(self.world.contacts[known.pk]) if known else {}
        for place, (pk, *said) in enumerate(contacts):
            before = there[pk].written if pk is not None else ""
            yield Difference(
                contact_choice(place),
                HEADINGS["contacts"],
                before,
                Called(*said).written,
            )
        values = self.world.measures[known.pk] if known else {}
        for key, year, value in measures:
            old = values.get((key, year))
            yield Difference(
                # Categories are those of a service.
                "service" if is_other_service else measure_choice(key, year),
                HEADINGS["measures"],
                Supplied(key, year, old).written if old is not None else "",
                Supplied(key, year, Decimal(value)).written,
            )

    def _fault(self, row: Read, column: str, reason: str) -> None:
        row.add_fault(Fault(FACILITIES, row.line, HEADINGS[column], reason))

    def _is_faulty(self, row: Read, *columns: str) -> bool:
        return any(row.is_faulty(HEADINGS[column]) for column in columns)

    def _is_first(self, row: Read, known: Known | None) -> bool:
        region = None if known else self.region_of(row)
        name = row.values.get("name")
        key = known.pk if known else (folded(name), region.pk) if name and region else None
        if key is not None and key in self.lines:
            said = _("Steht doppelt, zuerst in Zeile %(value)s.") % {"value": self.lines[key]}
            self._fault(row, "number" if row.values.get("number") else "name", said)
            return False
        if key is not None:
            self.lines[key] = row.line
        return True

    def _place(self, row: Read, known: Known | None, after: dict[str, Any]) -> None:
        """Let needs in the same file find a new facility, even one that has faults."""
        if known is None and after["name"] and after["region_id"]:
            self.world.learn(
                Known(
                    self.plan.new_number(),
                    after["name"],
                    after["region_id"],
                    after["service"],
                    working=True,
                )
            )

    def _fill_in(self, row: Read, after: dict[str, Any], there: dict[str, Any] | None) -> None:
        said = row.values
        for name in NEVER_EMPTY:
            if said.get(name) is not None:
                after[name] = kept(after[name], said[name])
        for name in MAY_BE_EMPTY:
            if name in said:
                value = "" if said[name] is None and name in TEXTS else said[name]
                after[name] = kept(after[name], value)
        self._set_service(row, after)
        if (provider := said.get("provider")) is not None:
            self._set_provider(provider, after, there)
        if (region := self.region_of(row)) is not None:
            after["region_id"] = region.pk
        for name, column in (
            *(("name", "name"), ("service", "service")),
            *(("provider_name", "provider"), ("region_id", "key")),
        ):
            empty = not after[name] and not (column == "provider" and after["provider_id"])
            if empty and not (column == "key" and self._is_faulty(row, "municipality")):
                self._fault(row, column, _("Fehlt."))
        if (after["lon"] is None) != (after["lat"] is None):
            self._fault(row, "lat", _("Bitte nennen Sie Länge und Breite, oder keine von beiden."))

    def _set_service(self, row: Read, after: dict[str, Any]) -> None:
        if (said := row.values.get("service")) is None:
            return
        if (service := self.services.get(folded(said))) is None:
            words = {"words": said[:60]}
            self._fault(row, "service", _("„%(words)s“ ist keine Leistung.") % words)
        else:
            after["service"] = service

    def _set_provider(self, name: str, after: dict[str, Any], there: dict[str, Any] | None) -> None:
        if there and name == plain_text(there["provider__name"] or there["provider_name"]):
            return
        own = self.world.provider_called(name)
        after["provider_id"] = own.pk if own else None
        after["provider_name"] = "" if own else name

    def _shares(self, row: Read) -> dict[int, int] | None:
        """Persons by municipality; None if the file does not say."""
        if "shares" not in row.values:
            return None
        found: dict[int, int] = {}
        for place, persons in row.values["shares"] or ():
            regions = self.world.places.find(place)
            if len(regions) != 1:
                words = {"words": place[:60]}
                self._fault(
                    row,
                    "shares",
                    _("„%(words)s“ ist keine Gemeinde, oder es gibt sie mehrfach.") % words,
                )
                return None
            found[regions[0].pk] = found.get(regions[0].pk, 0) + persons
        return found

    def _check_sum(self, row: Read, after: dict[str, Any], shares: dict[int, int]) -> None:
        together = sum(shares.values())
        if shares and together != after["served"] and not self._is_faulty(row, "served"):
            said = _("Zusammen sind das %(sum)s Menschen, versorgt werden %(served)s.")
            self._fault(row, "shares", said % {"sum": together, "served": after["served"]})

    def _check_rights(
        self,
        row: Read,
        before: dict[str, Any],
        after: dict[str, Any],
        there: dict[str, Any] | None,
    ) -> None:
        column = "number" if row.values.get("number") else "name"
        if there and there["closed_on"] is not None:
            self._fault(row, column, _("Diese Einrichtung ist aufgegeben."))
        elif there and not self._may_write(before):
            self._fault(row, column, _("Diese Einrichtung dürfen Sie sehen, aber nicht ändern."))
        elif self._is_faulty(row, "key", "municipality", "provider"):
            return  # nobody can tell
        elif (not there or after["region_id"] != before["region_id"]) and (
            after["region_id"] not in self.world.places.possible or not self._may_write(after)
        ):
            said = _("Hier dürfen Sie keine Einrichtung dieses Betreibers eintragen.")
            self._fault(row, "key" if row.values.get("key") else "municipality", said)

    def _may_write(self, fields: dict[str, Any]) -> bool:
        return self.world.mandate_for(fields["provider_id"], fields["region_id"]) is not None

    def _check_values(
        self, row: Read, after: dict[str, Any], but: Collection[str] = frozenset()
    ) -> None:
        for name, reason in wrong_values(Facility(**after), but=UNCHECKED.union(but)):
            self._fault(row, SAID_IN.get(name, name), reason)

    def _spread(self, before: dict[int, int], after: dict[int, int]) -> Iterator[Difference]:
        """The people of each municipality, old and new, as far as they differ."""
        for place in sorted(before.keys() | after.keys()):
            if before.get(place) != after.get(place):
                name = self.world.places.called(place)
                old, new = (written(each.get(place)) for each in (before, after))
                yield Difference("served", f"{HEADINGS['shares']}: {name}", old, new)

    def _differences(
        self, before: dict[str, Any], after: dict[str, Any], there: dict[str, Any]
    ) -> list[Difference]:
        """What is written where, old and new; of a new facility, all that is not as usual."""
        services = dict(Service.choices)
        found = []
        for name in FACILITY_FIELDS:
            if before[name] != after[name] and name not in TOLD_APART:
                old, new = (
                    str(services.get(each[name], "")) if name == "service" else written(each[name])
                    for each in (before, after)
                )
                heading = HEADINGS[SAID_IN.get(name, name)]
                found.append(Difference(TOGETHER_IN_FACILITIES.get(name, name), heading, old, new))
        old = there.get("provider__name") or before["provider_name"]
        if (new := provider_in(self.world, after, there)) != old:
            found.append(Difference("provider", HEADINGS["provider"], old, new))
        if before["region_id"] != after["region_id"]:
            called = self.world.places.called
            old, new = (called(each["region_id"]) for each in (before, after))
            found.append(Difference("provider", HEADINGS["municipality"], old, new))
        return found


def kept(before: Any, said: Any) -> Any:
    """What was there, if the file says the same: files carry texts in one form (``plain_text``)."""
    return before if isinstance(before, str) and plain_text(before) == said else said
