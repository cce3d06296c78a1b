"""One option of a decision, and what follows from it in the simulation."""

from itertools import count
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from allmende.formats.exercise_script.changes import Row
from allmende.formats.exercise_script.fields import FIELDS
from allmende.formats.exercise_script.model import Option, Script
from allmende.formats.exercise_script.values import ACTS

from . import words
from .lines import MOST, count_lines, is_wrong, lines_in, number_lines, values_of
from .offers import Choice, Offer, facilities_of
from .rows import Group, ScriptForm

LINE = ["kind", "unit", "facility", "supply", "hours", "rank", "municipality", "share"]
# Most acts need none of these.
RARE = ["supply", "hours", "rank", "municipality", "share"]


class OptionForm(ScriptForm):
    """One option."""

    def __init__(
        self, *args: Any, script: Script, row: Row | None, taken: set[str], **kwargs: Any
    ) -> None:
        super().__init__(*args, script=script, **kwargs)
        self.taken = taken
        fields = [field for field in FIELDS[Option] if field.name != "acts"]
        self.add_fields(fields, row or {"key": _free_key(taken)})
        every = (row or {}).get("acts", [])
        acts, self.rest = every[:MOST], every[MOST:]
        self.line_count = count_lines(self, "lines", len(acts))
        offered = _offered(script, acts)
        for place in range(self.line_count):
            self._add_line(place, offered, acts[place] if place < len(acts) else {})
        number_lines(self, LINE, self.line_count)

    def _add_line(self, place: int, offered: dict[str, Offer], act: Row) -> None:
        self.fields[f"kind_{place}"] = forms.ChoiceField(
            label=_("Was geschieht"),
            choices=[("", _("keine Angabe")), *words.ACTS.items()],
            required=False,
        )
        labels = {
            "unit": _("Mobiles Mittel"),
            "facility": _("Einrichtung"),
            "municipality": _("Gemeinde"),
        }
        numbers: dict[str, Any] = {
            "supply": (_("Versorgung Nummer"), forms.IntegerField, {"min_value": 1}),
            "hours": (
                _("Stunden, bis es geschehen ist"),
                forms.FloatField,
                {"min_value": 0, "localize": True},
            ),
            "rank": (_("Neuer Rang der Reparatur"), forms.IntegerField, {}),
            "share": (
                _("Anteil der Menschen in Prozent"),
                forms.FloatField,
                {"min_value": 0, "max_value": 100, "localize": True},
            ),
        }
        for name in LINE:
            if name in labels:
                self.fields[f"{name}_{place}"] = offered[name].field(label=labels[name])
            elif name in numbers:
                label, kind, options = numbers[name]
                self.fields[f"{name}_{place}"] = kind(label=label, required=False, **options)
            if name in act:
                value = act[name] * 100 if name == "share" else act[name]
                self.initial.setdefault(
                    f"{name}_{place}", round(value, 6) if isinstance(value, float) else value
                )

    def clean(self) -> dict[str, Any]:
        super().clean()
        if self.said.get("key") in self.taken:
            self.add_error(
                "key", _("Diese Kennung hat schon eine andere Möglichkeit dieser Entscheidung.")
            )
        acts = [self._act(place) for place in range(self.line_count)]
        if found := [*(act for act in acts if act), *self.rest]:
            self.said["acts"] = found
        return self.cleaned_data

    def _act(self, place: int) -> Row:
        if is_wrong(self, LINE, place):
            return {}
        said = values_of(self.cleaned_data, LINE, place)
        kind = said.pop("kind")
        given = {name: value for name, value in said.items() if value not in ("", None)}
        if not kind:
            if given:
                self.add_error(f"kind_{place}", _("Bitte wählen Sie, was geschieht."))
            return {}
        must, may = ACTS[kind]
        for name in given.keys() - must - may:
            self.add_error(
                f"{name}_{place}", _("Das gehört nicht zu dieser Wirkung. Bitte leer lassen.")
            )
        if kind == "generator":
            given.setdefault("facility", "")  # it is taken away
        for name in must - given.keys():
            self.add_error(f"{name}_{place}", _("Bitte angeben."))
        if "share" in given:
            given["share"] = given["share"] / 100
        return {"kind": kind, **given}

    @property
    def groups(self) -> list[Group]:
        lines = lines_in(self, LINE, self.line_count, rare=RARE)
        hint = _(
            "Was in der Simulation geschieht, wenn so entschieden wird. Mittel schicken: Mittel und Einrichtung "
            "(ohne Einrichtung wird es abgezogen). Auffüllen, Abschalten und Zuschalten: Einrichtung. "
            "Reihenfolge: Einrichtung und Rang. In Sicherheit bringen: Gemeinde und Anteil. Leere Zeilen zählen nicht."
        )
        return [
            Group("", "", [self["key"], self["name"]], []),
            Group(_("Wirkungen"), hint, [], lines),
        ]


def _free_key(taken: set[str]) -> str:
    """A key for a new option: the next number that none has."""
    return next(str(number) for number in count(1) if str(number) not in taken)


def _offered(script: Script, acts: list[Row]) -> dict[str, Offer]:
    """What acts may be about; what they name now and is no more stays on offer."""
    units = [Choice(unit.key, unit.name, unit.key) for unit in script.units]
    towns = [Choice(name, name) for name in sorted(script.municipalities)]
    present = {
        name: [act[name] for act in acts if act.get(name)]
        for name in ("unit", "facility", "municipality")
    }
    return {
        "unit": Offer(
            "mittel", units, many=pgettext("several", "mobile Mittel"), present=present["unit"]
        ),
        "facility": Offer(
            "einrichtungen",
            facilities_of(script),
            many=pgettext("several", "Einrichtungen"),
            present=present["facility"],
        ),
        "municipality": Offer(
            "gemeinden",
            towns,
            many=pgettext("several", "Gemeinden"),
            present=present["municipality"],
        ),
    }
