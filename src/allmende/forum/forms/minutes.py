"""Agendas and minutes of sittings."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from allmende.registry.models import Organisation

from ..models import AgendaItem, Concern
from .sittings import day_field


class ItemForm(forms.Form):
    """A free point of the agenda."""

    title = forms.CharField(
        label=_("Freier Punkt"),
        max_length=300,
        help_text=_("Zum Beispiel „Begrüßung“ oder „Termin der nächsten Sitzung“."),
    )


class ProposeForm(forms.Form):
    """What a member wants to talk about: a concern or a free point, and why."""

    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), label=_("Im Namen von"), empty_label=None
    )
    concern = forms.ModelChoiceField(
        Concern.objects.none(),
        label=_("Ein Anliegen"),
        required=False,
        empty_label=_("Kein Anliegen, sondern ein freier Punkt"),
    )
    title = forms.CharField(label=_("Oder ein freier Punkt"), required=False, max_length=300)
    why = forms.CharField(
        label=_("Warum soll die Sitzung darüber sprechen?"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(
        self,
        *args: Any,
        organisations: list[Organisation],
        concerns: QuerySet[Concern],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        own, concern = self.fields["organisation"], self.fields["concern"]
        assert isinstance(own, forms.ModelChoiceField)  # noqa: S101  for the type checker
        assert isinstance(concern, forms.ModelChoiceField)  # noqa: S101
        own.queryset = Organisation.objects.filter(pk__in=[one.pk for one in organisations])
        if len(organisations) == 1:
            own.initial, own.widget = organisations[0], forms.HiddenInput()
        concern.queryset = concerns

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "concern" in self.errors:
            return cleaned
        if not cleaned.get("concern") and not cleaned.get("title"):
            self.add_error(
                "title",
                gettext("Bitte wählen Sie ein Anliegen, oder nennen Sie einen freien Punkt."),
            )
        return cleaned


class DecideForm(forms.Form):
    """Whether a proposal goes onto the agenda."""

    accept = forms.ChoiceField(
        choices=[("ja", _("Aufnehmen")), ("nein", _("Nicht aufnehmen"))],
    )
    reason = forms.CharField(label=_("Begründung"), required=False, max_length=500)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("accept") == "nein" and not cleaned.get("reason"):
            self.add_error(
                "reason", gettext("Bitte begründen Sie, warum der Punkt nicht aufgenommen wird.")
            )
        return cleaned


class MinutesForm(forms.Form):
    """What was said and decided on one point."""

    minutes = forms.CharField(
        label=_("Was besprochen wurde"),
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    decision = forms.CharField(
        label=_("Beschluss"),
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "Nur, wenn etwas beschlossen wurde. Ohne Namen: Das Protokoll wird öffentlich."
        ),
    )
    seen = forms.IntegerField(widget=forms.HiddenInput)

    @staticmethod
    def values_of(item: AgendaItem) -> dict[str, Any]:
        """What the form shows for a point."""
        return {"minutes": item.minutes, "decision": item.decision, "seen": item.edition}

    def catch_up(self, item: AgendaItem) -> list[tuple[str, str]]:
        """Take note of what stands there by now: saved once more, the form replaces that."""
        self.data = dict(self.data.items()) | {"seen": item.edition}
        now = (("minutes", item.minutes), ("decision", item.decision))
        return [
            (str(self.fields[name].label), text or "–")
            for name, text in now
            if self.cleaned_data.get(name) != text
        ]


class AddendumForm(forms.Form):
    """What is added to closed minutes."""

    text = forms.CharField(
        label=_("Nachtrag"),
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Steht mit dem heutigen Datum unter dem Protokoll und bleibt dort."),
    )


class PromiseForm(forms.Form):
    """What is promised with a decision: what, who, until when, and how one sees that it is kept."""

    organisation = forms.ModelChoiceField(
        Organisation.objects.none(),
        label=_("Wer sagt es zu"),
        empty_label=_("Bitte wählen"),
        help_text=_("Die einladende Organisation oder eine, die anwesend ist."),
    )
    what = forms.CharField(label=_("Was zugesagt wird"), max_length=300)
    who = forms.CharField(
        label=_("Wer es macht"), max_length=200, help_text=_("Zum Beispiel „Referat H III 2“.")
    )
    due_on = day_field(label=_("Bis wann"))
    sign = forms.CharField(
        label=_("Woran man erkennt, dass es eingehalten ist"),
        max_length=300,
        help_text=_("Zum Beispiel „Das Formular steht im Netz“."),
    )

    def __init__(self, *args: Any, organisations: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["organisation"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  for the type checker
        field.queryset = organisations
