"""A form for any row of a script, made from the fields that the format knows.

What the format would refuse is told at the field; ``said`` is the row as the document holds it.
"""

import json
import re
from collections.abc import Container
from dataclasses import MISSING
from dataclasses import fields as dataclass_fields
from typing import Any, NamedTuple

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _

from allmende.formats.exercise_script.cells import format_minutes, parse_minutes, write_cell
from allmende.formats.exercise_script.changes import Row, free_key, key_field
from allmende.formats.exercise_script.fields import FIELDS, STATES, Field
from allmende.formats.exercise_script.model import Script
from allmende.formats.exercise_script.values import checked
from allmende.portal.templatetags.portal import number

from ...queries.drafts import Section
from .words import CHOICES, HINTS, LABELS

# With more, the key is typed: nobody finds anything in a longer list.
MOST_OFFERED = 300
TEXT_ROWS = {"text": 6, "note": 3, "claims": 3, "travel_hours": 3, "sites": 3}
FORM_FIELDS: dict[str, Any] = {
    "choice": forms.ChoiceField,
    "flag": forms.BooleanField,
    "whole": forms.IntegerField,
    "number": forms.FloatField,
}
# These have forms of their own, or lines within one.
APART = {"condition", "acts", "rows", "row", "document"}


class Group(NamedTuple):
    """Fields that stand together; ``lines`` are alike. Folded unless ``opened``, if it has a title."""

    title: str
    hint: str
    fields: list[BoundField]
    lines: list[list[BoundField]]
    opened: bool = True


class ScriptForm(forms.Form):
    """Fields of a script, by the format's own list of them."""

    def __init__(self, *args: Any, script: Script, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.script = script
        self.said: Row = {}

    def add_fields(self, fields: list[Field], values: Row) -> None:
        """A form field for each, with what stands there."""
        self.format_fields = fields
        for field in fields:
            self.fields[field.name] = self._made(field, values.get(field.name))
            if field.name in values:
                self.initial.setdefault(field.name, self.shown(values[field.name], field))

    def offered(self, field: Field) -> list[tuple[str, str]] | None:
        """What a field may refer to: key and name; None if it refers to nothing."""
        script = self.script
        roles = [(each.key, each.name) for each in script.roles]
        found: dict[str, list[tuple[str, str]]] = {
            "strand": [(each.key, each.name) for each in script.strands],
            "to": [*roles, *((t.key, t.name) for t in script.teams), *_places(script)],
            "controller": roles,
            "role": roles,
            "team": [(each.key, each.name) for each in script.teams],
            "goals": [(each.key, each.name) for each in script.goals],
            "capabilities": [(each.key, each.name) for each in script.capabilities],
            "article": [(each.key, each.headline) for each in script.articles],
            "phone_script": [(each.key, each.caller) for each in script.phone_scripts],
            "attachments": [(each.name, each.name) for each in script.attachments],
        }
        return found.get(field.name)

    def _made(self, field: Field, value: Any) -> forms.Field:
        label, hint = LABELS[field.name], HINTS.get(field.name, "")
        options: dict[str, Any] = {
            "label": label,
            "help_text": hint,
            "required": field.required and field.kind != "minutes",
        }
        offered = self.offered(field)
        if offered is not None and len(offered) <= MOST_OFFERED:
            return _choosing(field, offered, value, options)
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
            return "\n".join(
                f"{self.script.facility_name(k)} = {STATES[v]}" for k, v in value.items()
            )
        if field.kind == "numbers":
            digits = {
                key: number(hours, 2).rstrip("0").rstrip(",.") for key, hours in value.items()
            }
            return "\n".join(f"{self.script.facility_name(k)} = {v}" for k, v in digits.items())
        if field.name == "sites":
            return "\n".join(map(self.script.facility_name, value))
        if field.kind == "keys":
            offered = self.offered(field)
            many = offered is not None and len(offered) > MOST_OFFERED
            return "; ".join(value) if many else list(value)
        return value

    def clean(self) -> dict[str, Any]:
        super().clean()
        for field in self.format_fields:
            if field.name in self.errors:
                continue
            try:
                value = self._read(self.cleaned_data.get(field.name), field)
                if not field.required and value in ("", None, [], {}):
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
            return {self._facility(name): _number(word) for name, word in _pairs(typed or "")}
        if field.kind == "keys":
            found = typed if isinstance(typed, list) else _parts(typed or "")
            return list(map(self._facility, found)) if field.name == "sites" else list(found)
        return typed.replace("\r\n", "\n") if isinstance(typed, str) else typed

    def _facility(self, name: str) -> str:
        """The key of a facility that somebody calls by key or name; what is unknown is the check's to tell."""
        keys = {str(row.get("key")) for row in self.script.facilities}
        called = {said.casefold(): key for key, said in self.script.facility_names.items()}
        return name if name in keys else called.get(name.casefold(), name)

    def differences(
        self, there: Row, kind: Any, *, only: Container[str] | None = None
    ) -> list[tuple[str, str, str]]:
        """What is stored by now and was typed otherwise: label, stored, typed."""
        plain = {each.name: each.default for each in dataclass_fields(kind)}
        found = []
        for field in FIELDS[kind]:
            if only is not None and field.name not in only:
                continue
            stored, typed = (
                said.get(field.name) or ("" if plain[field.name] is MISSING else plain[field.name])
                for said in (there, self.said)
            )
            if (stored or "") != (typed or "") and _said(stored, field) != _said(typed, field):
                label = str(LABELS[field.name])
                found.append((label, _said(stored, field), _said(typed, field)))
        return found

    @property
    def groups(self) -> list[Group]:
        return [Group("", "", list(self.visible_fields()), [])]

    def group(self, title: str, names: list[str], *, hint: str = "", lines: Any = ()) -> Group:
        """Fields under a title; open if something stands there, or is wrong."""
        fields = [self[name] for name in names]
        rows = [[self[name] for name in line] for line in lines]
        every = [*fields, *(each for row in rows for each in row)]
        plain = {
            name
            for name in names
            if self.initial.get(name) in (None, "", [], "draft", "contextual")
        }
        opened = any(f.errors for f in every) or any(
            f.name not in plain for f in fields if f.name != "enabled"
        )
        opened = opened or any(each.value() for row in rows for each in row)
        return Group(title, hint, fields, rows, opened)


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
        if row is None and key_field(section.name) == "key":
            self.initial.setdefault("key", free_key(document, section.name))


def _places(script: Script) -> list[tuple[str, str]]:
    """Municipalities as recipients: only those where somebody plays."""
    places = sorted({team.municipality for team in script.teams} - {"", *script.people})
    return [(place, _("alle in %(place)s") % {"place": place}) for place in places]


def _choosing(
    field: Field, offered: list[tuple[str, str]], value: Any, options: dict[str, Any]
) -> forms.Field:
    """What is named now and is not there any more stays on offer, and says so."""
    known = {key for key, _name in offered}
    present = list(value) if isinstance(value, list) else [value] if value else []
    lost = [
        (each, _("%(key)s (gibt es nicht)") % {"key": each})
        for each in present
        if each not in known
    ]
    choices = [*offered, *lost]
    if field.kind == "keys":
        if not choices and not options["help_text"]:
            options["help_text"] = _("Noch gibt es nichts zu wählen.")
        widget = forms.CheckboxSelectMultiple
        return forms.MultipleChoiceField(choices=choices, widget=widget, **options)
    return forms.ChoiceField(choices=[("", _("keine Angabe")), *choices], **options)


def _said(value: Any, field: Field) -> str:
    """A value in words, for a comparison."""
    if not value and value != 0:
        return ""
    if field.kind in ("rows", "acts", "row", "document"):
        return json.dumps(value, ensure_ascii=False)
    if field.kind == "numbers":
        return "; ".join(f"{key} = {hours:g}" for key, hours in value.items())
    if field.kind == "choice":
        return str(CHOICES[field.name][value])
    return write_cell(value, field)


def _parts(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"[;\n]", text) if part.strip()]


def _pairs(text: str) -> list[tuple[str, str]]:
    found = []
    for part in _parts(text):
        name, sign, word = (each.strip() for each in part.rpartition("="))
        if not sign or not name:
            raise ValueError(_("„%(part)s“: Es fehlt das „=“.") % {"part": part[:60]})
        found.append((name, word))
    return found


def _state(word: str) -> str:
    found = next((key for key, said in STATES.items() if said.casefold() == word.casefold()), "")
    if not found:
        raise ValueError(_("„%(word)s“ ist kein Zustand.") % {"word": word[:40]})
    return found


def _number(word: str) -> float:
    try:
        return float(word.replace(",", "."))
    except ValueError:
        raise ValueError(_("„%(word)s“ ist keine Zahl.") % {"word": word[:40]}) from None
