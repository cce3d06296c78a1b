"""Choosing of which topics and regions to hear news."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..models import MOST_REGIONS, Level, Region, Topic
from ..queries import Interests, regions_to_choose


class InterestsForm(forms.Form):
    """Topics, regions, and one field to find another region by its name."""

    themen = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Themen"),
        required=False,
        choices=Topic.choices,
        coerce=Topic,
        widget=forms.CheckboxSelectMultiple,
    )
    gebiete = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Weitere Regionen"),
        required=False,
        queryset=Region.objects.current().filter(level__gt=Level.BUND).select_related("parent"),
        widget=forms.CheckboxSelectMultiple,
    )
    ort = forms.CharField(
        label=gettext_lazy("Region hinzufügen"),
        required=False,
        max_length=100,
        help_text=gettext_lazy("Land, Kreis oder Gemeinde: Name, Postleitzahl oder Schlüssel."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(
        self, *args: Any, chosen: Interests, proposed: Iterable[Region], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {
            "themen": [topic.value for topic in chosen.topics],
            "gebiete": [region.pk for region in chosen.regions],
        }
        self._offer([*chosen.regions, *proposed])

    def _offer(self, regions: Iterable[Region]) -> None:
        """Show these to be ticked, each once."""
        field = self.fields["gebiete"]
        assert isinstance(field, forms.ModelMultipleChoiceField)  # noqa: S101  for the type checker
        field.choices = list({(region.pk, _named(region)): None for region in regions})

    def clean(self) -> dict[str, Any]:
        """A place that is found for sure counts as ticked; else those that may be meant are shown."""
        cleaned = super().clean() or {}
        ticked = list(cleaned.get("gebiete", ()))
        words = cleaned.get("ort", "")
        hits = regions_to_choose(words) if words else []
        if len(hits) == 1:
            cleaned["gebiete"] = [*ticked, *(hit for hit in hits if hit not in ticked)]
        elif words:
            self._offer([*ticked, *hits])
            self.add_error(
                "ort",
                _("Das können mehrere sein. Kreuzen Sie oben an, was Sie meinen.")
                if hits
                else _(
                    "Diese Region kennt das Verzeichnis nicht. Versuchen Sie den Anfang des Namens "
                    "oder die Postleitzahl."
                ),
            )
        regions = cleaned.get("gebiete", ())
        if len(regions) > MOST_REGIONS:
            self._offer(regions)
            self.add_error(
                "gebiete",
                _("Bitte wählen Sie höchstens %(most)d Regionen.") % {"most": MOST_REGIONS},
            )
        return cleaned


def _named(region: Region) -> str:
    """A name that tells it from others."""
    return f"{region.name} ({region.describe()})"
