"""Generators: what they give, where they stand, and who releases them."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from allmende.registry.models import Organisation, Region, RegionQuerySet

from ..models import Fuel, Generator
from ..models.generators import MOST_KW
from .comparing import Difference, compared
from .facilities import find_region
from .fields import field_of

KINDS = {"mobil": True, "fest": False}


class GeneratorFilterForm(forms.Form):
    """Which generators the list shows."""

    art = forms.ChoiceField(
        label=_("Art"),
        required=False,
        choices=[("", _("Alle")), ("mobil", _("Mobil")), ("fest", _("Fest eingebaut"))],
    )
    ab = forms.IntegerField(
        label=_("Leistung ab (kW)"), required=False, min_value=0, max_value=MOST_KW
    )

    def chosen(self) -> dict[str, Any]:
        """What is wished for; what does not exist counts as not chosen."""
        self.is_valid()
        kind = KINDS.get(self.cleaned_data.get("art") or "")
        return {"is_mobile": kind, "least_kw": self.cleaned_data.get("ab") or 0}

    @property
    def filters(self) -> list[str]:
        """The names of the filters that are set."""
        return [name for name in ("art", "ab") if self.cleaned_data.get(name)]


class GeneratorForm(forms.ModelForm[Generator]):
    """A generator of a facility: the facility says whose it is and where."""

    class Meta:
        model = Generator
        fields = (
            *("name", "is_mobile", "power_kw", "fuel", "fuel_hours", "place"),
            *("release_name", "release_telephone"),
        )
        localized_fields = ("power_kw", "fuel_hours")
        widgets = {"release_telephone": forms.TextInput(attrs={"type": "tel"})}  # noqa: RUF012
        help_texts = {  # noqa: RUF012  as Django reads it
            "fuel_hours": _(
                "Ohne Nachtanken. Bei einer fest eingebauten Anlage ist das derselbe Vorrat, der beim Bedarf „Strom“ "
                "als Notbetrieb steht: Tragen Sie ihn auch dort ein. Simulationen rechnen nur mit dem Bedarf, "
                "nichts zählt doppelt."
            ),
            "place": _("Etwa „Halle 2, Tor an der Nordseite“."),
            "release_name": _("Eine Funktion genügt, etwa „Bauhofleitung“."),
        }

    def differences(self, there: Generator) -> list[Difference]:
        """What is stored by now, as far as something else was typed."""
        stored = {name: getattr(there, name) for name in self.Meta.fields}
        typed = {name: self.cleaned_data[name] for name in self.Meta.fields}
        for said in (stored, typed):
            said["fuel"] = Fuel(said["fuel"]).label
        return compared(self, stored, typed)

    @property
    def said(self) -> dict[str, Any]:
        """The columns of a generator."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


class OwnedGeneratorForm(GeneratorForm):
    """One that belongs to no facility: whose it is and where it stands is asked, too.

    ``owners`` are those for whom this person may enter one, ``regions`` the municipalities in which she may,
    ``may_write`` says whether she could still change what she has typed: nobody enters what she then loses.
    """

    own = forms.ModelChoiceField(
        Organisation.objects.none(),
        label=_("Halter auf dieser Plattform"),
        required=False,
        empty_label=_("nicht dabei"),
    )
    municipality = forms.CharField(
        label=_("Gemeinde, in der sie steht"),
        max_length=200,
        help_text=_("Name oder Gemeindeschlüssel (AGS)."),
    )
    field_order = (
        "name",
        "own",
        "owner_name",
        "is_mobile",
        "power_kw",
        "fuel",
        "fuel_hours",
        "municipality",
    )

    class Meta(GeneratorForm.Meta):
        fields = (*GeneratorForm.Meta.fields, "owner_name")  # type: ignore[assignment]
        help_texts = {  # noqa: RUF012  as Django reads it
            **GeneratorForm.Meta.help_texts,
            "fuel_hours": _("Ohne Nachtanken."),
            "owner_name": _("Etwa eine Feuerwehr, ein Verleih oder das THW."),
        }

    def __init__(
        self,
        *args: Any,
        owners: list[Organisation],
        regions: RegionQuerySet,
        may_write: Callable[[Generator], bool],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.regions, self.may_write = regions, may_write
        own = field_of(self, "own", forms.ModelChoiceField)
        own.queryset = Organisation.objects.filter(pk__in=[each.pk for each in owners])
        if self.instance.pk:
            self.initial.update(own=self.instance.owner_id, municipality=self.instance.town.key)

    def clean_municipality(self) -> Region:
        return find_region(self.cleaned_data["municipality"], self.regions)

    def clean(self) -> dict[str, Any]:
        super().clean()
        data = self.cleaned_data
        if not data.get("own") and not data.get("owner_name"):
            self.add_error("owner_name", gettext("Bitte sagen Sie, wem die Anlage gehört."))
        if not self.errors and not self.may_write(Generator(**self.said)):
            self.add_error(
                "own",
                gettext(
                    "Dort können Sie nur Anlagen Ihrer eigenen Organisation eintragen. Bitte wählen Sie sie aus."
                ),
            )
        return data

    @property
    def said(self) -> dict[str, Any]:
        own = self.cleaned_data["own"]
        return super().said | {
            "owner": own,
            "owner_name": "" if own else self.cleaned_data["owner_name"],
            "region": self.cleaned_data["municipality"],
        }
