"""What is decided in a dry run, and when."""

from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from allmende.formats.exercise_script.cells import format_minutes, parse_minutes
from allmende.formats.exercise_script.model import Script

HALF = 2


class RehearsalForm(forms.Form):
    """An option and a time for each decision; without an option nobody decides it, without a time as soon as may be."""

    def __init__(self, *args: Any, script: Script, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.script = script
        self.half = format_minutes(script.duration_minutes // HALF)
        for place, decision in enumerate(script.decisions):
            options = [(option.key, option.name) for option in decision.options]
            self.fields[f"wahl_{place}"] = forms.ChoiceField(
                label=decision.question,
                choices=[("", _("niemand entscheidet")), *options],
                required=False,
            )
            self.fields[f"zeit_{place}"] = forms.CharField(
                label=_("Wann entschieden wird"),
                max_length=12,
                required=False,
            )
        roles = [(role.key, role.name) for role in script.roles if not role.simulated]
        self.fields["rolle"] = forms.ChoiceField(
            label=_("Was diese Rolle hört"), choices=[("", _("alle")), *roles], required=False
        )

    def clean(self) -> dict[str, Any]:
        super().clean()
        self.choices: list[tuple[int | None, str, str]] = []
        for place, decision in enumerate(self.script.decisions):
            written = self.cleaned_data.get(f"zeit_{place}")
            try:
                minutes = parse_minutes(written) if written else None
                if minutes is not None and not 0 <= minutes <= self.script.duration_minutes:
                    raise ValueError(_("Das liegt nicht in der Übung."))
            except ValueError as error:
                # All these fields are called the same: the list of errors says which one it is.
                words = {"question": Truncator(decision.question).chars(80), "reason": error}
                self.add_error(f"zeit_{place}", _("„%(question)s“: %(reason)s") % words)
                continue
            if option := self.cleaned_data.get(f"wahl_{place}"):
                self.choices.append((minutes, decision.key, option))
        return self.cleaned_data

    @property
    def says_something(self) -> bool:
        """Whether anything is chosen, or wrong: then it is not folded away."""
        return bool(self.errors) or any(field.value() for pair in self.pairs for field in pair)

    @property
    def pairs(self) -> list[tuple[BoundField, BoundField]]:
        """Option and time of each decision."""
        return [
            (self[f"wahl_{place}"], self[f"zeit_{place}"])
            for place in range(len(self.script.decisions))
        ]
