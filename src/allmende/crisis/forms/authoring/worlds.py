"""The world of a script: what of the register is in it; what fails, when and for how long."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from allmende.formats.exercise_script.changes import Row
from allmende.formats.exercise_script.model import Script
from allmende.registry.models import Region

from ...models import Sector
from ...queries.worlds import Wish
from .lines import MOST, count_lines, is_wrong, lines_in, number_lines, values_of
from .offers import Choice, Offer, OfferForm, facilities_of
from .rows import Group

LINE = ["facility", "kind", "at", "hours"]
BLANK = 3
NAMES = {"schaden": "damages", "aus": "outages"}
LONGEST = 1_000.0


class RegisterForm(OfferForm):
    """Which part of the register becomes the network; what does not exist counts as not chosen."""

    sektoren = forms.MultipleChoiceField(
        label=gettext_lazy("Nur diese Sektoren"),
        choices=Sector.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    lieferanten = forms.ChoiceField(
        label=gettext_lazy("Wen sie brauchen"),
        choices=[
            ("mit", gettext_lazy("Lieferanten mitnehmen, auch aus anderen Gemeinden und Sektoren")),
            (
                "ohne",
                gettext_lazy("nur die Auswahl: Alle anderen Lieferanten gelten als in Betrieb"),
            ),
        ],
        required=False,
    )

    def __init__(self, *args: Any, towns: Iterable[Region], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [Choice(str(town.pk), town.short_name, town.key) for town in towns]
        offer = Offer("gemeinden", choices, many=pgettext("several", "Gemeinden"))
        self.fields["gemeinden"] = offer.field_of_many(label=_("Nur diese Gemeinden"))
        self.order_fields(["gemeinden", "sektoren", "lieferanten"])

    @property
    def wish(self) -> Wish:
        self.is_valid()
        said = self.cleaned_data
        return Wish(
            tuple(map(int, said.get("gemeinden") or ())),
            tuple(said.get("sektoren") or ()),
            said.get("lieferanten") != "ohne",
        )


class HazardForm(OfferForm):
    """Damages, which are repaired, and outages, which end by themselves; the rest of a scenario stays as it is."""

    def __init__(self, *args: Any, script: Script, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.scenario: Row = dict((script.model or {}).get("scenario") or {})
        every = [(kind, row) for kind, name in NAMES.items() for row in self.scenario.get(name, ())]
        there, self.rest = every[:MOST], every[MOST:]
        self.line_count = count_lines(self, "lines", len(there), blank=BLANK)
        present = [row["facility"] for _kind, row in there]
        facilities = facilities_of(script)
        offer = Offer(
            "einrichtungen", facilities, many=pgettext("several", "Einrichtungen"), present=present
        )
        for place in range(self.line_count):
            self._add_line(place, offer)
            if place < len(there):
                self._fill(place, *there[place])
        number_lines(self, LINE, self.line_count)
        self.fields["horizon"] = forms.FloatField(
            label=_("Wie lange die Simulation rechnet, in Stunden"),
            min_value=1,
            max_value=LONGEST,
            localize=True,
            initial=self.scenario.get("horizon_hours", 336),
        )

    def _add_line(self, place: int, offer: Offer) -> None:
        self.fields[f"facility_{place}"] = offer.field(label=_("Was ausfällt"))
        self.fields[f"kind_{place}"] = forms.ChoiceField(
            label=_("Wie"),
            choices=[
                ("schaden", _("beschädigt, wird repariert")),
                ("aus", _("aus, und danach wieder an")),
            ],
            required=False,
        )
        for name, label in (("at", _("In welcher Stunde")), ("hours", _("Für wie viele Stunden"))):
            self.fields[f"{name}_{place}"] = forms.FloatField(
                label=label, min_value=0, max_value=LONGEST, required=False, localize=True
            )
        self.fields[f"hours_{place}"].help_text = _("Leer: so lange, wie die Reparatur dauert.")

    def _fill(self, place: int, kind: str, row: Row) -> None:
        self.initial.update(
            {
                f"facility_{place}": row["facility"],
                f"kind_{place}": kind,
                f"at_{place}": row.get("at", 0),
                f"hours_{place}": row.get("hours"),
            }
        )

    def clean(self) -> dict[str, Any]:
        super().clean()
        found: dict[str, list[Row]] = {"damages": [], "outages": []}
        for place in range(self.line_count):
            if is_wrong(self, LINE, place):
                continue
            line = values_of(self.cleaned_data, LINE, place)
            if not line["facility"]:
                if line["at"] is not None or line["hours"] is not None:
                    self.add_error(f"facility_{place}", _("Bitte wählen Sie eine Einrichtung."))
                continue
            row: Row = {"facility": line["facility"], "at": line["at"] or 0}
            if line["hours"] is not None:
                row["hours"] = line["hours"]
            elif line["kind"] == "aus":
                self.add_error(f"hours_{place}", _("Bitte sagen Sie, wie lange sie aus ist."))
            found[NAMES.get(line["kind"] or "", "damages")].append(row)
        for kind, row in self.rest:
            found[NAMES[kind]].append(row)
        kept = {name: value for name, value in self.scenario.items() if name not in found}
        kept["horizon_hours"] = self.cleaned_data.get("horizon", 336)
        self.chosen = kept | {name: rows for name, rows in found.items() if rows}
        return self.cleaned_data

    @property
    def groups(self) -> list[Group]:
        lines = lines_in(self, LINE, self.line_count, quiet=["kind"])
        hint = _(
            "Stunden zählen ab dem Beginn der Simulation. Leere Zeilen zählen nicht; nach dem Speichern kommen neue dazu."
        )
        if self.rest:
            hint += " " + _("%(count)s weitere stehen nicht hier und bleiben, wie sie sind.") % {
                "count": len(self.rest)
            }
        return [Group("", hint, [], lines), Group("", "", [self["horizon"]], [])]
