"""A facility of a script's network: what it is, whom it supplies, and what it needs."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from allmende.formats.exercise_script.changes import Row
from allmende.formats.exercise_script.fields import Field
from allmende.formats.exercise_script.model import Script
from allmende.portal.templatetags.portal import enumerated

from ...models import Service
from ..facilities import services_by_sector
from .lines import MOST, count_lines, is_wrong, lines_in, values_of
from .offers import Choice, Offer, facilities_of, parts_of
from .rows import Group, RowForm, number_of

FIRST = ["name", "sector", "municipality", "served", "repair_hours"]
PLACE = ["east", "north"]
RARE = ["shares", "lost", "repair_spread", "rank", "pool", "starts_alone", "key"]
SUPPLIERS = ["supplier", "second", "third"]
LINE = [*SUPPLIERS, "needed", "buffer_hours", "more", "endless", "recharge", "weights"]
RARE_IN_LINE = ["more", "endless", "recharge", "weights"]
# 3.000 are three thousand: people are counted as everywhere else here.
PERSONS = re.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?", re.ASCII)


class FacilityRowForm(RowForm):
    """One facility; ``row`` is as ``network.find_facility`` has it."""

    def __init__(self, *args: Any, script: Script, row: Row | None, **kwargs: Any) -> None:
        super().__init__(*args, script=script, row=row, **kwargs)
        self.towns = Offer(
            "gemeinden",
            [Choice(name, name) for name in sorted(script.municipalities)],
            many=pgettext("several", "Gemeinden"),
        )
        self._make_fields(row or {})
        # They are always there, and say nothing rare.
        self.plain |= {"key": self.initial.get("key"), "lost": False}
        own = (row or {}).get("key")
        every: list[Row] = (row or {}).get("supplies", [])
        self.supplies, self.rest = every[:MOST], every[MOST:]
        self.line_count = count_lines(self, "lines", len(self.supplies))
        self.offered = Offer(
            "einrichtungen",
            [choice for choice in facilities_of(script) if choice.value != own],
            many=pgettext("several", "Einrichtungen"),
        )
        for place in range(self.line_count):
            self._add_line(place)
            if place < len(self.supplies):
                self.initial.update(self._filled(place, self.supplies[place]))

    def _make_fields(self, row: Row) -> None:
        """What the format's own list of fields does not tell."""
        sectors: list[Any] = services_by_sector()
        others = {str(each.get("sector")) for each in self.script.facilities} - set(Service.values)
        if others:
            sectors.append((_("Nur in diesem Drehbuch"), [(name, name) for name in sorted(others)]))
        self.fields["sector"] = forms.ChoiceField(
            label=self.fields["sector"].label, choices=[("", _("Bitte wählen")), *sectors]
        )
        self.fields["municipality"].widget.attrs |= {"list": self.towns.name, "autocomplete": "off"}
        lost = "repair_hours" in row and row["repair_hours"] is None
        self.fields["lost"] = forms.BooleanField(
            label=_("Niemand kann sie während der Übung reparieren"), required=False, initial=lost
        )
        self.initial["lost"] = lost
        shares = row.get("shares", {})
        self.initial["shares"] = "\n".join(
            f"{town} = {f'{persons:.10g}'.replace('.', ',')}"
            for town, persons in sorted(shares.items())
        )

    def _add_line(self, place: int) -> None:
        labels = (_("Lieferant"), _("oder"), _("oder auch"))
        for name, label in zip(SUPPLIERS, labels, strict=True):
            self.fields[f"{name}_{place}"] = self.offered.field(label=label)
        number: dict[str, Any] = {"required": False, "min_value": 0, "localize": True}
        made: dict[str, forms.Field] = {
            "needed": forms.IntegerField(
                label=_("So viele davon sind nötig"),
                required=False,
                min_value=1,
                help_text=_("Leer: einer genügt."),
            ),
            "buffer_hours": forms.FloatField(
                label=_("Vorrat in Stunden"),
                help_text=_("So lange geht es ohne Lieferung weiter. Leer: gar nicht."),
                **number,
            ),
            "more": forms.CharField(
                label=_("Weitere Lieferanten"),
                required=False,
                widget=forms.Textarea(attrs={"rows": 2}),
                help_text=_("Je Zeile ein Name oder eine Kennung."),
            ),
            "endless": forms.BooleanField(
                label=_("Der Vorrat hält beliebig lange"), required=False
            ),
            "recharge": forms.FloatField(
                label=_("Stunden Vorrat, die eine Stunde Lieferung bringt"),
                help_text=_("Leer: eine."),
                **number,
            ),
            "weights": forms.CharField(
                label=_("Wer mehr zählt als einer"),
                required=False,
                widget=forms.Textarea(attrs={"rows": 2}),
                help_text=_("Je Zeile: Umspannwerk Nord = 2"),
            ),
        }
        self.fields.update({f"{name}_{place}": field for name, field in made.items()})

    def _filled(self, place: int, supply: Row) -> dict[str, Any]:
        """What stands in the fields of a line."""
        first, more = supply["suppliers"][: len(SUPPLIERS)], supply["suppliers"][len(SUPPLIERS) :]
        weights = zip(supply["suppliers"], supply.get("weights", ()), strict=False)
        line = self.offered.line_of
        values = dict(zip(SUPPLIERS, first, strict=False)) | {
            "needed": supply.get("needed"),
            "buffer_hours": supply.get("buffer_hours"),
            "endless": "buffer_hours" in supply and supply["buffer_hours"] is None,
            # What is so anyway keeps its fold closed.
            "recharge": None if supply.get("recharge") == 1 else supply.get("recharge"),
            "more": "\n".join(map(line, more)),
            "weights": "\n".join(f"{line(key)} = {weight}" for key, weight in weights),
        }
        return {f"{name}_{place}": _short(value) for name, value in values.items()}

    def shown(self, value: Any, field: Field) -> Any:
        return value if field.name == "shares" else _short(super().shown(value, field))

    def _read(self, typed: Any, field: Field) -> Any:
        if field.name != "shares":
            return super()._read(typed, field)
        pairs = (part.rpartition("=") for part in parts_of(typed or ""))
        return {self._town(name, sign): _persons(said.strip()) for name, sign, said in pairs}

    def _town(self, name: str, sign: str) -> str:
        if not sign or not name.strip():
            raise ValueError(_("Bitte schreiben Sie je Zeile „Gemeinde = Menschen“."))
        return name.strip()

    def clean(self) -> dict[str, Any]:
        super().clean()
        said = self.said
        if self.cleaned_data.get("lost"):
            said["repair_hours"] = None
        elif said.get("repair_hours") == 0:
            self.add_error("repair_hours", _("Bitte geben Sie mehr als 0 Stunden an."))
        if ("east" in said) != ("north" in said):
            missing = "north" if "east" in said else "east"
            self.add_error(missing, _("Bitte geben Sie beides an, oder keines von beiden."))
        self._check_shares()
        supplies = [found for place in range(self.line_count) if (found := self._supply(place))]
        if every := [*supplies, *self.rest]:
            said["supplies"] = every
        return self.cleaned_data

    def _check_shares(self) -> None:
        """Shares say where all the people are who are supplied; how many that is need not be typed again."""
        said = self.said
        shares: dict[str, float] = said.get("shares", {})
        if not shares:
            return
        if said.get("municipality"):
            self.add_error(
                "municipality", _("Bitte leer lassen, wenn Sie unten mehrere Gemeinden nennen.")
            )
        said["served"] = said.get("served") or sum(shares.values())
        if abs(said["served"] - sum(shares.values())) > 0.01 * said["served"]:
            self.add_error(
                "shares", _("Zusammen sind das nicht so viele Menschen, wie oben stehen.")
            )

    def _supply(self, place: int) -> Row:
        """What was typed in one line, as the model says it; empty if nothing was."""
        if is_wrong(self, LINE, place):
            return {}
        line = values_of(self.cleaned_data, LINE, place)
        try:
            more = [self.offered.value_of(each) for each in parts_of(line["more"])]
        except ValueError as error:
            self.add_error(f"more_{place}", str(error))
            return {}
        suppliers = list(dict.fromkeys(key for name in SUPPLIERS if (key := line[name])))
        suppliers += [key for key in dict.fromkeys(more) if key not in suppliers]
        if not suppliers:
            if any(line[name] not in (None, "", False) for name in LINE):
                self.add_error(f"supplier_{place}", _("Bitte wählen Sie einen Lieferanten."))
            return {}
        try:
            weights = self._weights(line["weights"], suppliers)
        except ValueError as error:
            self.add_error(f"weights_{place}", str(error))
            return {}
        needed, there = line["needed"] or 1, sum(weights) or len(suppliers)
        if needed > there:
            said = _("So viele Lieferanten sind nicht gewählt: Es sind %(count)s.")
            self.add_error(f"needed_{place}", said % {"count": there})
        recharge = line["recharge"]
        return {
            "suppliers": suppliers,
            "needed": needed,
            "buffer_hours": None if line["endless"] else line["buffer_hours"] or 0,
            "recharge": 1 if recharge is None else recharge,
            "weights": weights,
        }

    def _weights(self, typed: str, suppliers: list[str]) -> list[int]:
        """What each supplier counts, in their order; none if each counts one."""
        found = dict.fromkeys(suppliers, 1)
        for part in parts_of(typed):
            name, _sign, word = part.rpartition("=")
            key, weight = self.offered.find(name.strip()), word.strip()
            if key not in found:
                raise ValueError(_("„%(name)s“ ist hier kein Lieferant.") % {"name": name[:60]})
            if not re.fullmatch(r"[1-9][0-9]{0,5}", weight):
                raise ValueError(_("„%(word)s“ ist keine ganze Zahl ab 1.") % {"word": weight[:40]})
            found[key] = int(weight)
        return list(found.values()) if set(found.values()) != {1} else []

    def differences(self, there: Row, kind: Any, **options: Any) -> list[tuple[str, str, str]]:
        found = super().differences(there, kind, **options)
        stored, typed = (self._needs(each.get("supplies", ())) for each in (there, self.said))
        return found if stored == typed else [*found, (_("Was sie braucht"), stored, typed)]

    def _needs(self, supplies: Any) -> str:
        """Supplies in words, for a comparison."""
        said = _("%(needed)s von %(names)s, Vorrat %(hours)s Std.")
        return "; ".join(
            said
            % {
                "needed": each.get("needed", 1),
                "names": enumerated([self.offered.name_of(key) for key in each["suppliers"]]),
                "hours": "∞"
                if each.get("buffer_hours", 0) is None
                else f"{each.get('buffer_hours', 0):g}",
            }
            for each in supplies
        )

    @property
    def suggestions(self) -> list[Offer]:
        return [*super().suggestions, self.towns]

    @property
    def groups(self) -> list[Group]:
        hint = _(
            "Jede Zeile ist eine Versorgung, und alle müssen erfüllt sein: etwa eine für Strom, eine für Kraftstoff. "
            "Entscheidungen nennen sie nach ihrer Nummer. Leere Zeilen zählen nicht; nach dem Speichern kommen neue dazu."
        )
        if self.rest:
            hint += " " + _("%(count)s weitere stehen nicht hier und bleiben, wie sie sind.") % {
                "count": len(self.rest)
            }
        lines = lines_in(self, LINE, self.line_count, rare=RARE_IN_LINE)
        where = _(
            "Kilometer von einer Ecke aus, die für alle dieselbe ist. Ohne Angabe steht sie nicht auf der Karte."
        )
        return [
            Group("", "", [self[name] for name in FIRST], []),
            Group(_("Was sie braucht"), hint, [], lines, folds=False),
            self.group(_("Ort auf der Karte der Übung"), PLACE, hint=where),
            self.group(_("Weitere Angaben"), RARE),
        ]


def _short(value: Any) -> Any:
    """A number as somebody would write it: 24, not 24,0."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _persons(word: str) -> float:
    return number_of(word.replace(".", "") if PERSONS.fullmatch(word) else word)
