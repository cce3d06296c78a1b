"""What stands in a script once: its head, what the simulation tells; and how a draft begins."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from allmende.formats.errors import FormatError
from allmende.formats.exercise_script.changes import Row
from allmende.formats.exercise_script.document import document_of, script_of
from allmende.formats.exercise_script.fields import FIELDS
from allmende.formats.exercise_script.model import Announce, Hearer, Script
from allmende.formats.exercise_script.workbooks import Book, read_book
from allmende.formats.file_kinds import FileKind, kind_of_file, refuse_other_kinds
from allmende.portal.uploads import as_path
from allmende.registry.models import Organisation

from ... import scripts
from ...models import Exercise
from ...queries.games import script_of_exercise
from ...services.exercises.authoring import HEAD
from ...services.exercises.sent_files import FileAlong, check_files
from ..exercises import MOST_BYTES, FaultsForm, read_file
from ..fields import field_of
from .lines import MOST, count_lines, lines_in, number_lines
from .offers import Choice, Offer
from .rows import Group, ScriptForm
from .words import AUDIENCES

# A script of one's own begins with a day that is played in an hour and a half.
EMPTY_MINUTES = 24 * 60
# Who is told what: the fields of a line.
HEARER = ["audience", "municipality", "roles"]
SPEED = 16.0


class HeadForm(ScriptForm):
    """Name, duration, speed and what else concerns the whole script."""

    def __init__(self, *args: Any, script: Script, document: Row, **kwargs: Any) -> None:
        super().__init__(*args, script=script, **kwargs)
        values = {name: getattr(script, name) for name in HEAD}
        self.add_fields([field for field in FIELDS[Script] if field.name in HEAD], values)
        self.fields["duration_minutes"].required = True

    @property
    def values(self) -> Row:
        """All of them; what is not said falls back to what is so anyway."""
        return dict.fromkeys(HEAD) | self.said

    @property
    def groups(self) -> list[Group]:
        first = ["name", "summary", "duration_minutes", "starts_at", "speed"]
        rest = ["seed", "begins_hours"]
        return [
            Group("", "", [self[name] for name in first], []),
            Group(
                gettext("Simulation"),
                "",
                [self[name] for name in rest],
                [],
                opened=bool(self.errors),
            ),
        ]


class AnnounceForm(ScriptForm):
    """Who hears what the simulation tells, and how much of it one by one."""

    def __init__(self, *args: Any, script: Script, document: Row, **kwargs: Any) -> None:
        super().__init__(*args, script=script, **kwargs)
        values: Row = {
            "most": script.announce.most,
            "window_minutes": script.announce.window_minutes,
        }
        fields = [field for field in FIELDS[Announce] if field.kind == "whole"]
        self.add_fields(fields, values)
        choices = [Choice(key, name, key) for key, name in script.people.items()]
        named = [name for hearer in script.announce.to for name in hearer.roles]
        people = Offer(
            "rollen",
            choices,
            many=pgettext("several", "Rollen und Teams"),
            present=dict.fromkeys(named),
        )
        hearers, self.rest = script.announce.to[:MOST], script.announce.to[MOST:]
        self.line_count = count_lines(self, "lines", len(hearers))
        for place in range(self.line_count):
            there = hearers[place] if place < len(hearers) else None
            self._add_line(place, people, there)
        number_lines(self, HEARER, self.line_count)

    def _add_line(self, place: int, people: Offer, hearer: Hearer | None) -> None:
        self.fields[f"audience_{place}"] = forms.ChoiceField(
            label=_("Wann"), choices=[("", _("keine Angabe")), *AUDIENCES.items()], required=False
        )
        self.fields[f"municipality_{place}"] = forms.CharField(
            label=_("Nur aus dieser Gemeinde"),
            max_length=300,
            required=False,
            help_text=_("Leer: aus allen."),
        )
        self.fields[f"roles_{place}"] = people.field_of_many(label=_("Wer es hört"))
        if hearer is not None:
            self.initial.update(
                {
                    f"audience_{place}": hearer.audience,
                    f"municipality_{place}": hearer.municipality,
                    f"roles_{place}": list(hearer.roles),
                }
            )

    def clean(self) -> dict[str, Any]:
        super().clean()
        hearers = []
        for place in range(self.line_count):
            audience, roles, where = (
                self.cleaned_data.get(f"{name}_{place}")
                for name in ("audience", "roles", "municipality")
            )
            if bool(audience) != bool(roles):
                missing = "roles" if audience else "audience"
                self.add_error(f"{missing}_{place}", gettext("Bitte wählen Sie auch das."))
            elif audience:
                hearers.append(
                    {"audience": audience, "roles": roles}
                    | ({"municipality": where} if where else {})
                )
            elif where:
                self.add_error(f"audience_{place}", gettext("Bitte wählen Sie auch das."))
        whole = document_of(replace(self.script, announce=Announce(to=self.rest)))
        self.said["to"] = [*hearers, *whole.get("announce", {}).get("to", ())]
        return self.cleaned_data

    @property
    def values(self) -> Row:
        return {"announce": self.said}

    @property
    def groups(self) -> list[Group]:
        lines = lines_in(self, HEARER, self.line_count)
        return [
            Group(
                gettext("Wer hört was"),
                gettext("Leere Zeilen zählen nicht; nach dem Speichern kommen neue dazu."),
                [],
                lines,
            ),
            Group(gettext("Wie viel"), "", [self["most"], self["window_minutes"]], []),
        ]


class ShiftForm(forms.Form):
    """Injects moved in time."""

    strand = forms.ChoiceField(label=_("Welche Einlagen"))
    minutes = forms.IntegerField(
        label=_("Um so viele Minuten"),
        min_value=-20_160,
        max_value=20_160,
        help_text=_("30: eine halbe Stunde später; -30: früher. „Verfällt“ verschiebt sich mit."),
    )

    def __init__(self, *args: Any, script: Script, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = field_of(self, "strand", forms.ChoiceField)
        strands = [(f"={strand.key}", strand.name) for strand in script.strands]
        field.choices = [("", _("alle")), *strands, ("=", _("die ohne Strang"))]
        field.required = False

    @property
    def strand_key(self) -> str | None:
        """The strand's key; None: all."""
        chosen: str = self.cleaned_data["strand"]
        return chosen[1:] if chosen else None


class BeginForm(FaultsForm):
    """With what a draft begins: nothing, a script of ours, one that was played, or a file."""

    host = forms.ModelChoiceField(Organisation.objects.none(), label=_("Für wen"), empty_label=None)
    begin = forms.ChoiceField(label=_("Beginnen mit"))
    name = forms.CharField(
        label=_("Titel"),
        max_length=300,
        required=False,
        help_text=_("Ohne Angabe heißt es wie das, womit Sie beginnen."),
    )
    file = forms.FileField(
        label=_("Datei"),
        required=False,
        help_text=_(
            "Ein ganzes Drehbuch (JSON oder Excel), oder eine Tabelle von Einlagen (Excel oder CSV)."
        ),
        widget=forms.FileInput(attrs={"accept": ".json,.csv,.xlsx"}),
    )
    needed_at_times = ("file", "name")

    def __init__(
        self, *args: Any, hosts: list[Organisation], exercises: list[Exercise], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.book: Book | None = None
        self.files_along: Sequence[FileAlong] = ()
        host = field_of(self, "host", forms.ModelChoiceField)
        begin = field_of(self, "begin", forms.ChoiceField)
        host.queryset = Organisation.objects.filter(pk__in=[each.pk for each in hosts])
        self.exercises = {f"uebung/{each.pk}": each for each in exercises}
        ours = [(f"vorlage/{key}", name) for key, name in scripts.names()]
        played = [(key, each.title) for key, each in self.exercises.items()]
        begin.choices = [
            ("leer", _("einem leeren Drehbuch")),
            ("datei", _("einer Datei")),
            (_("Fertige Übungen"), ours),
            *([(_("Frühere Übungen"), played)] if played else []),
        ]

    def clean(self) -> dict[str, Any]:
        super().clean()
        data = self.cleaned_data
        begin, file = data.get("begin"), data.get("file")
        if begin is None:
            return data
        if (begin == "datei") != bool(file):
            said = (
                gettext("Bitte wählen Sie eine Datei aus.")
                if not file
                else gettext("Wählen Sie dafür oben „einer Datei“.")
            )
            self.add_error("file", said)
        elif begin == "leer" and not data.get("name"):
            self.add_error("name", gettext("Bitte geben Sie dem Drehbuch einen Titel."))
        else:
            self._read(begin, file, data.get("name") or "")
            self._stay_at_home(begin, data.get("host"))
        return data

    def _stay_at_home(self, begin: str, host: Organisation | None) -> None:
        """Whose register a world was made of need not be for another crisis staff to see."""
        exercise = self.exercises.get(begin)
        script = self.cleaned_data.get("script")
        if (
            exercise is not None
            and script is not None
            and exercise.host_id != getattr(host, "pk", 0)
        ):
            self.cleaned_data["script"] = replace(script, model=None)

    def _read(self, begin: str, file: Any, name: str) -> None:
        try:
            if file:
                script = self._read_file(file)
            elif begin == "leer":
                script = Script(name, EMPTY_MINUTES, speed=SPEED)
            elif begin in self.exercises:
                script = script_of_exercise(self.exercises[begin])
                self.files_along = list(self.exercises[begin].files.select_related("upload"))
            else:
                key = begin.removeprefix("vorlage/")
                script = scripts.read(key)
                self.files_along = check_files(scripts.files(key))
        except FormatError as error:
            self.tell("file" if file else "begin", error)
            return
        # A title may have what a script must not, such as a soft hyphen from a letter.
        try:
            named = replace(script, name=name) if name else script
            self.cleaned_data["script"] = script_of(document_of(named))
        except FormatError as error:
            self.tell("name", error)

    def _read_file(self, file: Any) -> Script:
        """A whole script; or an empty one, and the table or workbook that goes on with it."""
        with as_path(file) as path:
            refuse_other_kinds(
                path,
                FileKind.JSON,
                FileKind.WORKBOOK,
                wanted="weder Drehbuch noch Tabelle",
                accepted="ein Drehbuch als JSON, oder eine Tabelle als Excel (.xlsx) oder CSV",
            )
            with path.open("rb") as stream:
                is_json = kind_of_file(stream) == FileKind.JSON
            if is_json or path.suffix.lower() == ".json":
                script, self.files_along = read_file(file)
                return script
            self.book = read_book(path)
            return Script(path.stem[:300] or "Drehbuch", EMPTY_MINUTES, speed=SPEED)

    def clean_file(self) -> Any:
        file = self.cleaned_data.get("file")
        if file and file.size > MOST_BYTES:
            raise ValidationError(gettext("Die Datei ist größer als 10 MB."))
        return file

    @property
    def file_name(self) -> str:
        file = self.cleaned_data.get("file")
        return str(file.name) if file else ""
