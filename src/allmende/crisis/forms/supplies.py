"""What a facility needs from others."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ..models import Service, Supply
from ..queries import Near
from .comparing import Difference, compared
from .facilities import services_by_sector
from .fields import field_of


class ServiceForm(forms.Form):
    """Which service a facility needs: asked before the suppliers, for it decides who they can be."""

    leistung = forms.ChoiceField(label=_("Was gebraucht wird"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        service = field_of(self, "leistung", forms.ChoiceField)
        service.choices = [("", _("Bitte wählen")), *services_by_sector()]

    def chosen(self) -> Service | None:
        return Service(self.cleaned_data["leistung"]) if self.is_valid() else None


class SupplyForm(forms.ModelForm[Supply]):
    """One need: of which suppliers how many suffice, and for how long what is in store lasts.

    ``near`` are those that it can be met by, nearest first.
    """

    suppliers = forms.TypedMultipleChoiceField(
        label=_("Lieferanten"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Jeder von ihnen kann liefern. Die nächsten stehen oben."),
        error_messages={"required": _("Bitte wählen Sie mindestens einen Lieferanten.")},
    )
    field_order = ("suppliers", "needed", "buffer_hours", "recharge", "note")

    class Meta:
        model = Supply
        fields = ("needed", "buffer_hours", "recharge", "note")
        localized_fields = ("needed", "buffer_hours", "recharge")
        help_texts = {  # noqa: RUF012  as Django reads it
            "needed": _("1: einer genügt. Zwei von drei: 2."),
            "buffer_hours": _(
                "So lange geht es ohne Lieferung weiter, mit eigenem Notstrom etwa. 0: gar nicht."
            ),
            "recharge": _("1: Nach einer Stunde Lieferung hält der Vorrat eine Stunde länger."),
        }

    def __init__(self, *args: Any, near: list[Near], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by_number = {each.facility.pk: each.facility for each in near}
        suppliers = field_of(self, "suppliers", forms.TypedMultipleChoiceField)
        suppliers.choices = [(each.facility.pk, str(each)) for each in near]
        if self.instance.pk:
            self.initial["suppliers"] = [row.facility_id for row in self.instance.rows.all()]

    def clean(self) -> dict[str, Any]:
        super().clean()
        data = self.cleaned_data
        if "suppliers" in data and "needed" in data and data["needed"] > len(data["suppliers"]):
            self.add_error(
                "needed",
                gettext("So viele Lieferanten sind nicht gewählt: Es sind %(count)s.")
                % {"count": len(data["suppliers"])},
            )
        return data

    def differences(self, there: Supply) -> list[Difference]:
        """What is stored by now, as far as something else was typed."""
        suppliers = [row.facility.name for row in there.rows.select_related("facility")]
        stored = {name: getattr(there, name) for name in self.Meta.fields}
        named = [self.by_number[number].name for number in self.cleaned_data["suppliers"]]
        return compared(
            self,
            stored | {"suppliers": " · ".join(sorted(suppliers))},
            self.cleaned_data | {"suppliers": " · ".join(sorted(named))},
        )

    def said(self, service: Service) -> dict[str, Any]:
        """What the services take: the columns of a need, and who can meet it."""
        data = self.cleaned_data
        return {
            "fields": {name: data[name] for name in self.Meta.fields} | {"service": service},
            "suppliers": [self.by_number[number] for number in data["suppliers"]],
        }
