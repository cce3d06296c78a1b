"""Rows about generators: which one is meant, what is new, and what is wrong."""

from collections import defaultdict
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from allmende.formats.facility_list import (
    GENERATOR_COLUMNS,
    GENERATORS,
    Fault,
    Named,
    plain_text,
    written,
)
from allmende.registry.models import Mandate, Region

from ... import queries
from ...models import Fuel, Generator
from ...queries.towns import folded
from .facilities import kept
from .plan import Difference, Plan, PlannedGenerator
from .values import wrong_values
from .world import Known, Read, UnclearError, World

HEADINGS = {column.field: column.heading for column in GENERATOR_COLUMNS}
GENERATOR_FIELDS = (
    *("name", "facility_id", "owner_id", "owner_name", "region_id", "is_mobile", "power_kw"),
    *("fuel", "fuel_hours", "place", "release_name", "release_telephone"),
)
# Where a column of the table has another name in files.
SAID_IN = {"owner_name": "owner", "region_id": "key", "facility_id": "facility"}
# An empty cell leaves these as they are, and as usual where the generator is new.
NEVER_EMPTY = ("name", "is_mobile", "power_kw")
MAY_BE_EMPTY = ("fuel_hours", "place", "release_name", "release_telephone")
UNCHECKED = {"facility", "owner", "region"} | {
    field.name for field in Generator._meta.fields if field.attname not in GENERATOR_FIELDS
}


class GeneratorRows:
    """Looks at one row after the other and writes down what is to be done."""

    def __init__(self, world: World, plan: Plan) -> None:
        self.world, self.plan = world, plan
        found = queries.visible_generators(world.user).order_by("pk")
        self.there = {each.pk: each for each in found}
        self.called: defaultdict[tuple[str, int | None], list[Generator]] = defaultdict(list)
        for each in self.there.values():
            self.called[folded(each.name), each.facility_id].append(each)
        owners = (each.owner for each in self.there.values() if each.owner)
        self.owners = {each.pk: each.name for each in (*world.providers.values(), *owners)}
        world.load(each.facility_id for each in self.there.values() if each.facility_id)
        world.places.load(each.town.pk for each in self.there.values())
        with override(settings.LANGUAGE_CODE):
            self.fuels = {
                folded(str(said)): fuel for fuel in Fuel for said in (fuel.label, fuel.value)
            }
        self.lines: dict[object, int] = {}
        self._mandates: dict[tuple[int | None, int | None, int | None], Mandate | None] = {}

    def look_at(self, row: Read) -> None:
        """Compare a row with what there is, and tell all that is wrong with it."""
        facility, region = self._facility(row), self._region(row)
        there = self._identify(row, facility, region)
        if there is None and row.is_faulty(HEADINGS["number"]):
            return
        before = {name: getattr(there or Generator(), name) for name in GENERATOR_FIELDS}
        after = dict(before)
        self._fill_in(row, after)
        self._set_owner(row, after, there, facility, region)
        if there and after == before and not row.faults:
            self.plan.counts["unchanged"] += 1
            return
        self._check_values(row, after)
        self._check_once(row, after, there)
        self._check_rights(row, before, after, there)
        if there and row.values.get("stand") not in {None, there.version}:
            said = _("Diese Anlage hat seither jemand geändert. Bitte rufen Sie die Liste neu ab.")
            self._fault(row, "stand", said)
        if row.faults:
            return
        self.plan.add_generator(
            PlannedGenerator(
                row.line, there.pk if there else None, there.version if there else None, after
            ),
            name=after["name"],
            differences=self._differences(before if there else None, after),
        )

    def _fault(self, row: Read, column: str, reason: str) -> None:
        row.add_fault(Fault(GENERATORS, row.line, HEADINGS[column], reason))

    def _facility(self, row: Read) -> Known | None:
        """The facility that a row names; adds a fault where nobody can tell."""
        named: Named | None = row.values.get("facility")
        if named is None:
            return None
        found = [each for each in self.world.suppliers(named) if each.pk > 0]
        if len(found) == 1:
            self.world.load([found[0].pk])
            return found[0]
        said = (
            _("„%(words)s“ heißen mehrere. Bitte nennen Sie die Nummer, etwa „Nr. 17“.")
            if found
            else _("„%(words)s“ gibt es nicht, oder Sie sehen sie nicht.")
        )
        self._fault(row, "facility", said % {"words": named.text[:60]})
        return None

    def _region(self, row: Read) -> Region | None:
        try:
            return self.world.places.of(row)
        except UnclearError as unclear:
            self._fault(row, unclear.column, str(unclear))
            return None

    def _identify(
        self, row: Read, facility: Known | None, region: Region | None
    ) -> Generator | None:
        """The generator that a row is about, None if it is new; adds a fault where nobody can tell."""
        number = row.values.get("number")
        if number is not None:
            if number not in self.there:
                said = _("Eine Anlage mit dieser Nummer gibt es nicht, oder Sie sehen sie nicht.")
                self._fault(row, "number", said)
            return self.there.get(number)
        owner = row.values.get("owner")
        found = [
            each
            for each in self.called[
                folded(row.values.get("name") or ""), facility.pk if facility else None
            ]
            if (facility or not region or each.region_id == region.pk)
            and (facility or not owner or folded(each.whose) == folded(owner))
        ]
        if len(found) > 1:
            self._fault(row, "number", _("So heißen dort mehrere. Bitte nennen Sie die Nummer."))
        return found[0] if len(found) == 1 else None

    def _fill_in(self, row: Read, after: dict[str, Any]) -> None:
        said = row.values
        for name in NEVER_EMPTY:
            if said.get(name) is not None:
                after[name] = kept(after[name], said[name])
        for name in MAY_BE_EMPTY:
            if name in said:
                empty = None if name == "fuel_hours" else ""
                after[name] = kept(after[name], empty if said[name] is None else said[name])
        if (words := said.get("fuel")) is not None:
            if (fuel := self.fuels.get(folded(words))) is None:
                reason = _("„%(words)s“ ist kein Kraftstoff.") % {"words": words[:60]}
                self._fault(row, "fuel", reason)
            else:
                after["fuel"] = fuel.value
        for name in ("name", "power_kw"):
            if after[name] in {None, ""}:
                self._fault(row, name, _("Fehlt."))

    def _set_owner(
        self,
        row: Read,
        after: dict[str, Any],
        there: Generator | None,
        facility: Known | None,
        region: Region | None,
    ) -> None:
        """Whose it is and where it stands: a facility says both, and no file moves a generator from one."""
        number = facility.pk if facility else None
        if there and number and number != there.facility_id:
            self._fault(
                row, "facility", _("Zu welcher Einrichtung sie gehört, ändert keine Datei.")
            )
        elif not there:
            after["facility_id"] = number
        if after["facility_id"] or row.is_faulty(HEADINGS["facility"]):
            return
        owner = row.values.get("owner")
        if owner is not None and not (there and owner == " ".join(plain_text(there.whose).split())):
            own = self.world.provider_called(owner)
            after["owner_id"] = own.pk if own else None
            after["owner_name"] = "" if own else owner
        if region is not None:
            after["region_id"] = region.pk
        if not after["owner_id"] and not after["owner_name"]:
            self._fault(row, "owner", _("Fehlt."))
        if not after["region_id"] and not row.is_faulty(HEADINGS["municipality"]):
            self._fault(row, "key", _("Fehlt."))

    def _check_values(self, row: Read, after: dict[str, Any]) -> None:
        for name, reason in wrong_values(Generator(**after), but=UNCHECKED):
            self._fault(row, SAID_IN.get(name, name), reason)

    def _check_once(self, row: Read, after: dict[str, Any], there: Generator | None) -> None:
        places = (after["facility_id"], after["owner_id"], after["owner_name"], after["region_id"])
        key = there.pk if there else (folded(after["name"]), *places)
        if key in self.lines:
            said = _("Steht doppelt, zuerst in Zeile %(value)s.") % {"value": self.lines[key]}
            self._fault(row, "number" if row.values.get("number") else "name", said)
        self.lines.setdefault(key, row.line)

    def _check_rights(
        self, row: Read, before: dict[str, Any], after: dict[str, Any], there: Generator | None
    ) -> None:
        column = "number" if row.values.get("number") else "name"
        number = after["facility_id"]
        if number and self.world.facilities[number]["closed_on"] is not None:
            self._fault(row, "facility", _("Diese Einrichtung ist aufgegeben."))
        elif there and not self._may_write(before):
            self._fault(row, column, _("Diese Anlage dürfen Sie sehen, aber nicht ändern."))
        elif number:
            if not there and not self._may_write(after):
                said = _("Diese Einrichtung dürfen Sie sehen, aber nicht ändern.")
                self._fault(row, "facility", said)
        elif not row.faults and (
            not self._may_write(after)
            or (
                after["region_id"] != before["region_id"]
                and after["region_id"] not in self.world.places.possible
            )
        ):
            said = _("Dort dürfen Sie keine Anlage dieses Halters eintragen.")
            self._fault(row, "key" if row.values.get("key") else "municipality", said)

    def _may_write(self, fields: dict[str, Any]) -> bool:
        number, owner, region = (fields[name] for name in ("facility_id", "owner_id", "region_id"))
        if number:
            facility = self.world.facilities[number]
            return (
                self.world.mandate_for(facility["provider_id"], facility["region_id"]) is not None
            )
        key = (number, owner, region)
        if key not in self._mandates:
            generator = Generator(owner_id=owner, region=self.world.places.by_pk[region])
            self._mandates[key] = queries.generator_mandate(self.world.user, generator)
        return self._mandates[key] is not None

    def _differences(
        self, before: dict[str, Any] | None, after: dict[str, Any]
    ) -> list[Difference]:
        """What is written where, old and new."""
        new = self._told(after)
        old = self._told(before) if before else dict.fromkeys(new, "")
        return [
            Difference(column, HEADINGS[column], old[column], new[column])
            for column in new
            if old[column] != new[column]
        ]

    def _told(self, fields: dict[str, Any]) -> dict[str, str]:
        """A generator in the words of a file."""
        number, region = fields["facility_id"], fields["region_id"]
        return {
            "name": fields["name"],
            "is_mobile": "mobil" if fields["is_mobile"] else "fest",
            "power_kw": written(fields["power_kw"]),
            "fuel": str(Fuel(fields["fuel"]).label),
            "fuel_hours": written(fields["fuel_hours"]),
            "facility": self.world.name_of(number) if number else "",
            "owner": self.owners.get(fields["owner_id"]) or fields["owner_name"],
            "municipality": self.world.places.called(region),
            **{name: written(fields[name]) for name in MAY_BE_EMPTY[1:]},
        }
