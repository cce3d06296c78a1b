"""Which part of a result somebody wants to see."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from allmende.registry.models import SizeClass


class ResultFilterForm(forms.Form):
    """Whose votes a result shows: a Land, a size class, both or all."""

    land = forms.ChoiceField(label=gettext_lazy("Land"), required=False)
    groesse = forms.TypedChoiceField(
        label=gettext_lazy("Größe"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", gettext_lazy("Alle Größen")), *SizeClass.choices],
    )

    def __init__(self, *args: Any, lands: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["land"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  for the type checker
        field.choices = [("", _("Alle Länder")), *lands.items()]

    def chosen(self) -> tuple[str, int | None]:
        """Land and size class; what does not exist counts as not chosen."""
        self.is_valid()
        return self.cleaned_data.get("land") or "", self.cleaned_data.get("groesse")


class StatementOrderForm(ResultFilterForm):
    """How the list of all statements is sorted, beside whose votes it shows."""

    ordnung = forms.ChoiceField(label=gettext_lazy("Sortierung"), required=False)

    field_order = ("ordnung", "land", "groesse")

    def __init__(self, *args: Any, groups: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["ordnung"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  for the type checker
        field.choices = [
            ("", _("Was verbindet")),
            ("abgelehnt", _("Was gemeinsam abgelehnt wird")),
            ("trennt", _("Was trennt")),
            ("stimmen", _("Meiste Stimmen")),
            *((letter, _("Typisch für Gruppe %(group)s") % {"group": letter}) for letter in groups),
        ]

    def order(self) -> str:
        """The chosen order; the first if none or one that does not exist."""
        self.is_valid()
        return self.cleaned_data.get("ordnung") or ""


class ParticipantFilterForm(ResultFilterForm):
    """Which participants the table shows."""

    q = forms.CharField(label=gettext_lazy("Name"), required=False, max_length=100)
    gruppe = forms.ChoiceField(label=gettext_lazy("Gruppe"), required=False)

    field_order = ("q", "land", "groesse", "gruppe")

    def __init__(self, *args: Any, groups: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["gruppe"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  for the type checker
        field.choices = [
            ("", _("Alle")),
            *((letter, _("Gruppe %(group)s") % {"group": letter}) for letter in groups),
            ("ohne", _("Ohne Gruppe")),
        ]
