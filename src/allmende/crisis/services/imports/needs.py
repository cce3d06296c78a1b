"""Rows about what facilities need: of which one, of whom, and what is wrong."""

from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from allmende.formats.facility_list import (
    CHECKS,
    NEED_COLUMNS,
    NEEDS,
    Fault,
    Named,
    plain_text,
    written,
)
from allmende.portal.templatetags.portal import enumerated

from ...models import Supply
from ...queries.towns import folded
from .merging import TOGETHER_IN_NEEDS, is_asked, leave_out_unchanged, merged, mixed_need
from .plan import ROW, Difference, Plan, PlannedNeed
from .values import wrong_values
from .world import NEED_FIELDS, Known, Need, Read, World

HEADINGS = {column.field: column.heading for column in NEED_COLUMNS}
UNCHECKED = {field.name for field in Supply._meta.fields if field.attname not in NEED_FIELDS}
NEVER_EMPTY = ("needed", "buffer_hours", "recharge")
SAID = (*NEVER_EMPTY, "note")


def usual_values() -> dict[str, Any]:
    """A need of which nothing is said."""
    blank = Supply()
    return {name: getattr(blank, name) for name in NEED_FIELDS}


class NeedRows:
    """Looks at one row after the other and writes down what is to be done."""

    def __init__(self, world: World, plan: Plan, services: dict[str, str]) -> None:
        self.world, self.plan, self.services = world, plan, services
        self.usual = usual_values()
        self.lines: dict[object, int] = {}
        self.of_facility: dict[int, list[Need]] = {}

    def identify(self, row: Read) -> Known | None:
        """The facility that needs it; adds a fault where there is none."""
        number, name = row.values.get("facility"), row.values.get("name")
        if number is not None:
            found = [self.world.known[number]] if number in self.world.known else []
        elif name is not None:
            words = row.values.get("key") or row.values.get("municipality") or ""
            regions = self.world.places.find(words)
            found = self.world.called(name, regions[0]) if len(regions) == 1 else []
        else:
            found = []
        if len(found) == 1:
            return found[0]
        column = "facility" if number is not None or len(found) > 1 else "name"
        said = (
            _("So heißen dort mehrere. Bitte nennen Sie die Nummer.")
            if found
            else _("Eine solche Einrichtung gibt es dort nicht, oder Sie sehen sie nicht.")
        )
        self._fault(row, column, said)
        return None

    def gather(self) -> None:
        """Sort the needs that there are by facility, once all of them are loaded."""
        for need in self.world.needs.values():
            self.of_facility.setdefault(need.facility, []).append(need)

    def look_at(self, row: Read, facility: Known | None) -> None:
        """Compare a row with what there is, and tell all that is wrong with it."""
        if facility is not None and self._is_disputed(row, facility):
            gone = row.values.get("number") not in self.world.needs
            said = dict(row.values)
            if not leave_out_unchanged(row, NEEDS):
                self.plan.counts["unchanged"] += 1
                return
            if gone:  # it can come back as a whole only
                row.values = said
        service = self._service(row)
        self._check_values(row)
        if facility is None:
            return
        there = self._by_number(row, facility)
        if row.is_faulty(HEADINGS["service"]):
            return  # who could supply it depends on that
        service = service or (there.fields["service"] if there else "")
        if not service:
            self._fault(row, "service", _("Fehlt."))
            return
        suppliers = self._suppliers(row, facility, service, there)
        there = there or self._same(facility, service, suppliers)
        before = dict(there.fields) if there else self.usual
        after = self._filled_in(row, before) | {"service": service}
        if not row.faults:
            self._check_once(row, facility, there, service, suppliers)
        changed = there is None or after != before or suppliers != there.suppliers
        if not changed and not row.faults:
            self.plan.counts["unchanged"] += 1
            return
        self._check(row, facility, after, suppliers)
        if row.faults:
            return
        old = there.suppliers if there else set()
        # One that the file has added is nobody else's.
        added = row.values.get("number") is None and CHECKS.field in row.values
        disputed = self._is_disputed(row, facility) and not (added and there is None)
        differences = self._differences(before, after, old, suppliers) if there or disputed else []
        if there is None:
            differences = [each._replace(choice=ROW) for each in differences]
        planned = PlannedNeed(
            line=row.line,
            pk=there.pk if there else None,
            facility=facility.pk,
            seen=self.world.facilities[facility.pk]["version"] if facility.pk > 0 else None,
            fields=after,
            suppliers=sorted(suppliers),
            added=sorted(suppliers - old),
            disputed=disputed,
            before=before | {"suppliers": sorted(old)} if disputed else {},
        )
        if disputed:
            there_now = self.world.checks[NEEDS].get(there.pk) if there else None
            asked = partial(is_asked, row, NEEDS, there_now)
            planned = merged(planned, differences, asked, mixed_need)
        self.plan.add_need(planned, name=facility.name, differences=differences)

    def _fault(self, row: Read, column: str, reason: str) -> None:
        row.add_fault(Fault(NEEDS, row.line, HEADINGS[column], reason))

    def _service(self, row: Read) -> str | None:
        said = row.values.get("service")
        if said is None:
            return None
        if (service := self.services.get(folded(said))) is None:
            words = {"words": said[:60]}
            self._fault(row, "service", _("„%(words)s“ ist keine Leistung.") % words)
        return service

    def _by_number(self, row: Read, facility: Known) -> Need | None:
        number = row.values.get("number")
        if number is None:
            return None
        need = self.world.needs.get(number)
        if need is None and self._is_disputed(row, facility):
            return None  # somebody has removed it since the file was written
        if need is None or need.facility != facility.pk:
            self._fault(row, "number", _("Einen solchen Bedarf hat diese Einrichtung nicht."))
            return None
        return need

    def _is_disputed(self, row: Read, facility: Known) -> bool:
        return facility.pk > 0 and self.world.is_disputed(row, facility.pk)

    def _same(self, facility: Known, service: str, suppliers: set[int]) -> Need | None:
        """The same need of the same suppliers is one."""
        return next(
            (
                need
                for need in self.of_facility.get(facility.pk, ())
                if need.fields["service"] == service and need.suppliers == suppliers
            ),
            None,
        )

    def _suppliers(self, row: Read, facility: Known, service: str, there: Need | None) -> set[int]:
        if "suppliers" not in row.values and there:
            return set(there.suppliers)
        present = {
            number
            for need in self.of_facility.get(facility.pk, ())
            if there is None or need is there
            for number in need.suppliers
        }
        named: list[Named] = row.values.get("suppliers") or []
        if not named:
            self._fault(row, "suppliers", _("Fehlt."))
        found = {
            number
            for each in named
            if (number := self._supplier(row, each, facility, service, present)) is not None
        }
        return found

    def _supplier(
        self, row: Read, named: Named, facility: Known, service: str, present: set[int]
    ) -> int | None:
        # Whoever supplies it already may be one that this person does not see.
        if named.number in present:
            return named.number
        found = [each for each in self.world.suppliers(named) if each.working]
        fitting = [each for each in found if each.service == service]
        words = {"words": named.text[:60]}
        if len(fitting) > 1:
            said = _("„%(words)s“ heißen mehrere. Bitte nennen Sie die Nummer, etwa „Nr. 17“.")
        elif found and not fitting:
            said = _("„%(words)s“ hat eine andere Leistung.")
        elif not found:
            said = _("„%(words)s“ gibt es nicht, oder Sie sehen sie nicht.")
        elif fitting[0].pk == facility.pk:
            said = _("Eine Einrichtung kann sich nicht selbst beliefern.")
        else:
            return fitting[0].pk
        self._fault(row, "suppliers", said % words)
        return None

    def _filled_in(self, row: Read, before: dict[str, Any]) -> dict[str, Any]:
        after = dict(before)
        for name in NEVER_EMPTY:
            if row.values.get(name) is not None:
                after[name] = row.values[name]
        if "note" in row.values and plain_text(before["note"]) != (row.values["note"] or ""):
            after["note"] = row.values["note"] or ""
        return after

    def _check_once(
        self, row: Read, facility: Known, there: Need | None, service: str, suppliers: set[int]
    ) -> None:
        key = there.pk if there else (facility.pk, service, frozenset(suppliers))
        if key in self.lines:
            said = _("Steht doppelt, zuerst in Zeile %(value)s.") % {"value": self.lines[key]}
            self._fault(row, "service", said)
        self.lines.setdefault(key, row.line)

    def _check(
        self, row: Read, facility: Known, after: dict[str, Any], suppliers: set[int]
    ) -> None:
        column = "facility" if row.values.get("facility") else "name"
        if facility.pk > 0:
            there = self.world.facilities[facility.pk]
            if there["closed_on"] is not None:
                self._fault(row, column, _("Diese Einrichtung ist aufgegeben."))
            elif self.world.mandate_for(there["provider_id"], there["region_id"]) is None:
                self._fault(
                    row, column, _("Diese Einrichtung dürfen Sie sehen, aber nicht ändern.")
                )
        named = not row.is_faulty(HEADINGS["suppliers"])
        if named and after["needed"] > len(suppliers):
            said = _("So viele Lieferanten sind nicht genannt: Es sind %(count)s.")
            self._fault(row, "needed", said % {"count": len(suppliers)})

    def _check_values(self, row: Read) -> None:
        """Whether what a row says can be at all; the service was looked at before."""
        said = {name: row.values[name] for name in SAID if row.values.get(name) is not None}
        unsaid = {*NEED_FIELDS} - said.keys()
        for name, reason in wrong_values(Supply(**said), but=UNCHECKED | unsaid):
            self._fault(row, name, reason)

    def _differences(
        self, before: dict[str, Any], after: dict[str, Any], old: set[int], new: set[int]
    ) -> list[Difference]:
        found = [
            Difference(
                TOGETHER_IN_NEEDS.get(name, name),
                HEADINGS[name],
                written(before[name]),
                written(after[name]),
            )
            for name in NEED_FIELDS
            if before[name] != after[name]
        ]
        if old != new:
            suppliers = HEADINGS["suppliers"]
            found.append(Difference("suppliers", suppliers, self._names(old), self._names(new)))
        return found

    def _names(self, numbers: set[int]) -> str:
        return enumerated([self.world.name_of(number) for number in sorted(numbers)])
