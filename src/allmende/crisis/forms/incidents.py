"""An incident in three steps, and that a report was handed in."""

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from allmende.portal.templatetags.portal import enumerated

from ..models import Facility, Incident, IncidentState, Stage
from .fields import MomentField, field_of


def _past(moment: datetime | None) -> datetime | None:
    if moment and moment > timezone.now():
        raise ValidationError(gettext("Dieser Zeitpunkt liegt in der Zukunft."))
    return moment


class _Step(forms.ModelForm[Incident]):
    """A part of what is said; ``clean`` holds it against the other parts."""

    def __init__(self, *args: Any, facility: Facility, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.facility = facility

    def _said(self, name: str) -> Any:
        """What stands here, or else what was said before."""
        return self.cleaned_data.get(name) if name in self.fields else getattr(self.instance, name)

    def clean(self) -> dict[str, Any]:
        super().clean()
        began, known, ended = (self._said(name) for name in ("began_at", "known_at", "ended_at"))
        expected = self._said("expected_until")
        if began and known and known < began and "known_at" in self.fields:
            self.add_error(
                "known_at", gettext("Davon wissen können Sie erst, nachdem es begonnen hat.")
            )
        for name, moment in (("ended_at", ended), ("expected_until", expected)):
            if began and moment and moment < began:
                where = name if name in self.fields else "began_at"
                self.add_error(where, gettext("Das Ende liegt vor dem Beginn."))
        return self.cleaned_data

    def _post_clean(self) -> None:
        """``clean`` has said what the database would, and the instance stays as it is stored."""


class WhatForm(_Step):
    """What failed, since when, and since when it is known."""

    began_at = MomentField(label=_("Seit wann"))
    known_at = MomentField(
        label=_("Seit wann wissen Sie davon?"), help_text=_("Ab dann zählen die 24 Stunden.")
    )

    class Meta:
        model = Incident
        fields = ("what", "began_at", "known_at")

    def clean_began_at(self) -> datetime | None:
        return _past(self.cleaned_data["began_at"])

    def clean_known_at(self) -> datetime | None:
        return _past(self.cleaned_data["known_at"])


class WhomForm(_Step):
    """Whom it hits, where, and for how long."""

    ended_at = MomentField(
        label=_("Vorbei seit"), required=False, help_text=_("Leer, solange es dauert.")
    )
    expected_until = MomentField(label=_("Voraussichtlich vorbei"), required=False)

    class Meta:
        model = Incident
        fields = ("affected", "area", "ended_at", "expected_until")
        widgets = {"area": forms.Textarea(attrs={"rows": 4})}  # noqa: RUF012  as Django reads it

    def clean_affected(self) -> int | None:
        affected: int | None = self.cleaned_data["affected"]
        if affected and self.facility.served and affected > self.facility.served:
            raise ValidationError(
                gettext(
                    "Die Einrichtung versorgt %(served)s Menschen; betroffen können nicht mehr sein."
                )
                % {"served": self.facility.served}
            )
        return affected

    def clean_ended_at(self) -> datetime | None:
        return _past(self.cleaned_data["ended_at"])


class WhyForm(_Step):
    """Why, as far as it is known, and who answers."""

    class Meta:
        model = Incident
        fields = (
            *("cause", "other_states"),
            *("contact_name", "contact_telephone", "contact_email"),
        )
        widgets = {"cause": forms.Textarea(attrs={"rows": 4})}  # noqa: RUF012  as Django reads it


STEPS: dict[str, type[_Step]] = {"was": WhatForm, "wen": WhomForm, "warum": WhyForm}


class HandInForm(forms.Form):
    """Which report was handed in, when, and to whom."""

    stage = forms.ChoiceField(label=_("Welche Meldung"))
    at = MomentField(label=_("Abgegeben am"))
    to = forms.CharField(label=_("An wen"), max_length=200)

    def __init__(self, *args: Any, incident: Incident, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.incident = incident
        is_draft = incident.state == IncidentState.DRAFT
        stages = (Stage.FIRST,) if is_draft else (Stage.UPDATE, Stage.FINAL)
        stage = field_of(self, "stage", forms.ChoiceField)
        stage.choices = [(each.value, each.label) for each in stages]

    def clean_at(self) -> datetime | None:
        at: datetime = self.cleaned_data["at"]
        # Who types the minute in which she learnt of it has not seen its seconds.
        if at < self.incident.known_at.replace(second=0, microsecond=0):
            raise ValidationError(gettext("Da wussten Sie noch nicht davon."))
        return _past(at)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("stage") == Stage.FINAL:
            missing = [
                words
                for words, value in (
                    (gettext("die Zahl der Betroffenen"), self.incident.affected),
                    (gettext("die Ursache"), self.incident.cause or None),
                )
                if value is None
            ]
            if missing:
                self.add_error(
                    "stage",
                    gettext("Für die ausführliche Meldung fehlt noch: %(what)s.")
                    % {"what": enumerated(missing)},
                )
        return cleaned
