"""What is to be played through: said in the address, so that it can be passed on."""

from datetime import time
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from ..models import Service
from ..outages import HORIZONS, Plan
from ..queries import Node, Register
from .fields import field_of

MOST_CHOSEN = 150
MOST_OFFERED = 30
DEFAULTS = {"horizont": "72", "beginn": "12:00", "ab": "2", "fahrt": "1"}
_LENGTHS = ((24, _("1 Tag")), (72, _("3 Tage")), (168, _("1 Woche")), (336, _("2 Wochen")))


class OutageForm(forms.Form):
    """What fails for how long, and what the crisis staff decides.

    ``aus``, ``aggregat`` and ``nachschub`` name facilities by number; numbers of those that are not (or no
    more) in the visible register are passed over and counted.
    """

    was = forms.ChoiceField(label=_("Was fällt aus?"), required=False)
    q = forms.CharField(label=_("Einzelne Einrichtung suchen"), required=False, max_length=100)
    dauer = forms.FloatField(
        label=_("Schaden dauert (Stunden)"),
        required=False,
        min_value=0.5,
        max_value=8_760,
    )
    horizont = forms.TypedChoiceField(label=_("Zeitraum"), coerce=int, choices=_LENGTHS)
    beginn = forms.TimeField(
        label=_("Beginn (Uhrzeit)"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    ab = forms.FloatField(
        label=_("Entschieden nach (Stunden)"), required=False, min_value=0, max_value=336
    )
    fahrt = forms.FloatField(
        label=_("Fahrzeit (Stunden)"), required=False, min_value=0, max_value=72
    )
    laeufe = forms.BooleanField(
        label=_("Auch mit unterschiedlichen Reparaturzeiten rechnen (bis zu 200 Läufe)"),
        required=False,
    )

    def __init__(self, said: QueryDict, *, register: Register) -> None:
        data = said.copy()
        for name, value in DEFAULTS.items():
            data.setdefault(name, value)
        super().__init__(data)
        self.register, self.asked, self.said = register, bool(said), said
        was = field_of(self, "was", forms.ChoiceField)
        was.choices = _groups(register)
        self.chosen, self.unknown = self._numbers("aus")
        self.generators, _unknown = self._numbers("aggregat")
        self.restocked, _unknown = self._numbers("nachschub")

    def _numbers(self, name: str) -> tuple[frozenset[int], int]:
        """Facilities that a field names, and how many it names that are not there."""
        said = {
            int(each)
            for each in self.said.getlist(name)
            if each.isascii() and each.isdigit() and len(each) < 10
        }
        known = frozenset(said & self.register.nodes.keys())
        return known, len(said) - len(known)

    def clean(self) -> dict[str, Any]:
        super().clean()
        if len(self.chosen) > MOST_CHOSEN:
            said = ngettext(
                "Bitte wählen Sie höchstens %(most)s Einrichtung, oder einen ganzen Bereich.",
                "Bitte wählen Sie höchstens %(most)s Einrichtungen, oder einen ganzen Bereich.",
                MOST_CHOSEN,
            )
            self.add_error("q", said % {"most": MOST_CHOSEN})
        return self.cleaned_data

    @property
    def offered(self) -> list[tuple[Node, bool]]:
        """Whom the page offers to fail: those chosen, and what the search finds."""
        words = str(self.data.get("q", "")).lower().split()
        nodes = self.register.nodes
        found = [
            node
            for node in nodes.values()
            if words
            and node.number not in self.chosen
            and all(word in self._searched(node) for word in words)
        ]
        self.found = len(found)
        return [
            *((nodes[each], True) for each in sorted(self.chosen, key=lambda n: nodes[n].name)),
            *((node, False) for node in found[:MOST_OFFERED]),
        ]

    def _searched(self, node: Node) -> str:
        return f"{node.name} {node.provider} {self.register.town_of(node)}".lower()

    @property
    def plan(self) -> Plan | None:
        """What is to happen; None if nothing fails, or what is said cannot be."""
        if not self.is_valid():
            return None
        data = self.cleaned_data
        kind, _colon, value = data["was"].partition(":")
        failing = self.chosen | {
            node.number for node in self.register.nodes.values() if _is_meant(node, kind, value)
        }
        if not failing:
            return None
        return Plan(
            failing=frozenset(failing),
            hours=data["dauer"],
            horizon=data["horizont"] if data["horizont"] in HORIZONS else 72,
            generators=self.generators,
            restocked=self.restocked,
            arrival=(data["ab"] or 0.0) + (data["fahrt"] or 0.0),
            begin=data["beginn"] or time(12),
            runs=data["laeufe"],
        )


def _is_meant(node: Node, kind: str, value: str) -> bool:
    if kind == "leistung":
        return node.service == value
    if kind == "gemeinde":
        return str(node.town) == value
    return kind == "hersteller" and node.vendor == value


def _groups(register: Register) -> list[Any]:
    """Whole groups of facilities that can fail together: of a service, a municipality, a vendor."""
    nodes = register.nodes.values()
    services = {node.service for node in nodes}
    towns = sorted(
        (register.town_of(node), node.town) for node in {n.town: n for n in nodes}.values()
    )
    vendors = sorted({node.vendor for node in nodes if node.vendor})
    return [
        ("", _("Nur, was Sie unten wählen")),
        *(
            [("leistung:strom", _("Stromausfall im ganzen Gebiet"))]
            if Service.POWER in services
            else []
        ),
        (
            _("Alle Einrichtungen einer Leistung"),
            [
                (f"leistung:{each}", each.label)
                for each in Service
                if each in services and each != Service.POWER
            ],
        ),
        (
            _("Alle Einrichtungen einer Gemeinde"),
            [(f"gemeinde:{key}", name) for name, key in towns],
        ),
        (_("Steuerung eines Herstellers"), [(f"hersteller:{each}", each) for each in vendors]),
    ]
