"""A form for any row of a script, made from the fields that the format knows.

What the format would refuse is told at the field; ``said`` is the row as the document holds it.
"""

import json
from collections.abc import Container
from dataclasses import MISSING
from dataclasses import fields as dataclass_fields
from functools import cached_property
from typing import Any, NamedTuple

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from allmende.formats.exercise_script.cells import format_minutes, parse_minutes, write_cell
from allmende.formats.exercise_script.changes import Row, free_key, key_field
from allmende.formats.exercise_script.fields import FIELDS, STATES, Field
from allmende.formats.exercise_script.model import Script
from allmende.formats.exercise_script.values import checked
from allmende.formats.exercise_script.words import HOLDS_OUT, state_words_in
from allmende.portal.templatetags.portal import number

from ...queries.drafts import Section
from .lines import Line
from .offers import Choice, Offer, OfferForm, facilities_of, parts_of
from .words import CHOICES, HINTS, LABELS

TEXT_ROWS = {"text": 6, "note": 3, "claims": 3, "travel_hours": 3, "sites": 3}
FORM_FIELDS: dict[str, Any] = {
    "choice": forms.ChoiceField,
    "flag": forms.BooleanField,
    "whole": forms.IntegerField,
    "number": forms.FloatField,
}
# These have forms of their own, or lines within one.
APART = {"condition", "acts", "rows", "row", "document"}


EMPTY: tuple[Any, ...] = ("", None, [], {})

# What few rows need, by section.
RARE = {
    "goals": ["priority", "capabilities"],
    "units": ["travel_hours", "sites"],
    "phone_scripts": ["manner", "questions"],
}


class Group(NamedTuple):
    """Fields that stand together; ``lines`` are alike. With a title it can be folded, unless it never ``folds``."""

    title: str
    hint: str
    fields: list[BoundField]
    lines: list[Line]
    opened: bool = True
    folds: bool = True


class ScriptForm(OfferForm):
    """Fields of a script, by the format's own list of them."""

    def __init__(self, *args: Any, script: Script, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.script = script
        self.said: Row = {}
        # What stands in a field where a document says nothing.
        self.plain: Row = {}

    def add_fields(self, fields: list[Field], values: Row) -> None:
        """A form field for each, with what stands there."""
        self.format_fields = fields
        for field in fields:
            self.fields[field.name] = self._made(field, values.get(field.name))
            if field.name in values:
                self.initial.setdefault(field.name, self.shown(values[field.name], field))

    def offer(self, field: Field, value: Any) -> Offer | None:
        """What a field may refer to; None if it refers to nothing."""
        script = self.script
        found: dict[str, list[tuple[str, str]]] = {
            "strand": [(each.key, each.name) for each in script.strands],
            "to": recipients(script),
            "controller": [(each.key, each.name) for each in script.roles],
            "role": [(each.key, each.name) for each in script.roles],
            "team": [(each.key, each.name) for each in script.teams],
            "goals": [(each.key, each.name) for each in script.goals],
            "capabilities": [(each.key, each.name) for each in script.capabilities],
            "asks_for": [(each.key, each.question) for each in script.decisions],
            "article": [(each.key, each.headline) for each in script.articles],
            "phone_script": [(each.key, each.caller) for each in script.phone_scripts],
            "attachments": [(each.name, each.name) for each in script.attachments],
        }
        if field.name not in found:
            return None
        choices = [Choice(key, name, key) for key, name in found[field.name]]
        present = list(value) if isinstance(value, list | tuple) else [value] if value else []
        return Offer(
            f"angebot_{field.name}", choices, many=pgettext("several", "Einträge"), present=present
        )

    def _made(self, field: Field, value: Any) -> forms.Field:
        label, hint = LABELS[field.name], HINTS.get(field.name, "")
        options: dict[str, Any] = {
            "label": label,
            "help_text": hint,
            "required": field.required and field.kind != "minutes",
        }
        if (offer := self.offer(field, value)) is not None:
            made = offer.field_of_many if field.kind == "keys" else offer.field
            return made(**options)
        if field.kind in ("text", "words", "numbers") or field.name == "sites":
            rows = TEXT_ROWS.get(field.name, 3)
            options["widget"] = forms.Textarea(attrs={"rows": rows})
        elif field.kind == "choice":
            options["choices"] = list(CHOICES[field.name].items())
        elif field.kind in ("whole", "number"):
            options["localize"] = True
        elif field.kind == "flag":
            options["required"] = False
        elif field.kind in ("line", "key", "time"):
            options["max_length"] = 80 if field.kind == "key" else 300
        found: forms.Field = FORM_FIELDS.get(field.kind, forms.CharField)(**options)
        return found

    def shown(self, value: Any, field: Field) -> Any:
        """A value as its form field shows it."""
        if field.kind == "minutes":
            return format_minutes(value)
        if field.kind == "words":
            words = state_words_in(self.script)
            return "\n".join(
                f"{self.facilities.line_of(key)} = {words(key, state)}"
                for key, state in value.items()
            )
        if field.kind == "numbers":
            digits = {
                key: number(hours, 2).rstrip("0").rstrip(",.") for key, hours in value.items()
            }
            return "\n".join(f"{self.facilities.line_of(k)} = {v}" for k, v in digits.items())
        if field.name == "sites":
            return "\n".join(map(self.facilities.line_of, value))
        return list(value) if field.kind == "keys" else value

    def clean(self) -> dict[str, Any]:
        super().clean()
        for field in self.format_fields:
            if field.name in self.errors:
                continue
            try:
                value = self._read(self.cleaned_data.get(field.name), field)
                if not field.required and value in EMPTY:
                    continue
                self.said[field.name] = value
                checked(value, field)
            except ValueError as error:
                self.add_error(field.name, str(error))
        return self.cleaned_data

    def _read(self, typed: Any, field: Field) -> Any:
        """What was typed, as JSON says it; ``ValueError`` with a German reason."""
        if field.kind == "minutes":
            return parse_minutes(typed) if typed else None
        if field.kind == "words":
            return {self._facility(name): _state(word) for name, word in _pairs(typed or "")}
        if field.kind == "numbers":
            return {self._facility(name): number_of(word) for name, word in _pairs(typed or "")}
        if field.kind == "keys":
            found = typed if isinstance(typed, list) else parts_of(typed or "")
            return list(map(self._facility, found)) if field.name == "sites" else list(found)
        return typed.replace("\r\n", "\n") if isinstance(typed, str) else typed

    @cached_property
    def facilities(self) -> Offer:
        return Offer(
            "einrichtungen", facilities_of(self.script), many=pgettext("several", "Einrichtungen")
        )

    def _facility(self, name: str) -> str:
        """The key of a facility that somebody calls by key or name; what is unknown is the check's to tell."""
        return self.facilities.find(name) or name

    def differences(
        self, there: Row, kind: Any, *, only: Container[str] | None = None
    ) -> list[tuple[str, str, str]]:
        """What is stored by now and was typed otherwise: label, stored, typed."""
        plain = {
            each.name: "" if each.default is MISSING else each.default
            for each in dataclass_fields(kind)
        }
        found = []
        for field in FIELDS[kind]:
            if only is not None and field.name not in only:
                continue
            # What is left out is so anyway; a zero and a no are said.
            stored, typed = (
                plain[field.name] if said.get(field.name) in EMPTY else said[field.name]
                for said in (there, self.said)
            )
            if stored != typed and _said(stored, field) != _said(typed, field):
                label = str(LABELS[field.name])
                found.append((label, _said(stored, field), _said(typed, field)))
        return found

    @property
    def groups(self) -> list[Group]:
        return [Group("", "", list(self.visible_fields()), [])]

    def group(
        self, title: str, names: list[str], *, hint: str = "", lines: list[Line] | None = None
    ) -> Group:
        """Fields under a title; open if something stands there that is not so anyway, or is wrong."""
        fields = [self[name] for name in names]
        opened = any(
            each.errors
            or self.initial.get(each.name) not in (None, "", [], self.plain.get(each.name))
            for each in fields
        )
        return Group(title, hint, fields, lines or [], opened)


class RowForm(ScriptForm):
    """One row; ``row`` None: a new one."""

    def __init__(
        self,
        *args: Any,
        section: Section,
        script: Script,
        row: Row | None,
        document: Row,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, script=script, **kwargs)
        self.section = section
        fields = [field for field in FIELDS[section.kind] if field.kind not in APART]
        # What a document leaves out is so anyway, and shown as it is.
        plain = {each.name: each.default for each in dataclass_fields(section.kind)}
        values = {name: value for name, value in plain.items() if value is not MISSING}
        self.add_fields(fields, values | (row or {}))
        self.plain = {
            each.name: self.shown(values[each.name], each) for each in fields if each.name in values
        }
        if row is None and key_field(section.name) == "key":
            self.initial.setdefault("key", free_key(document, section.name))

    @property
    def groups(self) -> list[Group]:
        rare = RARE.get(self.section.name, [])
        first = [each for each in self.visible_fields() if each.name not in rare]
        found = [Group("", "", first, [])]
        return [*found, self.group(_("Weitere Angaben"), rare)] if rare else found


def recipients(script: Script) -> list[tuple[str, str]]:
    """Roles, teams, and of municipalities only those where somebody plays."""
    places = sorted({team.municipality for team in script.teams} - {"", *script.people})
    return [
        *script.people.items(),
        *((place, _("alle in %(place)s") % {"place": place}) for place in places),
    ]


def _said(value: Any, field: Field) -> str:
    """A value in words, for a comparison."""
    if not value and value != 0:
        return ""
    if field.kind in ("rows", "acts", "row", "document"):
        return json.dumps(value, ensure_ascii=False)
    if field.kind == "numbers":
        return "; ".join(f"{key} = {hours:g}" for key, hours in value.items())
    if field.kind == "number":
        return number(value, 0 if float(value).is_integer() else 2)
    if field.kind == "choice":
        return str(CHOICES[field.name][value])
    return write_cell(value, field)


def _pairs(text: str) -> list[tuple[str, str]]:
    found = []
    for part in parts_of(text):
        name, sign, word = (each.strip() for each in part.rpartition("="))
        if not sign or not name:
            raise ValueError(_("„%(part)s“: Es fehlt das „=“.") % {"part": part[:60]})
        found.append((name, word))
    return found


def _state(word: str) -> str:
    known = {said.casefold(): key for key, said in STATES.items()} | {HOLDS_OUT: "buffered"}
    found = known.get(word.casefold())
    if not found:
        raise ValueError(_("„%(word)s“ ist kein Zustand.") % {"word": word[:40]})
    return found


def number_of(word: str) -> float:
    """A number as it was typed; ``ValueError`` with a German reason if it is none."""
    try:
        return float(word.replace(",", "."))
    except ValueError:
        raise ValueError(_("„%(word)s“ ist keine Zahl.") % {"word": word[:40]}) from None
