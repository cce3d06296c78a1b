"""What a field of a script may name: chosen from a list while that is short, typed with suggestions if it is long.

A page of sixty lines must not hold sixty lists of five thousand facilities. What is offered is therefore written
once, as a ``<datalist>`` that all fields share (``_script_groups.html``), and each field takes a name or a key::

    places = Offer("einrichtungen", facilities_of(script), many=pgettext("several", "Einrichtungen"))
    for line in range(60):
        self.fields[f"facility_{line}"] = places.field(label=_("Was ausfällt"))
"""

import re
from collections import Counter
from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from allmende.formats.exercise_script.model import Script
from allmende.portal.templatetags.portal import enumerated

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# Nobody finds anything in a longer list.
MOST_OPTIONS = 100
MOST_NAMED = 3
LONGEST_TYPED = 300


class Choice(NamedTuple):
    """One of those that are offered: the value that is kept, its name, and the key that is taken for it, too."""

    value: str
    name: str
    key: str = ""
    group: "StrOrPromise" = ""


class Offer:
    """All that fields may name; ``many`` says what they are.

    ``present`` are values that stand there now: what is named and is no more stays on offer, and says so.
    """

    def __init__(
        self,
        name: str,
        choices: Iterable[Choice],
        *,
        many: "StrOrPromise",
        present: Iterable[str] = (),
    ) -> None:
        self.name = name
        self.many = many
        self.choices = _told_apart(list(choices))
        self._names = {choice.value: choice.name for choice in self.choices}
        self.lost = {
            value: _("%(key)s (gibt es nicht)") % {"key": value}
            for value in present
            if value and value not in self._names
        }

    @property
    def is_typed(self) -> bool:
        return len(self.choices) > MOST_OPTIONS

    @property
    def names(self) -> list[str]:
        """What the browser suggests."""
        return [choice.name for choice in self.choices]

    def field(
        self, *, label: "StrOrPromise", help_text: "StrOrPromise" = "", required: bool = False
    ) -> forms.Field:
        """A field that takes one of them; without any, „“."""
        if self.is_typed:
            return NamedField(self, label=label, help_text=help_text, required=required)
        groups: dict[StrOrPromise, list[tuple[str, str]]] = {}
        for choice in self.choices:
            groups.setdefault(choice.group, []).append((choice.value, choice.name))
        grouped: list[Any] = groups.pop("", [])
        grouped += groups.items()
        if self.lost:
            lost = list(self.lost.items())
            grouped += [(_("Gibt es nicht mehr"), lost)] if groups else lost
        return forms.ChoiceField(
            choices=[("", _("keine Angabe")), *grouped],
            label=label,
            help_text=help_text,
            required=required,
        )

    def field_of_many(
        self, *, label: "StrOrPromise", help_text: "StrOrPromise" = "", required: bool = False
    ) -> forms.Field:
        """A field that takes any number of them, as a list."""
        if self.is_typed:
            return NamesField(self, label=label, help_text=help_text, required=required)
        choices = [(choice.value, choice.name) for choice in self.choices]
        choices += self.lost.items()
        if not choices and not help_text:
            help_text = _("Noch gibt es nichts zu wählen.")
        return forms.MultipleChoiceField(
            choices=choices,
            widget=forms.CheckboxSelectMultiple,
            label=label,
            help_text=help_text,
            required=required,
        )

    def name_of(self, value: str) -> str:
        """What a value is called on the page."""
        return self._names.get(value) or self.lost.get(value, value)

    def line_of(self, value: str) -> str:
        """The same where names stand on lines: a semicolon would part them."""
        name = self.name_of(value)
        return value if ";" in name else name

    def find(self, typed: str) -> str | None:
        """The value of a name or key that somebody typed; None if nothing is called so.

        Raises ``ValueError`` with a German reason if several are.
        """
        found = self._called(typed)
        if len(found) > 1:
            said = _(
                "Mehrere %(many)s heißen „%(name)s“: %(listed)s. Bitte nennen Sie die Kennung."
            )
            names = [choice.name for choice in found]
            raise ValueError(
                said % {"many": self.many, "name": typed[:60], "listed": _listed(names)}
            )
        if found:
            return found[0].value
        return next((value for value, name in self.lost.items() if typed in (value, name)), None)

    def value_of(self, typed: str) -> str:
        """The same; ``ValueError`` also if nothing is called so."""
        found = self.find(typed)
        if found is None:
            raise ValueError(self._unknown(typed))
        return found

    def _called(self, typed: str) -> list[Choice]:
        """By the name on the page or the key, letter by letter; else by name, by key, and by the bare name that
        several may have, however it is spelt.
        """
        if exact := self._by_spelling.get(_spaced(typed)):
            return exact
        name = _plain(typed)
        return self._by_name.get(name) or self._by_key.get(name) or self._by_bare.get(name) or []

    def _unknown(self, typed: str) -> str:
        name = _plain(typed)
        near = [choice.name for choice in self.choices if name in _plain(choice.name)]
        said = _("„%(name)s“ gibt es im Drehbuch nicht. Bitte prüfen Sie die Schreibweise.")
        if near:
            said = _("„%(name)s“ gibt es im Drehbuch nicht. Ähnlich heißen: %(listed)s.")
        return said % {"name": typed[:60], "listed": _listed(near)}

    @cached_property
    def _by_spelling(self) -> dict[str, list[Choice]]:
        keys = _by((_spaced(choice.key), choice) for choice in self.choices if choice.key)
        return keys | _by((_spaced(choice.name), choice) for choice in self.choices)

    @cached_property
    def _by_name(self) -> dict[str, list[Choice]]:
        return _by((_plain(choice.name), choice) for choice in self.choices)

    @cached_property
    def _by_key(self) -> dict[str, list[Choice]]:
        return _by((_plain(choice.key), choice) for choice in self.choices if choice.key)

    @cached_property
    def _by_bare(self) -> dict[str, list[Choice]]:
        return _by((_plain(_bare(choice)), choice) for choice in self.choices)


class NamedField(forms.CharField):
    """One of very many, by name or key; the value is that of the offer."""

    def __init__(self, offer: Offer, **options: Any) -> None:
        self.offer = offer
        options["help_text"] = options["help_text"] or _("Name oder Kennung")
        attrs = {"list": offer.name, "autocomplete": "off"}
        widget = forms.TextInput(attrs=attrs)
        super().__init__(max_length=LONGEST_TYPED, widget=widget, **options)

    def prepare_value(self, value: Any) -> Any:
        return self.offer.name_of(value) if isinstance(value, str) else value

    def clean(self, value: Any) -> str:
        typed = super().clean(value)
        try:
            return self.offer.value_of(typed) if typed else ""
        except ValueError as error:
            raise ValidationError(str(error)) from None


class NamesField(forms.CharField):
    """Any number of very many, each on a line; the value is a list."""

    def __init__(self, offer: Offer, **options: Any) -> None:
        self.offer = offer
        options["help_text"] = options["help_text"] or _("Je Zeile ein Name oder eine Kennung.")
        super().__init__(widget=forms.Textarea(attrs={"rows": 3}), **options)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(map(self.offer.line_of, value)) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        found, wrong = [], []
        for typed in parts_of(super().clean(value)):
            try:
                found.append(self.offer.value_of(typed))
            except ValueError as error:
                wrong.append(str(error))
        if wrong:
            raise ValidationError(wrong)
        return list(dict.fromkeys(found))


class OfferForm(forms.Form):
    """A form with fields that share suggestions."""

    @property
    def suggestions(self) -> list[Offer]:
        """The offers of all fields in which names are typed, each once."""
        fields = [field for field in self.fields.values() if isinstance(field, NamedField)]
        return list({field.offer.name: field.offer for field in fields}.values())


def facilities_of(script: Script, *, group: "StrOrPromise" = "") -> list[Choice]:
    """The facilities of a script, by name."""
    keys = [str(row.get("key")) for row in script.facilities]
    found = [Choice(key, script.facility_name(key), key, group) for key in keys]
    return sorted(found, key=lambda choice: choice.name)


def parts_of(text: str) -> list[str]:
    """What stands on lines, or between semicolons."""
    return [part.strip() for part in re.split(r"[;\n]", text) if part.strip()]


def _listed(names: list[str]) -> str:
    """The first few; where there are more, that there are."""
    shown = [f"„{name}“" for name in names[:MOST_NAMED]]
    return enumerated([*shown, _("andere")] if len(names) > MOST_NAMED else shown)


def _told_apart(choices: list[Choice]) -> list[Choice]:
    """Those of the same name with their keys, so that each is called otherwise."""
    count = Counter(_plain(choice.name) for choice in choices)
    return [
        choice._replace(name=f"{choice.name} ({choice.key})")
        if count[_plain(choice.name)] > 1 and choice.key
        else choice
        for choice in choices
    ]


def _bare(choice: Choice) -> str:
    return choice.name.removesuffix(f" ({choice.key})")


def _spaced(text: str) -> str:
    return " ".join(text.split())


def _plain(text: str) -> str:
    return _spaced(text).casefold()


def _by(pairs: Iterable[tuple[str, Choice]]) -> dict[str, list[Choice]]:
    found: dict[str, list[Choice]] = {}
    for name, choice in pairs:
        found.setdefault(name, []).append(choice)
    return found
