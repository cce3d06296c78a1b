"""One inject with all its fields, and the conditions under which it comes.

The builder makes a condition of lines that must all hold, or of which one must. What it cannot say is shown as
JSON and stays as it is.
"""

import json
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from allmende.formats.exercise_script.changes import Row
from allmende.formats.exercise_script.fields import INJECT
from allmende.formats.exercise_script.model import Script
from allmende.formats.exercise_script.values import checked

from .lines import MOST, count_lines, is_said, is_wrong, lines_in, number_lines, values_of
from .offers import Choice, Offer, facilities_of
from .rows import Group, RowForm
from .words import STATES

CONDITION = next(field for field in INJECT if field.name == "condition")
LINE = ["not", "what", "state", "since"]
LONGEST_TITLE = 60


class InjectForm(RowForm):
    """One inject."""

    def __init__(self, *args: Any, row: Row | None, **kwargs: Any) -> None:
        super().__init__(*args, row=row, **kwargs)
        present = (row or {}).get("condition")
        plain = lines_of(present)
        # Nothing can be said on lines of what they cannot say.
        lines, combine = plain if plain is not None else ([], "all")
        self.initial.setdefault("combine", combine)
        self.initial.setdefault(
            "condition_json", "" if plain is not None else json.dumps(present, ensure_ascii=False)
        )
        self.line_count = count_lines(self, "lines", len(lines))
        offer = _offered(self.script, [line["what"] for line in lines], (row or {}).get("key", ""))
        for place in range(self.line_count):
            self._add_line(place, offer, lines[place] if place < len(lines) else {})
        number_lines(self, LINE, self.line_count)
        self.fields["combine"] = forms.ChoiceField(
            label=_("Sie kommt, wenn"),
            choices=[("all", _("alles davon gilt")), ("any", _("mindestens eines davon gilt"))],
            required=False,
        )
        self.fields["condition_json"] = forms.CharField(
            label=_("Bedingung als JSON"),
            required=False,
            max_length=20_000,
            widget=forms.Textarea(attrs={"rows": 3}),
            help_text=_("Nur für Bedingungen, die sich oben nicht sagen lassen."),
        )

    def _add_line(self, place: int, offer: Offer, line: dict[str, Any]) -> None:
        self.fields[f"not_{place}"] = forms.BooleanField(label=_("gilt nicht"), required=False)
        self.fields[f"what_{place}"] = offer.field(
            label=_("Entscheidung, Einlage oder Einrichtung")
        )
        self.fields[f"state_{place}"] = forms.ChoiceField(
            label=_("Zustand der Einrichtung"),
            choices=[("", _("keine Angabe")), *STATES.items()],
            required=False,
        )
        self.fields[f"since_{place}"] = forms.IntegerField(
            label=_("seit so vielen Minuten"), min_value=0, max_value=20_160, required=False
        )
        for name, value in line.items():
            self.initial.setdefault(f"{name}_{place}", value)

    def clean(self) -> dict[str, Any]:
        super().clean()
        atoms = [
            atom
            for place in range(self.line_count)
            if not is_wrong(self, LINE, place)
            and (atom := self._atom(place, values_of(self.cleaned_data, LINE, place))) is not None
        ]
        written = self.cleaned_data.get("condition_json") or ""
        if written and atoms:
            self.add_error(
                "condition_json",
                _("Bitte nutzen Sie entweder die Zeilen oder das JSON, nicht beides."),
            )
        elif written:
            self._read_json(written)
        elif atoms:
            combine = self.cleaned_data.get("combine") or "all"
            self.said["condition"] = atoms[0] if len(atoms) == 1 else {combine: atoms}
        return self.cleaned_data

    def _atom(self, place: int, line: dict[str, Any]) -> dict[str, Any] | None:
        if not line["what"]:
            if line["state"] or line["since"] is not None or line["not"]:
                self.add_error(f"what_{place}", _("Bitte wählen Sie, worum es geht."))
            return None
        atom: dict[str, Any] = json.loads(line["what"])
        if "facility" in atom:
            if not line["state"]:
                self.add_error(f"state_{place}", _("Bitte wählen Sie den Zustand."))
            atom["state"] = line["state"]
            if line["since"]:
                atom["since_minutes"] = line["since"]
        elif line["state"] or line["since"]:
            self.add_error(f"what_{place}", _("Zustand und Minuten gehören zu Einrichtungen."))
        return {"not": atom} if line["not"] else atom

    def _read_json(self, written: str) -> None:
        try:
            self.said["condition"] = checked(json.loads(written), CONDITION)
        except RecursionError:
            self.add_error("condition_json", _("Das ist kein lesbares JSON."))
        except json.JSONDecodeError:
            self.add_error("condition_json", _("Das ist kein lesbares JSON."))
        except ValueError as error:
            self.add_error("condition_json", str(error))

    @property
    def groups(self) -> list[Group]:
        first = {
            _("Was gesagt wird"): ["title", "text"],
            _("Wann, an wen und wie"): ["at", "to", "sender", "channel"],
            _("Wozu sie gehört"): ["key", "strand"],
        }
        return [
            *(
                Group(title, "", [self[name] for name in names], [], folds=False)
                for title, names in first.items()
            ),
            self.group(
                _("Was erwartet wird"),
                [
                    "kind",
                    "expected_action",
                    "expected_minutes",
                    "asks_for",
                    "goals",
                    "capabilities",
                    "note",
                ],
            ),
            self.group(
                _("Was dazugehört"), ["article", "phone_script", "attachments", "controller"]
            ),
            self.group(
                _("Unter welcher Bedingung sie kommt"),
                ["combine", "condition_json", "until"],
                hint=_(
                    "Nicht vor ihrer Zeit, und sobald die Bedingung gilt. Leere Zeilen zählen nicht; nach dem Speichern kommen neue dazu."
                ),
                lines=lines_in(self, LINE, self.line_count),
            )._replace(opened=self._has_condition),
            self.group(_("Stand und Prüfung"), ["status", "enabled", "claims"]),
        ]

    @property
    def _has_condition(self) -> bool:
        names = [
            name
            for name in self.fields
            if name.split("_")[0] in ("what", "state", "since", "condition", "until")
        ]
        return any(is_said(self[name]) for name in names)


def lines_of(condition: Any) -> tuple[list[dict[str, Any]], str] | None:
    """A condition as lines, and whether all or any of them must hold; None if that does not say it.

    >>> lines_of({"not": {"inject": "4"}})
    ([{'not': True, 'what': '{"inject": "4"}', 'state': '', 'since': None}], 'all')
    """
    if condition is None:
        return [], "all"
    for combine in ("all", "any"):
        if combine in condition:
            lines = [_line_of(part) for part in condition[combine]]
            whole = [line for line in lines[:MOST] if line is not None]
            # A single part would be written without „all“: it stays as it was written.
            return (whole, combine) if len(whole) == len(lines) > 1 else None
    line = _line_of(condition)
    return None if line is None else ([line], "all")


def _line_of(part: Any) -> dict[str, Any] | None:
    turned = "not" in part
    atom = part["not"] if turned else part
    if not {"decision", "inject", "facility"} & set(atom) or isinstance(atom.get("state"), list):
        return None
    if "option" in atom and not atom["option"]:
        return None
    what = {
        name: atom[name] for name in ("decision", "option", "inject", "facility") if name in atom
    }
    return {
        "not": turned,
        "what": json.dumps(what, ensure_ascii=False),
        "state": atom.get("state", ""),
        "since": atom.get("since_minutes"),
    }


def _offered(script: Script, present: list[str], own: str) -> Offer:
    """All that a line may be about; what is named now and is no more stays on offer."""

    def said(**atom: str) -> str:
        return json.dumps(atom, ensure_ascii=False)

    found = []
    group = _("Eine Entscheidung ist gefallen")
    for each in script.decisions:
        question = _short(each.question)
        name = _("%(question)s: entschieden") % {"question": question}
        found.append(Choice(said(decision=each.key), name, each.key, group))
        for option in each.options:
            value = said(decision=each.key, option=option.key)
            key = f"{each.key}/{option.key}"
            found.append(Choice(value, f"{question}: {_short(option.name)}", key, group))
    group = _("Eine Einlage ist angekommen")
    found += [
        Choice(said(inject=each.key), f"{each.key} · {_short(each.title)}", each.key, group)
        for each in script.injects
        if each.key != own
    ]
    found += [
        each._replace(value=said(facility=each.value))
        for each in facilities_of(script, group=_("Eine Einrichtung ist in einem Zustand"))
    ]
    many = pgettext("several", "Entscheidungen, Einlagen oder Einrichtungen")
    return Offer("worum", found, many=many, present=present)


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_TITLE else text[: LONGEST_TITLE - 1] + "…"
