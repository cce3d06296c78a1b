"""What people type and click in the forum."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.template.defaultfilters import yesno
from django.utils import timezone
from django.utils.formats import date_format

from allmende.registry.models import Region, RegionQuerySet, SizeClass, Topic

from .models import Concern, Draft, DraftQuerySet, Stand, Statement, StatementState
from .queries import Voice


class ConcernForm(forms.Form):
    """A concern before it is opened."""

    owner = forms.ModelChoiceField(Region.objects.none(), label="Eingebracht von", empty_label=None)
    question = forms.CharField(
        label="Ihre Frage",
        max_length=200,
        help_text="Eine Frage in einem Satz, auf die der Bund antworten kann.",
    )
    topic = forms.TypedChoiceField(
        label="Themenfeld", choices=[("", "Bitte wählen"), *Topic.choices], coerce=Topic
    )
    background = forms.CharField(
        label="Hintergrund",
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="Worum geht es, wen betrifft es, was haben Sie schon versucht?",
    )
    last_day = forms.DateField(
        label="Abstimmen bis einschließlich",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="Sechs Wochen sind üblich.",
    )
    is_confidential = forms.BooleanField(
        label="Bis zur Frist vertraulich",
        required=False,
        help_text="Bis dahin lesen nur Kommunen mit, und niemand sieht, wer wie gestimmt hat.",
    )
    takes_personal_voices = forms.BooleanField(
        label="Auch persönliche Meinungen sammeln",
        required=False,
        help_text="Sie werden getrennt ausgewertet und nie mit den Stimmen der Kommunen vermischt.",
    )

    def __init__(self, *args: Any, owners: RegionQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner = self.fields["owner"]
        assert isinstance(owner, forms.ModelChoiceField)  # noqa: S101  for the type checker
        owner.queryset = owners
        regions = list(owners[:2])
        if len(regions) == 1:
            owner.initial, owner.widget = regions[0], forms.HiddenInput()
        self.fields["last_day"].initial = timezone.localdate() + timedelta(weeks=6)

    def clean_last_day(self) -> date:
        day: date = self.cleaned_data["last_day"]
        if day < timezone.localdate():
            raise forms.ValidationError("Dieser Tag ist vorbei. Bitte wählen Sie einen späteren.")
        return day

    def clean(self) -> dict[str, Any]:
        """Turn the last day into the deadline that services take: its last second."""
        cleaned = super().clean() or {}
        if day := cleaned.pop("last_day", None):
            cleaned["deadline"] = timezone.make_aware(datetime.combine(day, time(23, 59, 59)))
        if cleaned.get("is_confidential") and cleaned.get("takes_personal_voices"):
            self.add_error(
                "takes_personal_voices",
                "Bis zur Frist sehen ein vertrauliches Anliegen nur Kommunen; danach nimmt es keine "
                "Stimmen mehr an. Persönliche Meinungen kann es darum nicht sammeln.",
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
        day = date_format(now["last_day"], "j. F Y")
        words = now | {"topic": concern.get_topic_display(), "last_day": day}
        return [
            (str(self.fields[name].label), str(yesno(word) if isinstance(word, bool) else word))
            for name, word in words.items()
            if str(self[name].value()) != str(self.fields[name].prepare_value(now[name]))
        ]


class StatementForm(forms.Form):
    """A new statement."""

    text = forms.CharField(
        label="Ihre Aussage",
        max_length=280,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Ein Gedanke in höchstens 280 Zeichen, dem andere zustimmen oder den sie ablehnen können.",
    )

    def clean_text(self) -> str:
        """One line: pasted line breaks would count and not be seen."""
        return " ".join(str(self.cleaned_data["text"]).split())


class VoiceForm(forms.Form):
    """In whose name somebody takes part, where she has the choice."""

    NOT_YOURS = "Dafür haben Sie kein Mandat (mehr). Es wurde nichts gespeichert."

    als = forms.ChoiceField(label="Für wen?", required=False)

    def __init__(self, *args: Any, voices: list[Voice], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.voices = {voice.key: voice for voice in voices}
        field = self.fields["als"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  for the type checker
        field.choices = [(voice.key, voice.label) for voice in voices]

    @property
    def is_foreign(self) -> bool:
        """Whether a voice was asked for that is not, or no longer, this person's."""
        return bool(self.data.get("als")) and self.data["als"] not in self.voices

    def voice(self) -> Voice:
        """The chosen voice, or the first if none or a foreign one was asked for."""
        asked = self.cleaned_data["als"] if self.is_valid() else ""
        return self.voices.get(asked, next(iter(self.voices.values())))


class MemberSearchForm(forms.Form):
    """Which members a list shows."""

    q = forms.CharField(label="Name", required=False, max_length=100)


class VoteForm(forms.Form):
    """A stand on a statement."""

    statement = forms.ModelChoiceField(Statement.objects.none())
    stand = forms.TypedChoiceField(choices=Stand.choices, coerce=lambda value: Stand(int(value)))

    def __init__(self, *args: Any, concern: Concern, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["statement"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  for the type checker
        field.queryset = concern.statements.all()


class DecisionForm(forms.Form):
    """What becomes of a statement."""

    state = forms.ChoiceField(
        label="Entscheidung",
        choices=[
            (StatementState.ACCEPTED, "Annehmen"),
            (StatementState.REJECTED, "Ablehnen"),
            (StatementState.DUPLICATE, "Steht sinngleich schon da"),
        ],
        widget=forms.RadioSelect,
    )
    duplicate_of = forms.ModelChoiceField(
        Statement.objects.none(),
        label="Sinngleich mit",
        required=False,
        empty_label="Bitte wählen",
    )
    reason = forms.CharField(
        label="Begründung",
        max_length=1_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Wird der Person gezeigt, die die Aussage geschrieben hat, und bleibt im Protokoll: "
        "bitte ohne Namen. Beim Ablehnen nötig.",
    )
    seen_state = forms.ChoiceField(choices=StatementState.choices, widget=forms.HiddenInput)

    def __init__(self, *args: Any, statement: Statement, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["duplicate_of"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  for the type checker
        field.queryset = statement.concern.statements.filter(state=StatementState.ACCEPTED).exclude(
            pk=statement.pk
        )
        self.fields["seen_state"].initial = statement.state

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        state = cleaned.get("state")
        if state == StatementState.REJECTED and not cleaned.get("reason"):
            self.add_error("reason", "Bitte begründen Sie, warum die Aussage abgelehnt wird.")
        if state == StatementState.DUPLICATE and not cleaned.get("duplicate_of"):
            self.add_error("duplicate_of", "Bitte wählen Sie die Aussage, die dasselbe sagt.")
        if state != StatementState.DUPLICATE:
            cleaned["duplicate_of"] = None
        return cleaned


class ReleaseForm(forms.Form):
    """Which drafts are released, or returned and why.

    Whether a draft still waits is for the service to find out: what was decided meanwhile is no wrong input.
    """

    drafts = forms.ModelMultipleChoiceField(
        Draft.objects.none(),
        required=False,
        label="Entwürfe",
        widget=forms.CheckboxSelectMultiple,
    )
    shown = forms.ModelMultipleChoiceField(
        Draft.objects.none(), required=False, widget=forms.MultipleHiddenInput
    )
    decision = forms.ChoiceField(
        choices=[
            ("release", "Ausgewählte freigeben"),
            ("release-all", "Alle freigeben"),
            ("return", "Ausgewählte zurückgeben"),
        ],
        widget=forms.HiddenInput,
    )
    reason = forms.CharField(
        label="Begründung, wenn Sie Entwürfe zurückgeben",
        max_length=1_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Wer die Entwürfe geschrieben hat, liest sie und kann sie danach ändern.",
    )

    def __init__(self, *args: Any, drafts: DraftQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("drafts", "shown"):
            field = self.fields[name]
            assert isinstance(field, forms.ModelMultipleChoiceField)  # noqa: S101  for the type checker
            field.queryset = drafts

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("decision") == "release-all":
            cleaned["drafts"] = cleaned.get("shown")
        if "drafts" in cleaned and not cleaned["drafts"]:
            self.add_error("drafts", "Bitte wählen Sie mindestens einen Entwurf aus.")
        if cleaned.get("decision") == "return" and not cleaned.get("reason"):
            self.add_error("reason", "Bitte begründen Sie, warum Sie die Entwürfe zurückgeben.")
        return cleaned


class CloseForm(forms.Form):
    """Why the voting ends before its deadline."""

    reason = forms.CharField(
        label="Warum beenden Sie die Abstimmung vor der Frist?",
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Steht auf Dauer im öffentlichen Verlauf des Anliegens: bitte ohne Namen.",
    )


class ConcernFilterForm(forms.Form):
    """Which concerns the list shows."""

    q = forms.CharField(label="Wort in der Frage", required=False, max_length=100)
    stand = forms.ChoiceField(
        label="Stand",
        required=False,
        choices=[("", "Alle"), ("offen", "Offen"), ("abgeschlossen", "Abgeschlossen")],
    )
    thema = forms.ChoiceField(
        label="Themenfeld", required=False, choices=[("", "Alle"), *Topic.choices]
    )
    sortierung = forms.ChoiceField(
        label="Sortierung",
        required=False,
        choices=[
            ("", "Neueste zuerst"),
            ("frist", "Nächste Frist zuerst"),
            ("kommunen", "Meiste Kommunen zuerst"),
        ],
    )


class ResultFilterForm(forms.Form):
    """Whose votes a result shows: a Land, a size class, both or all."""

    land = forms.ChoiceField(label="Land", required=False)
    groesse = forms.TypedChoiceField(
        label="Größe",
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", "Alle Größen"), *SizeClass.choices],
    )

    def __init__(self, *args: Any, lands: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["land"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  for the type checker
        field.choices = [("", "Alle Länder"), *lands.items()]

    def chosen(self) -> tuple[str, int | None]:
        """Land and size class; what does not exist counts as not chosen."""
        self.is_valid()
        return self.cleaned_data.get("land") or "", self.cleaned_data.get("groesse")


class StatementOrderForm(ResultFilterForm):
    """How the list of all statements is sorted, beside whose votes it shows."""

    ordnung = forms.ChoiceField(label="Sortierung", required=False)

    field_order = ("ordnung", "land", "groesse")

    def __init__(self, *args: Any, groups: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["ordnung"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  for the type checker
        field.choices = [
            ("", "Was verbindet"),
            ("abgelehnt", "Was gemeinsam abgelehnt wird"),
            ("trennt", "Was trennt"),
            ("stimmen", "Meiste Stimmen"),
            *((letter, f"Typisch für Gruppe {letter}") for letter in groups),
        ]

    def order(self) -> str:
        """The chosen order; the first if none or one that does not exist."""
        self.is_valid()
        return self.cleaned_data.get("ordnung") or ""


class ParticipantFilterForm(ResultFilterForm):
    """Which participants the table shows."""

    q = forms.CharField(label="Name", required=False, max_length=100)
    gruppe = forms.ChoiceField(label="Gruppe", required=False)

    field_order = ("q", "land", "groesse", "gruppe")

    def __init__(self, *args: Any, groups: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["gruppe"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  for the type checker
        field.choices = [
            ("", "Alle"),
            *((letter, f"Gruppe {letter}") for letter in groups),
            ("ohne", "Ohne Gruppe"),
        ]


class QueueForm(forms.Form):
    """Which waiting statements the operator's desk shows."""

    q = forms.CharField(label="Stichwort", required=False, max_length=100)
    wer = forms.ChoiceField(
        label="Zuständig",
        required=False,
        choices=[("", "Alle"), ("betrieb", "Nur der Betrieb")],
    )

    def chosen(self) -> dict[str, Any]:
        """Words and whether nobody else is in charge; what does not exist counts as not chosen."""
        self.is_valid()
        return {
            "words": self.cleaned_data.get("q", ""),
            "unowned": self.cleaned_data.get("wer") == "betrieb",
        }
