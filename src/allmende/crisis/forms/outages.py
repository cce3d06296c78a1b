"""What is to be played through: said in the address, so that it can be passed on."""

from datetime import time
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from ..models import Service
from ..outages import HORIZONS, Plan
from ..outages.hazards import Area, Hazard, Point, chances_in_area, chances_of_part, draw, middle_of
from ..queries import Node, Register
from .fields import field_of

MOST_CHOSEN = 150
MOST_OFFERED = 30
DEFAULTS = {
    **{"horizont": "72", "beginn": "12:00", "ab": "2", "fahrt": "1"},
    **{"umkreis": "5", "wasser": "1", "boeen": "150", "anteil": "100", "startzahl": "1"},
}
HAZARD, FULL = "gefahr", 100
# What is said of a hazard; pages show it where one was chosen.
OF_AREAS = ("ort", "bis", "umkreis", "wasser", "boeen")
OF_HAZARDS = (*OF_AREAS, "anteil", "startzahl")
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
    ort = forms.ChoiceField(
        label=_("Wo"),
        required=False,
        help_text=_("Gerechnet wird von der Mitte der Einrichtungen dieser Gemeinde aus."),
    )
    bis = forms.ChoiceField(
        label=_("Und weiter bis"),
        required=False,
        help_text=_("Für einen Fluss oder Streifen. Ohne Angabe ist es ein Kreis um den Ort."),
    )
    umkreis = forms.FloatField(
        label=_("Entfernung davon, höchstens (km)"),
        required=False,
        min_value=0.1,
        max_value=200,
        help_text=_("0,1 bis 200. Innerhalb ist es überall gleich stark."),
    )
    wasser = forms.FloatField(
        label=_("Hochwasser: Wasser über Gelände (m)"),
        required=False,
        min_value=0.1,
        max_value=15,
        help_text=_("0,1 bis 15. Bei 1 m ist etwa jede zweite Einrichtung beschädigt."),
    )
    boeen = forms.FloatField(
        label=_("Sturm: Böen (km/h)"),
        required=False,
        min_value=50,
        max_value=350,
        help_text=_("50 bis 350. Ab 118 km/h spricht man von Orkanböen."),
    )
    anteil = forms.FloatField(
        label=_("Anteil, den es trifft (%)"),
        required=False,
        min_value=1,
        max_value=100,
        help_text=_(
            "1 bis 100. Gilt für eine Leistung, eine Gemeinde oder die Steuerung eines Herstellers, nicht "
            "für Hochwasser und Sturm. Wen es trifft, wird gewürfelt."
        ),
    )
    startzahl = forms.IntegerField(
        label=_("Startzahl beim Würfeln"),
        required=False,
        min_value=1,
        max_value=1_000_000,
        help_text=_(
            "Gewürfelt wird auch bei Hochwasser und Sturm. Dieselbe Zahl ergibt immer dasselbe, eine andere "
            "einen anderen Wurf."
        ),
    )

    def __init__(self, said: QueryDict, *, register: Register) -> None:
        data = said.copy()
        for name, value in DEFAULTS.items():
            data.setdefault(name, value)
        super().__init__(data)
        self.register, self.asked, self.said = register, bool(said), said
        was = field_of(self, "was", forms.ChoiceField)
        towns = _towns(register)
        was.choices = _groups(register, towns)
        for name in ("ort", "bis"):
            field_of(self, name, forms.ChoiceField).choices = [("", "–"), *towns]
        self.exposed = 0
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
        for name in OF_HAZARDS:
            if name in self.cleaned_data and self.cleaned_data[name] is None:
                self.cleaned_data[name] = int(DEFAULTS[name])
        if str(self.cleaned_data.get("was") or "").startswith(HAZARD):
            self._find_area()
        elif self.cleaned_data.get("was") == "" and self._says(OF_AREAS):
            said = gettext("Bitte wählen Sie hier unter „Naturgefahr“ Hochwasser oder Sturm.")
            self.add_error("was", said)
        return self.cleaned_data

    def _find_area(self) -> None:
        """Where the places that are named lie."""
        data = self.cleaned_data
        if not data.get("ort"):
            self.add_error("ort", gettext("Bitte wählen Sie eine Gemeinde."))
            return
        points: list[Point] = []
        for name in ("ort", "bis"):
            town = data.get(name) or data["ort"]
            if (point := middle_of(self.register, int(town))) is None:
                said = gettext("Von keiner Einrichtung dort ist bekannt, wo sie liegt.")
                self.add_error(name, said)
                return
            points.append(point)
        if "umkreis" in data:
            data["area"] = Area(points[0], points[1], data["umkreis"])

    @property
    def says_more(self) -> bool:
        """Whether anything of hazards is said, or wrong: then the page shows what can be said of them."""
        return self._says(OF_HAZARDS) or str(self.data.get("was", "")).startswith(HAZARD)

    def _says(self, names: tuple[str, ...]) -> bool:
        """Whether any of these says something else than usual."""
        return any(self.data.get(each, "") not in {"", DEFAULTS.get(each, "")} for each in names)

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
        chances = self._chances() | dict.fromkeys(self.chosen, 1.0)
        self.exposed = len(chances)
        failing = draw(self.register, chances, seed=data["startzahl"])
        if not failing:
            return None
        return Plan(
            failing=failing,
            chances=chances,
            seed=data["startzahl"],
            hours=data["dauer"],
            horizon=data["horizont"] if data["horizont"] in HORIZONS else 72,
            generators=self.generators,
            restocked=self.restocked,
            arrival=(data["ab"] or 0.0) + (data["fahrt"] or 0.0),
            begin=data["beginn"] or time(12),
            runs=data["laeufe"],
        )

    def _chances(self) -> dict[int, float]:
        """Whom the group or the hazard may hit, and how likely."""
        data = self.cleaned_data
        kind, _colon, value = data["was"].partition(":")
        if kind == HAZARD:
            hazard = Hazard(value)
            strength = data["wasser" if hazard == Hazard.FLOOD else "boeen"]
            return chances_in_area(self.register, hazard, data["area"], strength=strength)
        group = {
            node.number for node in self.register.nodes.values() if _is_meant(node, kind, value)
        }
        if data["anteil"] < FULL:
            return chances_of_part(self.register, group, share=data["anteil"] / FULL)
        return dict.fromkeys(group, 1.0)


def _is_meant(node: Node, kind: str, value: str) -> bool:
    if kind == "leistung":
        return node.service == value
    if kind == "gemeinde":
        return str(node.town) == value
    return kind == "hersteller" and node.vendor == value


def _groups(register: Register, towns: list[tuple[str, str]]) -> list[Any]:
    """Whole groups of facilities that can fail together: of a service, a municipality, a vendor."""
    nodes = register.nodes.values()
    services = {node.service for node in nodes}
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
        (_("Naturgefahr"), [(f"{HAZARD}:{each}", each.label) for each in Hazard]),
        (
            _("Alle Einrichtungen einer Gemeinde"),
            [(f"gemeinde:{key}", name) for key, name in towns],
        ),
        (_("Steuerung eines Herstellers"), [(f"hersteller:{each}", each) for each in vendors]),
    ]


def _towns(register: Register) -> list[tuple[str, str]]:
    """Numbers and names of the municipalities in which there are facilities, by name."""
    towns = {node.town: node for node in register.nodes.values()}
    found = sorted((register.town_of(node), node.town) for node in towns.values())
    return [(str(number), name) for name, number in found]
