"""Carrying out what a file would do: everything in one transaction, or nothing."""

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, Any

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from allmende.audit.services import Deed, audited, record, record_many
from allmende.forum.services import Conflict
from allmende.registry.models import Mandate, Region

from ... import queries
from ...models import Contact, Facility, ImportCheck, Measure, Share, Supplier, Supply
from .disputes import settle_disputes
from .entering_generators import GeneratorWork
from .world import FACILITY_FIELDS, NEED_FIELDS, chunks

if TYPE_CHECKING:
    from allmende.accounts.models import User

AT_ONCE = 500


@audited
def carry_out_import(
    *, actor: "User", check: ImportCheck, file_wins: Collection[str] | None = ()
) -> None:
    """Enter and change all that a file says, once; of what is disputed only what ``file_wins`` names.

    Raises ``Conflict``, and changes nothing, if it has faults or was carried out before, if somebody has
    changed one of its facilities since it was looked at, or if the actor may not write about one any more.
    """
    if check.fault_count:
        raise Conflict(_("Die Datei hat Fehler. Bitte verbessern Sie sie."))
    now = timezone.now()
    if not ImportCheck.objects.filter(pk=check.pk, carried_out_at=None).update(carried_out_at=now):
        raise Conflict(_("Diese Datei ist schon übernommen."))
    settle_disputes(check, file_wins=file_wins)
    # With the chain in hand nobody else changes the register: what is checked now stays so.
    work = _Work(actor, check.plan["facilities"], check.plan["needs"])
    generators = GeneratorWork(actor, check.plan.get("generators", []))
    work.check()
    generators.check()
    work.do()
    if generators.rows:
        record_many(actor=actor, deeds=generators.do())
    ImportCheck.objects.filter(pk=check.pk).update(plan={}, shown=[])
    check.plan, check.shown, check.carried_out_at = {}, [], now
    record(actor=actor, deed="crisis.carry_out_import", obj=check, **check.counts)


class _Work:
    """The facilities and needs of one file on their way into the register."""

    def __init__(
        self, actor: "User", facilities: list[dict[str, Any]], needs: list[dict[str, Any]]
    ) -> None:
        self.actor, self.facilities, self.needs = actor, facilities, needs
        self.new = [each for each in facilities if each["pk"] < 0]
        self.changed = [each for each in facilities if each["pk"] > 0]
        self.seen = {
            number: each["seen"]
            for rows, key in ((self.changed, "pk"), (needs, "facility"))
            for each in rows
            if (number := each[key]) > 0
        }
        self.there: dict[int, dict[str, Any]] = {}
        self.regions: dict[int, Region] = {}
        self.mandates: dict[tuple[int | None, int], Mandate] = {}

    def check(self) -> None:
        """Whether it still fits."""
        columns = ("pk", "version", "closed_on", "provider_id", "region_id")
        for chunk in chunks(self.seen):
            found = Facility.objects.filter(pk__in=chunk).order_by()
            self.there |= {row["pk"]: row for row in found.values(*columns)}
        for number, seen in self.seen.items():
            there = self.there.get(number)
            if there is None or there["version"] != seen or there["closed_on"] is not None:
                raise Conflict(
                    _(
                        "%(facility)s hat jemand geändert, seit Sie die Datei geprüft haben. "
                        "Bitte laden Sie die Datei noch einmal."
                    )
                    % {"facility": self._name_of(number)}
                )
        for chunk in chunks({each["fields"]["region_id"] for each in self.facilities}):
            found_regions = Region.objects.current().filter(pk__in=chunk)
            self.regions |= {region.pk: region for region in found_regions}
        past = {row["region_id"] for row in self.there.values()} - set(self.regions)
        for chunk in chunks(past):
            self.regions |= Region.objects.in_bulk(chunk)
        self._check_rights()
        self._check_new()
        self._check_suppliers()

    def _name_of(self, number: int) -> str:
        """A facility in words; without its name if she may not know of it any more."""
        found = queries.visible_facilities(self.actor).filter(pk=number).values_list("name").first()
        return (
            f"„{found[0]}“" if found else _("Die Einrichtung Nr. %(number)s") % {"number": number}
        )

    def _check_rights(self) -> None:
        pairs = {(row["provider_id"], row["region_id"]) for row in self.there.values()}
        pairs |= {
            (each["fields"]["provider_id"], each["fields"]["region_id"])
            for each in self.facilities
            if each["pk"] < 0 or each["fields"]["region_id"] != self.there[each["pk"]]["region_id"]
        }
        for provider, region in pairs:
            place = self.regions.get(region)
            mandate = place and queries.changing_mandate(
                self.actor, Facility(provider_id=provider, region=place)
            )
            if not mandate:
                raise Conflict(
                    _(
                        "Über einen Teil dieser Einrichtungen dürfen Sie nicht mehr schreiben, oder eine "
                        "Gemeinde gibt es nicht mehr. Bitte laden Sie die Datei noch einmal."
                    )
                )
            self.mandates[provider, region] = mandate

    def _check_new(self) -> None:
        """Nobody else has entered one of them meanwhile: two people may have the same file."""
        places = {(each["fields"]["name"], each["fields"]["region_id"]) for each in self.new}
        for chunk in chunks({name for name, _region in places}):
            found = Facility.objects.working().filter(name__in=chunk).order_by()
            if there := places & set(found.values_list("name", "region_id")):
                raise Conflict(
                    _(
                        "„%(facility)s“ hat inzwischen jemand eingetragen. "
                        "Bitte laden Sie die Datei noch einmal."
                    )
                    % {"facility": min(there)[0]}
                )

    def _check_suppliers(self) -> None:
        added = {number for need in self.needs for number in need["added"] if number > 0}
        for chunk in chunks(added):
            working = Facility.objects.working().filter(pk__in=chunk).values_list("pk", flat=True)
            if gone := set(chunk) - set(working):
                raise Conflict(
                    _(
                        "%(facility)s soll liefern, ist aber inzwischen aufgegeben. "
                        "Bitte laden Sie die Datei noch einmal."
                    )
                    % {"facility": self._name_of(min(gone))}
                )

    def do(self) -> None:
        """Write everything; the log gets an entry for each facility and each need."""
        made = self._enter()
        self._change()
        self._set_shares(made)
        self._set_contacts(made)
        self._set_measures(made)
        self._set_needs(made)
        for chunk in chunks(self.seen):
            Facility.objects.filter(pk__in=chunk).update(version=F("version") + 1)
        record_many(actor=self.actor, deeds=self._deeds(made))

    def _enter(self) -> dict[int, int]:
        """Enter what is new; returns the numbers that it gets."""
        rows = [
            Facility(
                **each["fields"],
                is_example=self.regions[each["fields"]["region_id"]].invented,
            )
            for each in self.new
        ]
        Facility.objects.bulk_create(rows, batch_size=AT_ONCE)
        return {each["pk"]: row.pk for each, row in zip(self.new, rows, strict=True)}

    def _change(self) -> None:
        rows = [
            Facility(
                pk=each["pk"],
                **each["fields"],
                is_example=self.regions[each["fields"]["region_id"]].invented,
            )
            for each in self.changed
        ]
        # They are there: nobody removes facilities. One statement for many is much quicker than
        # ``bulk_update``.
        Facility.objects.bulk_create(
            rows,
            batch_size=AT_ONCE,
            update_conflicts=True,
            unique_fields=["id"],
            update_fields=[*(name.removesuffix("_id") for name in FACILITY_FIELDS), "is_example"],
        )

    def _set_shares(self, made: dict[int, int]) -> None:
        said = [each for each in self.facilities if each["shares"] is not None]
        for chunk in chunks(each["pk"] for each in said if each["pk"] > 0):
            Share.objects.filter(facility__in=chunk).delete()
        Share.objects.bulk_create(
            (
                Share(facility_id=made.get(each["pk"], each["pk"]), region_id=region, persons=n)
                for each in said
                for region, n in each["shares"]
            ),
            batch_size=AT_ONCE,
        )

    def _set_contacts(self, made: dict[int, int]) -> None:
        """Enter contacts or say them otherwise; who says so confirms them."""
        pairs = [
            (made.get(each["pk"], each["pk"]), contact)
            for each in self.facilities
            for contact in each.get("contacts", ())
        ]
        said = [contact for _facility, contact in pairs]
        rows = [
            Contact(
                pk=pk,
                facility_id=facility,
                name=name,
                telephone=telephone,
                email=email,
                reachable=reachable,
                confirmed_on=timezone.localdate(),
            )
            for facility, (pk, name, telephone, email, reachable) in pairs
        ]
        new = [row for row, (pk, *_said) in zip(rows, said, strict=True) if pk is None]
        old = [row for row, (pk, *_said) in zip(rows, said, strict=True) if pk is not None]
        Contact.objects.bulk_create(new, batch_size=AT_ONCE)
        Contact.objects.bulk_create(
            old,
            batch_size=AT_ONCE,
            update_conflicts=True,
            unique_fields=["id"],
            update_fields=["name", "telephone", "email", "reachable", "confirmed_on"],
        )

    def _set_measures(self, made: dict[int, int]) -> None:
        Measure.objects.bulk_create(
            (
                Measure(
                    facility_id=made.get(each["pk"], each["pk"]), key=key, year=year, value=value
                )
                for each in self.facilities
                for key, year, value in each.get("measures", ())
            ),
            batch_size=AT_ONCE,
            update_conflicts=True,
            unique_fields=["facility", "key", "year"],
            update_fields=["value"],
        )

    def _set_needs(self, made: dict[int, int]) -> None:
        rows = [
            Supply(
                pk=need["pk"],
                facility_id=made.get(need["facility"], need["facility"]),
                **need["fields"],
            )
            for need in self.needs
        ]
        pairs = list(zip(rows, self.needs, strict=True))
        Supply.objects.bulk_create(
            (row for row, need in pairs if need["pk"] is None), batch_size=AT_ONCE
        )
        Supply.objects.bulk_create(
            (row for row, need in pairs if need["pk"] is not None),
            batch_size=AT_ONCE,
            update_conflicts=True,
            unique_fields=["id"],
            update_fields=NEED_FIELDS,
        )
        for chunk in chunks(need["pk"] for need in self.needs if need["pk"] is not None):
            Supplier.objects.filter(supply__in=chunk).delete()
        Supplier.objects.bulk_create(
            (
                Supplier(supply_id=row.pk, facility_id=made.get(number, number))
                for row, need in pairs
                for number in need["suppliers"]
            ),
            batch_size=AT_ONCE,
        )

    def _deeds(self, made: dict[int, int]) -> Iterator[Deed]:
        mandate_of: dict[int, Mandate] = {}
        for number, row in self.there.items():
            mandate_of[number] = self.mandates[row["provider_id"], row["region_id"]]
        for each in self.new:
            fields = each["fields"]
            mandate_of[each["pk"]] = self.mandates[fields["provider_id"], fields["region_id"]]
        for each in self.facilities:
            deed = "crisis.add_facility" if each["pk"] < 0 else "crisis.change_facility"
            about = Facility(pk=made.get(each["pk"], each["pk"]))
            mandate = mandate_of[each["pk"]]
            yield Deed(deed, about, mandate, {"from_file": True})
            for number, *_said in each.get("contacts", ()):
                deed = "crisis.add_contact" if number is None else "crisis.change_contact"
                yield Deed(deed, about, mandate, {"from_file": True})
            for key, year, _value in each.get("measures", ()):
                details = {"key": key, "year": year, "from_file": True}
                yield Deed("crisis.set_measure", about, mandate, details)
        for need in self.needs:
            deed = "crisis.add_supply" if need["pk"] is None else "crisis.change_supply"
            about = Facility(pk=made.get(need["facility"], need["facility"]))
            details = {"service": need["fields"]["service"], "from_file": True}
            yield Deed(deed, about, mandate_of[need["facility"]], details)
