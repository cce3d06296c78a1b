"""Carrying out what a file says of generators."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from allmende.audit.services import Deed
from allmende.forum.services import Conflict
from allmende.registry.models import Mandate, Region

from ... import queries
from ...models import Facility, Generator
from .generators import GENERATOR_FIELDS
from .world import chunks

if TYPE_CHECKING:
    from allmende.accounts.models import User

AT_ONCE = 500
# Facility, owner and municipality, as numbers: who may write hangs on these.
Whose = tuple[int | None, int | None, int | None]


class GeneratorWork:
    """The generators of one file on their way into the register."""

    def __init__(self, actor: "User", rows: list[dict[str, Any]]) -> None:
        self.actor, self.rows = actor, rows
        self.new = [each for each in rows if each["pk"] is None]
        self.changed = [each for each in rows if each["pk"] is not None]
        self.there: dict[int, dict[str, Any]] = {}
        self.mandates: dict[Whose, Mandate] = {}

    def check(self) -> None:
        """Whether it still fits."""
        for rows in chunks(self.changed):
            found = Generator.objects.filter(pk__in=[each["pk"] for each in rows]).order_by()
            columns = ("pk", "version", "facility_id", "owner_id", "region_id")
            self.there |= {row["pk"]: row for row in found.values(*columns)}
        for each in self.changed:
            there = self.there.get(each["pk"])
            if there is None or there["version"] != each["seen"]:
                raise Conflict(
                    _(
                        "Die Netzersatzanlage „%(name)s“ hat jemand geändert, seit Sie die Datei geprüft "
                        "haben. Bitte laden Sie die Datei noch einmal."
                    )
                    % {"name": each["fields"]["name"]}
                )
        for rows in chunks(self.new):
            names = {each["fields"]["name"] for each in rows}
            found = Generator.objects.filter(name__in=names).order_by()
            if {_place(each["fields"]) for each in rows} & {
                _place(one) for one in found.values(*GENERATOR_FIELDS)
            }:
                raise Conflict(
                    _(
                        "Eine der neuen Netzersatzanlagen hat inzwischen jemand eingetragen. "
                        "Bitte laden Sie die Datei noch einmal."
                    )
                )
        self._check_rights()

    def _check_rights(self) -> None:
        """Whether she may still write about each where it is, and where the file puts it."""
        fields = [*self.there.values(), *(each["fields"] for each in self.rows)]
        whose = {_whose(one) for one in fields}
        working = Facility.objects.working().select_related("region")
        facilities: dict[int, Facility] = {}
        regions: dict[int, Region] = {}
        for keys in chunks(whose):
            facilities |= working.in_bulk([number for number, _owner, _region in keys if number])
            regions |= Region.objects.in_bulk(
                [region for _number, _owner, region in keys if region]
            )
        for key in whose:
            number, owner, region = key
            facility = facilities.get(number) if number else None
            generator = Generator(
                facility=facility, owner_id=owner, region=regions.get(region) if region else None
            )
            gone = number and facility is None
            mandate = None if gone else queries.generator_mandate(self.actor, generator)
            if mandate is None:
                raise Conflict(
                    _(
                        "Über einen Teil dieser Netzersatzanlagen dürfen Sie nicht mehr schreiben. Bitte laden "
                        "Sie die Datei noch einmal."
                    )
                )
            self.mandates[key] = mandate

    def do(self) -> Iterator[Deed]:
        """Write everything; yields what the log is to tell. Who says so confirms it."""
        today = timezone.localdate()
        made = Generator.objects.bulk_create(
            [Generator(**each["fields"], confirmed_on=today) for each in self.new],
            batch_size=AT_ONCE,
        )
        Generator.objects.bulk_create(
            (
                Generator(pk=each["pk"], **each["fields"], confirmed_on=today)
                for each in self.changed
            ),
            batch_size=AT_ONCE,
            update_conflicts=True,
            unique_fields=["id"],
            update_fields=[
                *(name.removesuffix("_id") for name in GENERATOR_FIELDS),
                "confirmed_on",
            ],
        )
        for rows in chunks(self.changed):
            numbers = [each["pk"] for each in rows]
            Generator.objects.filter(pk__in=numbers).update(version=F("version") + 1)
        for each, generator in zip(self.new, made, strict=True):
            yield self._deed("crisis.add_generator", generator.pk, each)
        for each in self.changed:
            yield self._deed("crisis.change_generator", each["pk"], each)

    def _deed(self, deed: str, number: int, row: dict[str, Any]) -> Deed:
        mandate = self.mandates[_whose(row["fields"])]
        return Deed(deed, Generator(pk=number), mandate, {"from_file": True})


def _whose(fields: dict[str, Any]) -> Whose:
    return fields["facility_id"], fields["owner_id"], fields["region_id"]


def _place(fields: dict[str, Any]) -> tuple[object, ...]:
    return fields["name"], fields["owner_name"], *_whose(fields)
