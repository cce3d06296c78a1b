"""Concerns: writing, changing, ending and finding them."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.template.defaultfilters import yesno
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from allmende.registry.models import Region, RegionQuerySet, Topic

from ..models import BEFORE_THE_END_OF_VOTING, Concern, ConcernState
from .similar import while_typing

AFTER_THE_VOTING = [each for each in ConcernState if each not in BEFORE_THE_END_OF_VOTING]


class ConcernForm(forms.Form):
    """A concern before it is opened."""

    owner = forms.ModelChoiceField(
        Region.objects.none(), label=gettext_lazy("Eingebracht von"), empty_label=None
    )
    question = forms.CharField(
        label=gettext_lazy("Ihre Frage"),
        max_length=200,
        help_text=gettext_lazy("Eine Frage in einem Satz, auf die der Bund antworten kann."),
    )
    topic = forms.TypedChoiceField(
        label=gettext_lazy("Themenfeld"),
        choices=[("", gettext_lazy("Bitte wählen")), *Topic.choices],
        coerce=Topic,
    )
    background = forms.CharField(
        label=gettext_lazy("Hintergrund"),
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=gettext_lazy("Worum geht es, wen betrifft es, was haben Sie schon versucht?"),
    )
    last_day = forms.DateField(
        label=gettext_lazy("Abstimmen bis einschließlich"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("Sechs Wochen sind üblich."),
    )
    is_confidential = forms.BooleanField(
        label=gettext_lazy("Bis zur Frist vertraulich"),
        required=False,
        help_text=gettext_lazy(
            "Bis dahin lesen nur Kommunen mit, und niemand sieht, wer wie gestimmt hat."
        ),
    )
    takes_personal_voices = forms.BooleanField(
        label=gettext_lazy("Auch persönliche Meinungen sammeln"),
        required=False,
        help_text=gettext_lazy(
            "Sie werden getrennt ausgewertet und nie mit den Stimmen der Kommunen vermischt."
        ),
    )

    def __init__(self, *args: Any, owners: RegionQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner = self.fields["owner"]
        assert isinstance(owner, forms.ModelChoiceField)  # noqa: S101  for the type checker
        owner.queryset = owners
        regions = list(owners[:2])
        if len(regions) == 1:
            owner.initial, owner.widget = regions[0], forms.HiddenInput()
        self.fields["question"].widget.attrs.update(while_typing(reverse("forum:similar_concerns")))
        self.fields["last_day"].initial = timezone.localdate() + timedelta(weeks=6)

    def clean_last_day(self) -> date:
        day: date = self.cleaned_data["last_day"]
        if day < timezone.localdate():
            raise forms.ValidationError(
                _("Dieser Tag ist vorbei. Bitte wählen Sie einen späteren.")
            )
        return day

    def clean(self) -> dict[str, Any]:
        """Turn the last day into the deadline that services take: its last second."""
        cleaned = super().clean() or {}
        if day := cleaned.pop("last_day", None):
            cleaned["deadline"] = timezone.make_aware(datetime.combine(day, time(23, 59, 59)))
        if cleaned.get("is_confidential") and cleaned.get("takes_personal_voices"):
            self.add_error(
                "takes_personal_voices",
                _(
                    "Bis zur Frist sehen ein vertrauliches Anliegen nur Kommunen; danach nimmt es keine "
                    "Stimmen mehr an. Persönliche Meinungen kann es darum nicht sammeln."
                ),
            )
        return cleaned

    @staticmethod
    def values_of(concern: Concern) -> dict[str, Any]:
        """What the form shows for a concern that is there already."""
        return {
            "owner": concern.owner,
            "question": concern.question,
            "topic": concern.topic,
            "background": concern.background,
            "last_day": timezone.localdate(concern.deadline),
            "is_confidential": concern.is_confidential,
            "takes_personal_voices": concern.takes_personal_voices,
        }


class ChangeConcernForm(ConcernForm):
    """The same for a draft that others may be changing, too."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    @classmethod
    def values_of(cls, concern: Concern) -> dict[str, Any]:
        return super().values_of(concern) | {"seen": concern.edition}

    def catch_up(self, concern: Concern) -> list[tuple[str, str]]:
        """Take note of what the draft says by now: saved once more, the form replaces that.

        Returns in what it differs from what was typed, as label and words.
        """
        now = self.values_of(concern)
        self.data = dict(self.data.items()) | {"seen": now.pop("seen")}
        day = date_format(now["last_day"])
        words = now | {"topic": concern.get_topic_display(), "last_day": day}
        return [
            (str(self.fields[name].label), str(yesno(word) if isinstance(word, bool) else word))
            for name, word in words.items()
            if str(self[name].value()) != str(self.fields[name].prepare_value(now[name]))
        ]


class CloseForm(forms.Form):
    """Why the voting ends before its deadline."""

    reason = forms.CharField(
        label=gettext_lazy("Warum beenden Sie die Abstimmung vor der Frist?"),
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy(
            "Steht auf Dauer im öffentlichen Verlauf des Anliegens: bitte ohne Namen."
        ),
    )


class ConcernFilterForm(forms.Form):
    """Which concerns the list shows."""

    q = forms.CharField(label=gettext_lazy("Wort in der Frage"), required=False, max_length=100)
    stand = forms.ChoiceField(
        label=pgettext_lazy("concern", "Stand"),
        required=False,
        choices=[
            ("", gettext_lazy("Alle")),
            ("offen", ConcernState.OPEN.label),
            ("beendet", gettext_lazy("Abstimmung beendet")),
            *((each.value, each.label) for each in AFTER_THE_VOTING),
            ("ueberfaellig", gettext_lazy("Antwort überfällig")),
        ],
    )
    thema = forms.ChoiceField(
        label=gettext_lazy("Themenfeld"),
        required=False,
        choices=[("", gettext_lazy("Alle")), *Topic.choices],
    )
    sortierung = forms.ChoiceField(
        label=gettext_lazy("Sortierung"),
        required=False,
        choices=[
            ("", gettext_lazy("Neueste zuerst")),
            ("frist", gettext_lazy("Nächste Frist zuerst")),
            ("kommunen", gettext_lazy("Meiste Kommunen zuerst")),
        ],
    )
