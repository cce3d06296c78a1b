"""How much a facility supplied in a year; thresholds and reporting offices at the operator's desk."""

import re
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ..models import Facility, ReportingOffice, Sector, Threshold
from ..models.kritis import FIRST_YEAR, LANDS, MOST_DIGITS
from .fields import field_of

IN_GROUPS = re.compile(r"\d{1,3}(\.\d{3})+")


class AmountField(forms.CharField):
    """A number as people write it: „22.000.000“, „3,5“; its value is a ``Decimal`` above zero, or zero with ``zero``."""

    def __init__(self, *, digits: int = 3, zero: bool = False, **kwargs: Any) -> None:
        self.digits = digits
        self.zero = zero
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal"}))
        super().__init__(max_length=40, **kwargs)

    def clean(self, value: Any) -> Decimal | None:
        words = re.sub(r"[\s\u00a0\u202f']", "", super().clean(value))
        if not words:
            return None
        if "," in words:
            words = words.replace(".", "").replace(",", ".")
        elif IN_GROUPS.fullmatch(words):
            words = words.replace(".", "")
        try:
            amount = Decimal(words) if re.fullmatch(r"[0-9]+(\.[0-9]+)?", words) else None
        except InvalidOperation:
            amount = None
        if amount == 0 and self.zero:
            return amount
        if amount is None or amount <= 0:
            raise ValidationError(gettext("Bitte nennen Sie eine Zahl über null, etwa 22.000.000."))
        if amount >= Decimal(10) ** (MOST_DIGITS - 6):
            raise ValidationError(gettext("Diese Zahl ist zu groß."))
        rounded = round(amount, self.digits)
        if not rounded:
            raise ValidationError(gettext("Diese Zahl ist zu klein."))
        return rounded


class MeasureForm(forms.Form):
    """Category, year and value, and what the facility belongs to."""

    key = forms.ChoiceField(label=_("Kategorie"))
    year = forms.IntegerField(label=_("Jahr"), min_value=FIRST_YEAR)
    value = AmountField(
        label=_("Wert in diesem Jahr"), help_text=_("In der Einheit der Kategorie.")
    )
    group = forms.CharField(
        label=_("Enger betrieblicher Zusammenhang"),
        required=False,
        max_length=100,
        help_text=_(
            "Nur wenn mehrere Anlagen desselben Betreibers zusammen eine sind: Geben Sie ihnen hier "
            "denselben Namen. Ihre Werte werden dann zusammengezählt."
        ),
    )

    def __init__(
        self, *args: Any, facility: Facility, categories: list[tuple[str, str]], **kwargs: Any
    ) -> None:
        last_year = timezone.localdate().year - 1
        kwargs.setdefault("initial", {"year": last_year, "group": facility.group})
        super().__init__(*args, **kwargs)
        key = field_of(self, "key", forms.ChoiceField)
        key.choices = [("", _("Bitte wählen")), *categories]

    def clean_year(self) -> int:
        year: int = self.cleaned_data["year"]
        if year >= timezone.localdate().year:
            raise ValidationError(gettext("Dieses Jahr ist noch nicht zu Ende."))
        return year

    def clean_group(self) -> str:
        return " ".join(self.cleaned_data["group"].split())


class ThresholdForm(forms.ModelForm[Threshold]):
    """A threshold from a day on."""

    amount = AmountField(
        label=_("Schwellenwert"),
        zero=True,
        help_text=_("0, wenn jede Anlage der Kategorie als kritisch gilt."),
    )
    per_person = AmountField(
        label=_("Wert je Mensch"),
        required=False,
        digits=6,
        help_text=_(
            "So viel braucht ein Mensch, in derselben Einheit. Leer, wenn keine Quelle es sagt."
        ),
    )

    class Meta:
        model = Threshold
        fields = (
            *("key", "sector", "category", "criterion", "unit", "amount", "per_person", "level"),
            *("land", "valid_from", "valid_until", "source", "note", "is_checked"),
        )
        widgets = {  # noqa: RUF012  as Django reads it
            name: forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
            for name in ("valid_from", "valid_until")
        }
        help_texts = {  # noqa: RUF012
            "key": _(
                "Wie beim früheren Wert der Kategorie: Daran hängen die Angaben der Einrichtungen."
            ),
            "land": _("Nur bei dem Schwellenwert eines Landes."),
            "is_checked": _("Sie haben die Zahl im Gesetzblatt gelesen."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, empty in (("sector", _("Alle Sektoren")), ("land", _("keines"))):
            field = field_of(self, name, forms.ChoiceField)
            field.choices = [("", empty), *(Sector.choices if name == "sector" else LANDS)]

    def clean(self) -> dict[str, Any]:
        super().clean()
        data = self.cleaned_data
        if "level" in data and "land" in data and (data["level"] == "land") != bool(data["land"]):
            self.add_error("land", gettext("Das Land gehört zum Schwellenwert eines Landes."))
        start, end = data.get("valid_from"), data.get("valid_until")
        if start and end and end <= start:
            self.add_error("valid_until", gettext("Das Ende liegt vor dem Anfang."))
        return data

    def _post_clean(self) -> None:
        """The service says what contradicts the rows that are there."""


class ReportingOfficeForm(forms.ModelForm[ReportingOffice]):
    """Where incidents are told."""

    class Meta:
        model = ReportingOffice
        fields = ("land", "name", "how")
        help_texts = {  # noqa: RUF012  as Django reads it
            "how": _("Adresse des Portals, E-Mail, Telefon: was Menschen nachts um drei brauchen.")
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        land = field_of(self, "land", forms.ChoiceField)
        land.label = _("Für wen")
        land.choices = [("", _("Bund")), *LANDS]

    def _post_clean(self) -> None:
        """The service says what contradicts the rows that are there."""
