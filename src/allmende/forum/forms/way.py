"""A concern's way: who co-signed it, the rules of the Alliance, who answers it, how it ends."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from allmende.registry.models import Mandate, Organisation, OrganisationQuerySet, Topic
from allmende.registry.queries import laender

from ..models import Commitment, Concern, ConcernQuerySet, ConcernState, Terms
from ..queries import ministries, responsible_now, terms

ON_PUBLIC_RECORD = _("Steht auf Dauer im öffentlichen Verlauf des Anliegens: bitte ohne Namen.")


def public_reason(label: Any, **options: Any) -> forms.CharField:
    """Why; kept for good."""
    return forms.CharField(
        label=label,
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=ON_PUBLIC_RECORD,
        error_messages={"required": _("Bitte nennen Sie den Grund.")},
        **options,
    )


def _land_choices() -> list[tuple[str, str]]:
    return [("", str(_("Alle"))), *((land.land, land.name) for land in laender())]


class SupportFilterForm(forms.Form):
    """Which of those who co-signed the list shows."""

    q = forms.CharField(label=_("Name"), required=False, max_length=100)
    land = forms.ChoiceField(label=_("Land"), required=False, choices=_land_choices)

    def chosen(self) -> dict[str, str]:
        """As ``queries.supports_of`` takes it; nonsense chooses nothing."""
        wishes = self.cleaned_data if self.is_valid() else {}
        return {"words": wishes.get("q", ""), "land": wishes.get("land", "")}


class SignerForm(forms.Form):
    """For whom somebody co-signs, or takes that back."""

    als = forms.SlugField(max_length=80)


class TermsForm(forms.ModelForm[Terms]):
    """What the Alliance has agreed on, and which ministry is responsible for which topic."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Terms
        fields = (
            "quorum_municipalities",
            "quorum_laender",
            "quorum_associations",
            "answer_weeks",
        )
        help_texts = {  # noqa: RUF012  Django's own way
            "quorum_municipalities": _("So viele müssen eine Antwort wollen, damit es eine gibt."),
            "quorum_associations": _("Sie sprechen für viele: Einer kann genügen."),
            "answer_weeks": _(
                "Ab dem Tag, an dem das Ministerium die versiegelte Position erhält. Schon laufende "
                "Fristen ändern sich nicht."
            ),
        }

    def __init__(self, *args: Any, responsible: dict[str, int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["quorum_laender"].widget.attrs["max"] = 16
        # One list for all topics, instead of a query for each.
        self.houses = {str(ministry.pk): ministry for ministry in ministries()}
        choices = [("", _("Noch keines")), *((key, m.name) for key, m in self.houses.items())]
        for topic in Topic:
            self.fields[topic.value] = forms.ChoiceField(
                choices=choices,
                label=topic.label,
                required=False,
                initial=responsible.get(topic.value),
            )

    def clean_quorum_laender(self) -> int:
        number: int = self.cleaned_data["quorum_laender"]
        if number > 16:
            raise forms.ValidationError(_("Es gibt 16 Länder. Bitte nennen Sie höchstens 16."))
        return number

    def catch_up(self, edition: str) -> list[tuple[str, str]]:
        """Take note of what holds by now: saved once more, the form replaces that.

        Returns in what it differs from what was typed, as label and words.
        """
        self.data = dict(self.data.items()) | {"seen": edition}
        agreed, responsible = terms(), responsible_now()
        now: dict[str, object] = {name: getattr(agreed, name) for name in self.agreed}
        typed: dict[str, object] = dict(self.agreed)
        for topic in Topic:
            now[topic.value] = responsible.get(topic.value) or _("Noch keines")
            typed[topic.value] = self.responsible.get(topic.value) or _("Noch keines")
        return [
            (str(self.fields[name].label), str(value))
            for name, value in now.items()
            if value != typed[name]
        ]

    @property
    def topics(self) -> list[forms.BoundField]:
        """The choices of ministries, in the order of the topics."""
        return [self[topic.value] for topic in Topic]

    @property
    def agreed(self) -> dict[str, int]:
        """The figures alone."""
        return {name: self.cleaned_data[name] for name in self._meta.fields or ()}

    @property
    def responsible(self) -> dict[str, Organisation]:
        """Which ministry for which topic, where one is chosen."""
        chosen = {topic.value: self.cleaned_data.get(topic.value, "") for topic in Topic}
        return {topic: self.houses[key] for topic, key in chosen.items() if key}


class MinistryForm(forms.Form):
    """Which ministry answers a concern, and why."""

    ministerium = forms.ModelChoiceField(
        Organisation.objects.none(),
        label=_("Zuständiges Ministerium"),
        empty_label=_("Bitte wählen"),
        error_messages={"required": _("Bitte wählen Sie ein Ministerium.")},
    )
    begruendung = public_reason(_("Begründung"))

    def __init__(self, *args: Any, ministries: OrganisationQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["ministerium"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  for the type checker
        field.queryset = ministries


class OfficialForm(forms.Form):
    """Who in the ministry is in charge of a concern."""

    person = forms.ChoiceField(label=_("Zuständige Person"), widget=forms.RadioSelect)
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, officials: QuerySet[Mandate], me: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {}
        names = {}
        for mandate in officials:
            key = str(mandate.user_id)
            if key not in names:
                names[key] = f"{mandate.user}, {mandate.office_name}"
                self.people[key] = mandate.user
        if str(me) in names:
            mine = names.pop(str(me))
            names = {str(me): str(_("Ich selbst: %(name)s") % {"name": mine}), **names}
        field = self.fields["person"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  for the type checker
        field.choices = list(names.items())

    def clean_person(self) -> Any:
        return self.people[self.cleaned_data["person"]]


class FinishForm(forms.Form):
    """Why a concern has come to its end."""

    reason = public_reason(_("Warum ist das Anliegen abgeschlossen?"))

    def __init__(self, *args: Any, concern: Concern, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.without_outcome = Commitment.objects.filter(concern=concern, outcome="").count()
        if concern.state == ConcernState.PURSUED and not self.without_outcome:
            self.fields["reason"].initial = _("Zu jeder Zusage steht fest, was daraus wurde.")


class MergeForm(forms.Form):
    """Into which other concern one goes, and why."""

    ziel = forms.ModelChoiceField(
        Concern.objects.none(),
        label=_("Geht auf in"),
        to_field_name="slug",
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={
            "required": _("Bitte wählen Sie ein Anliegen, oder suchen Sie nach einem anderen Wort.")
        },
    )
    begruendung = public_reason(_("Warum gehören die beiden zusammen?"))

    def __init__(self, *args: Any, targets: ConcernQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["ziel"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  for the type checker
        field.queryset = targets
