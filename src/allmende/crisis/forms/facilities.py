"""A facility, and which of them a list shows."""

import re
from collections import Counter
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from allmende.portal.templatetags.portal import number as in_thousands
from allmende.registry.models import Level, Organisation, Region, RegionQuerySet

from ..models import SERVICES, Facility, Sector, Service
from ..models.facilities import MOST_PERSONS
from ..queries.towns import Towns
from .comparing import Difference, compared, in_words
from .fields import field_of

MOST_SHARES = 500
# Whole numbers as people write them, 812 or 1.172; „812,5“ is none.
PERSONS = re.compile(r"\d{1,12}|\d{1,3}(?:[.,]\d{3}){1,3}", re.ASCII)


def services_by_sector() -> list[tuple[str, list[tuple[str, Any]]]]:
    """Every service below its sector, for a select."""
    return [
        (str(sector.label), [(service.value, service.label) for service in services])
        for sector, services in SERVICES.items()
    ]


class FacilityFilterForm(forms.Form):
    """Which facilities the list shows."""

    q = forms.CharField(label=_("Name oder Betreiber"), required=False, max_length=100)
    sektor = forms.ChoiceField(
        label=_("Sektor"), required=False, choices=[("", _("Alle")), *Sector.choices]
    )
    stand = forms.ChoiceField(
        label=_("Stand"),
        required=False,
        choices=[("", _("In Betrieb")), ("aufgegeben", _("Aufgegeben"))],
    )

    def chosen(self) -> dict[str, str]:
        """What is wished for; what does not exist counts as not chosen."""
        self.is_valid()
        return {name: self.cleaned_data.get(name) or "" for name in self.fields}


class FacilityForm(forms.ModelForm[Facility]):
    """All that is said of one facility itself; its needs have forms of their own.

    ``regions`` are the municipalities in which this person may enter facilities, ``providers`` those for
    whom she may. The municipality is typed by key or name, since there may be thousands.
    """

    service = forms.ChoiceField(label=_("Leistung"))
    municipality = forms.CharField(
        label=_("Gemeinde, in der sie liegt"),
        max_length=200,
        help_text=_("Name oder Gemeindeschlüssel (AGS)."),
    )
    own = forms.ModelChoiceField(
        Organisation.objects.none(),
        label=_("Betreiber auf dieser Plattform"),
        required=False,
        empty_label=_("nicht dabei"),
    )
    share_lines = forms.CharField(
        label=_("Davon je Gemeinde"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "Eine Gemeinde je Zeile: Schlüssel oder Name, dann die Zahl, etwa „Lindenfurt 640“. "
            "Ohne Angabe zählen alle zur Gemeinde, in der die Einrichtung liegt."
        ),
    )
    field_order = (
        *("name", "service", "own", "provider_name", "municipality", "place", "lat", "lon"),
        *("served", "share_lines", "repair_hours", "repair_spread", "repair_rank"),
        *("starts_alone", "vendor", "feed_in_kw", "note"),
    )

    class Meta:
        model = Facility
        fields = (
            *("name", "provider_name", "place", "lon", "lat", "served", "repair_hours"),
            *("repair_spread", "repair_rank", "starts_alone", "vendor", "feed_in_kw", "note"),
        )
        # Numbers as people write them here: 0,5 and 1.172.
        localized_fields = (
            *("lon", "lat", "served", "repair_hours", "repair_spread", "repair_rank"),
            "feed_in_kw",
        )
        help_texts = {  # noqa: RUF012  as Django reads it
            "provider_name": _("Wenn er auf dieser Plattform nicht dabei ist."),
            "served": _(
                "So viele Menschen sind ohne die Leistung, wenn diese Einrichtung ausfällt."
            ),
            "repair_hours": _("Die Hälfte aller Reparaturen dauert höchstens so lange."),
            "repair_spread": _("0: immer gleich lange; 0,5: üblich; 1: sehr unterschiedlich."),
            "repair_rank": _("Kleine Zahlen kommen zuerst dran."),
            "starts_alone": _(
                "Nein, wenn sie nach einem Ausfall erst von außen versorgt werden muss, um anzufahren."
            ),
            "vendor": _("Fällt die Steuerung eines Herstellers aus, trifft es alle seine Anlagen."),
            "feed_in_kw": _("Wie viel Leistung das Aggregat liefern muss. Leer: kein Anschluss."),
        }

    def __init__(
        self,
        *args: Any,
        regions: RegionQuerySet,
        providers: list[Organisation],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.regions = regions
        service = field_of(self, "service", forms.ChoiceField)
        own = field_of(self, "own", forms.ModelChoiceField)
        service.choices = [("", _("Bitte wählen")), *services_by_sector()]
        own.queryset = Organisation.objects.filter(pk__in=[each.pk for each in providers])
        if self.instance.pk:
            self._fill_in(self.instance)
        elif len(few := regions[:2]) == 1:
            self.initial.setdefault("municipality", few[0].short_name)

    def _fill_in(self, facility: Facility) -> None:
        self.initial.update(
            service=facility.service,
            municipality=_said(facility.region),
            own=facility.provider_id,
            share_lines="\n".join(
                f"{_said(share.region)} {in_thousands(share.persons)}"
                for share in facility.shares.select_related("region")
            ),
        )

    def clean_service(self) -> str:
        return str(Service(self.cleaned_data["service"]))

    def clean_municipality(self) -> Region:
        return find_region(self.cleaned_data["municipality"], self.regions)

    def clean_share_lines(self) -> dict[Region, int]:
        lines = [line for line in self.cleaned_data["share_lines"].splitlines() if line.strip()]
        if len(lines) > MOST_SHARES:
            raise ValidationError(
                gettext("Das sind mehr als %(most)s Gemeinden.") % {"most": MOST_SHARES}
            )
        if not lines:
            return {}
        towns = Towns(Region.objects.current().filter(level=Level.GEMEINDE))
        shares: Counter[int] = Counter()
        for number, line in enumerate(lines, 1):
            place, _space, persons = line.strip().rpartition(" ")
            if not place or not PERSONS.fullmatch(persons):
                raise ValidationError(
                    gettext("Zeile %(number)s: Am Ende fehlt die Zahl der Menschen.")
                    % {"number": number}
                )
            digits = persons.replace(".", "").replace(",", "")
            shares[_the_one(place, towns, line=number)] += min(int(digits), MOST_PERSONS)
        regions = Region.objects.in_bulk(list(shares))
        return {regions[pk]: persons for pk, persons in shares.items()}

    def clean(self) -> dict[str, Any]:
        super().clean()
        data = self.cleaned_data
        if not data.get("own") and not data.get("provider_name"):
            self.add_error("provider_name", gettext("Bitte nennen Sie den Betreiber."))
        if (data.get("lon") is None) != (data.get("lat") is None):
            self.add_error(
                "lat", gettext("Bitte nennen Sie Länge und Breite, oder keine von beiden.")
            )
        shares = data.get("share_lines") or {}
        if shares and "served" in data and sum(shares.values()) != data["served"]:
            self.add_error(
                "share_lines",
                gettext("Zusammen sind das %(sum)s Menschen, oben stehen %(served)s.")
                % {
                    "sum": in_thousands(sum(shares.values())),
                    "served": in_thousands(data["served"]),
                },
            )
        return data

    @property
    def said(self) -> dict[str, Any]:
        """The columns of a facility."""
        data = self.cleaned_data
        own = data["own"]
        return {name: data[name] for name in self.Meta.fields} | {
            "service": data["service"],
            "region": data["municipality"],
            "provider": own,
            "provider_name": "" if own else data["provider_name"],
        }

    def differences(self, there: Facility) -> list[Difference]:
        """What stands in the register by now, as far as something else was typed."""
        spread = {row.region: row.persons for row in there.shares.select_related("region")}
        stored = {name: getattr(there, name) for name in self.said}
        return compared(self, _by_field(stored, spread), _by_field(self.said, self.shares))

    @property
    def shares(self) -> dict[Region, int]:
        """Persons by municipality."""
        return dict(self.cleaned_data["share_lines"])


def _by_field(columns: dict[str, Any], shares: dict[Region, int]) -> dict[str, Any]:
    """Columns of a facility by the fields in which they are typed; shares in one line, whatever their order."""
    lines = sorted(f"{region.name} {in_words(persons)}" for region, persons in shares.items())
    names = {"region": "municipality", "provider": "own"}
    return {names.get(name, name): value for name, value in columns.items()} | {
        "service": Service(columns["service"]).label,
        "share_lines": " · ".join(lines),
    }


def _said(region: Region) -> str:
    return region.key


def find_region(words: str, regions: RegionQuerySet) -> Region:
    """The one municipality that is meant."""
    return regions.get(pk=_the_one(words, Towns(regions)))


def _the_one(words: str, towns: Towns, *, line: int | None = None) -> int:
    words = words.strip()
    found = towns.find(words)
    if len(found) == 1:
        return found[0]
    where = gettext("Zeile %(number)s: ") % {"number": line} if line else ""
    if found:
        said = gettext("„%(words)s“ gibt es mehrfach. Bitte nennen Sie den Gemeindeschlüssel.")
    else:
        said = gettext("„%(words)s“ ist keine Gemeinde, für die Sie hier Angaben machen können.")
    raise ValidationError(where + said % {"words": words})
