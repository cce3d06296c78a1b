"""The joint position: writing sections, sealing it, endorsing it."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..models import SealedSection, SectionVersion, WordKind

WHOLE = "ganz"


class SectionForm(forms.Form):
    """One section."""

    title = forms.CharField(
        label=gettext_lazy("Überschrift"),
        max_length=200,
        help_text=gettext_lazy("Was verlangt wird, in einer Zeile."),
    )
    text = forms.CharField(
        label=gettext_lazy("Text"),
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=gettext_lazy("Höchstens 5.000 Zeichen. Eine leere Zeile trennt Absätze."),
    )
    note = forms.CharField(
        label=gettext_lazy("Was Sie geändert haben und warum"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("Steht öffentlich im Verlauf des Abschnitts: bitte ohne Namen."),
    )

    def clean_text(self) -> str:
        """As it is compared and sealed: browsers send ends of lines in another way than they show them."""
        return str(self.cleaned_data["text"]).replace("\r\n", "\n").replace("\r", "\n")


class ChangeSectionForm(SectionForm):
    """The same for a section that others may be changing, too; ``seen`` is its version."""

    seen = forms.IntegerField(widget=forms.HiddenInput)

    @staticmethod
    def values_of(version: SectionVersion) -> dict[str, Any]:
        """What the form shows of a section that is there."""
        return {"title": version.title, "text": version.text, "seen": version.number}

    def catch_up(self, version: SectionVersion) -> None:
        """Take note of what the section says by now: saved once more, the form replaces that."""
        self.data = dict(self.data.items()) | {"seen": str(version.number)}


class CompareForm(forms.Form):
    """Which two versions of a section are laid side by side."""

    von = forms.TypedChoiceField(label=gettext_lazy("Von Version"), coerce=int, required=False)
    bis = forms.TypedChoiceField(label=gettext_lazy("Bis Version"), coerce=int, required=False)

    def __init__(self, *args: Any, numbers: Sequence[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("von", "bis"):
            field = self.fields[name]
            assert isinstance(field, forms.TypedChoiceField)  # noqa: S101  for the type checker
            field.choices = [(n, _("Version %(number)s") % {"number": n}) for n in numbers]
        self.numbers = numbers

    def chosen(self) -> tuple[int, int]:
        """Older and newer; what is not said or makes no sense: the last change."""
        wishes = self.cleaned_data if self.is_valid() else {}
        newest = self.numbers[0]
        until = wishes.get("bis") or newest
        since = wishes.get("von") or max(until - 1, 1)
        return min(since, until), max(since, until)


class SealForm(forms.Form):
    """Asks before it is sealed; ``seen`` is the edition of the draft that was read."""

    seen = forms.CharField(widget=forms.HiddenInput)
    gelesen = forms.BooleanField(
        label=gettext_lazy("Ich habe alle Abschnitte so gelesen, wie sie hier stehen"),
        error_messages={
            "required": gettext_lazy("Bitte bestätigen Sie, dass Sie alles gelesen haben.")
        },
    )


class WordForm(forms.Form):
    """A word of an organisation about the whole or one section."""

    needed_at_times = frozenset({"begruendung"})
    abschnitt = forms.ChoiceField(label=gettext_lazy("Worüber"))
    wort = forms.ChoiceField(
        label=gettext_lazy("Ihre Haltung"),
        choices=[
            (WordKind.ENDORSEMENT.value, gettext_lazy("Wir tragen das mit")),
            (WordKind.DISSENT.value, gettext_lazy("Wir tragen das nicht mit: Sondervotum")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Bitte wählen Sie eine der beiden Antworten.")},
    )
    begruendung = forms.CharField(
        label=gettext_lazy("Begründung"),
        max_length=2_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy(
            "Für ein Sondervotum nötig: Es wird im Wortlaut mit der Position abgedruckt."
        ),
    )

    def __init__(self, *args: Any, sections: Sequence[SealedSection], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["abschnitt"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  for the type checker
        field.choices = [(WHOLE, _("Die ganze Position"))] + [
            (str(section.number), f"{section.number}. {section.title}") for section in sections
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        text = str(cleaned.get("begruendung", "")).strip().replace("\r\n", "\n")
        cleaned["begruendung"] = text
        if (
            cleaned.get("wort") == WordKind.DISSENT
            and not text
            and "begruendung" not in self.errors
        ):
            self.add_error(
                "begruendung",
                _("Ein Sondervotum braucht eine Begründung: Sie wird mit abgedruckt."),
            )
        return cleaned


class WordFilterForm(forms.Form):
    """Which words the list shows."""

    q = forms.CharField(label=gettext_lazy("Name"), required=False, max_length=100)
    wort = forms.ChoiceField(
        label=gettext_lazy("Haltung"),
        required=False,
        choices=[
            ("", gettext_lazy("Alle")),
            (WordKind.ENDORSEMENT.value, gettext_lazy("trägt mit")),
            (WordKind.DISSENT.value, gettext_lazy("Sondervotum")),
        ],
    )
    abschnitt = forms.ChoiceField(label=gettext_lazy("Worüber"), required=False)

    def __init__(self, *args: Any, sections: Sequence[SealedSection], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["abschnitt"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  for the type checker
        field.choices = [("", _("Alle")), (WHOLE, _("Die ganze Position"))] + [
            (str(section.number), f"{section.number}. {section.title}") for section in sections
        ]

    def wishes(self) -> dict[str, str]:
        """Arguments of ``queries.words_of``; nothing where a choice makes no sense."""
        chosen = self.cleaned_data if self.is_valid() else {}
        return {
            "kind": chosen.get("wort", ""),
            "section": chosen.get("abschnitt", ""),
            "words": chosen.get("q", ""),
        }
