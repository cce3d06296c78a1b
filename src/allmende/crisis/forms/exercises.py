"""What people type in about exercises."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from allmende.formats.errors import FormatError
from allmende.formats.exercise_script.check import check_script
from allmende.formats.exercise_script.document import document_of, read_with_files, script_of
from allmende.formats.exercise_script.faults import Fault, ScriptError
from allmende.formats.exercise_script.findings import ERROR
from allmende.formats.exercise_script.model import Role, Script, Team
from allmende.portal.uploads import as_path
from allmende.registry.models import Organisation

from .. import scripts
from ..models import CONTROL, OrderKind, PartKind, ScriptDraft
from ..queries.attachments import without_file
from ..queries.recipients import recipients_of
from ..services.exercises.sent_files import FileAlong, check_files
from .fields import MomentField, field_of

if TYPE_CHECKING:
    from django.db.models import QuerySet

MOST_BYTES = 10_000_000
MOST_TYPED = 100_000
MOST_SHOWN = 20
MOST_BIG = 2**63 - 1
# Who plans for now types whole minutes, and takes a moment to send them.
SLACK = timedelta(minutes=2)
SPEED_MEANT = _("Bitte geben Sie das Tempo als Zahl zwischen 0,1 und 360 ein.")
MINUTES_MEANT = _("Bitte geben Sie ein, wie viele Minuten die Uhr vorspringen soll, etwa 30.")


class FaultsForm(forms.Form):
    """A form whose page lists what is wrong with a script once, below the fields (``_script_faults.html``)."""

    faults: tuple[str, ...] = ()

    def tell(self, name: str, error: FormatError) -> None:
        """Say at a field what is wrong; of several faults, only that they stand below."""
        faults = tuple(str(fault) for fault in getattr(error, "faults", ()))
        if len(faults) < 2:
            self.add_error(name, str(error))
            return
        self.faults = faults
        said = gettext("Dieses Drehbuch hat %(count)s Fehler. Sie stehen unter dem Formular.")
        self.add_error(name, said % {"count": len(faults)})

    @property
    def shown_faults(self) -> tuple[str, ...]:
        return self.faults[:MOST_SHOWN]

    @property
    def more_faults(self) -> int:
        return max(0, len(self.faults) - MOST_SHOWN)


class DraftField(forms.ModelChoiceField[ScriptDraft]):
    """Scripts by their titles; those of one title with whose they are and when they were changed."""

    titles: Counter[str]

    def label_from_instance(self, draft: ScriptDraft) -> str:
        if self.titles[draft.title] < 2:
            return draft.title
        changed = date_format(timezone.localtime(draft.changed_at), "SHORT_DATETIME_FORMAT")
        return f"{draft.title} ({draft.host}, {changed})"


class ScriptForm(FaultsForm):
    """A script: one of ours, one that somebody here has written, or a file."""

    needed_at_times = ("template", "draft", "file")
    template = forms.ChoiceField(
        label=_("Fertige Übung"),
        required=False,
        help_text=_(
            "Wählen Sie eines von dreien: fertige Übung, eigenes Drehbuch oder Datei. Fertige sind ohne Vorbereitung in 90 Minuten zu spielen."
        ),
    )
    draft = DraftField(
        ScriptDraft.objects.none(),
        label=_("Oder eigenes Drehbuch"),
        required=False,
        empty_label=_("keines"),
    )
    file = forms.FileField(
        label=_("Oder Datei mit einem Drehbuch (JSON)"),
        required=False,
        help_text=_("Höchstens 10 MB."),
        widget=forms.ClearableFileInput(attrs={"accept": ".json,application/json"}),
    )

    def __init__(self, *args: Any, drafts: "QuerySet[ScriptDraft]", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.files_along: Sequence[FileAlong] = ()
        field = field_of(self, "draft", DraftField)
        field.queryset = drafts
        field.titles = Counter(drafts.order_by().values_list("title", flat=True))
        field_of(self, "template", forms.ChoiceField).choices = [
            ("", _("keine")),
            *((key, name) for key, name in scripts.names()),
        ]

    def clean(self) -> dict[str, Any]:
        super().clean()
        data = self.cleaned_data
        file, template, draft = data.get("file"), data.get("template"), data.get("draft")
        if [bool(each) for each in (file, template, draft)].count(True) != 1:
            raise ValidationError(
                gettext("Bitte wählen Sie genau eines: fertige Übung, eigenes Drehbuch oder Datei.")
            )
        if file and file.size > MOST_BYTES:
            self.add_error("file", gettext("Die Datei ist größer als 10 MB."))
            return data
        try:
            if template:
                data["script"] = scripts.read(template)
                self.files_along = check_files(scripts.files(template))
            elif draft:
                data["script"] = playable(script_of(draft.script))
                self.files_along = list(draft.files.all())
            elif file:
                script, self.files_along = read_file(file)
                data["script"] = playable(script)
        except FormatError as error:
            name = "file" if file else "draft" if draft else "template"
            self.tell(name, error)
        return data

    @property
    def script(self) -> Script:
        found: Script = self.cleaned_data["script"]
        return found

    @property
    def without_file(self) -> list[str]:
        """Attachments whose file is missing."""
        return without_file(self.script, {each.name for each in self.files_along})


def playable(script: Script) -> Script:
    """The same, if nothing in it would fail in play."""
    from allmende.algorithms.cascade.network import ModelError
    from allmende.algorithms.exercise.rehearsal import exercise_of

    faults = [
        Fault(each.place, "", f"{each.message} {each.advice}")
        for each in check_script(script)
        if each.severity == ERROR
    ]
    if not faults:
        try:
            exercise_of(document_of(script))
        except (ModelError, ValueError) as error:
            faults = [Fault("model", "", str(error))]
    if faults:
        raise ScriptError(faults)
    return script


def read_file(file: UploadedFile) -> tuple[Script, Sequence[FileAlong]]:
    """The script that was sent, and the files in it."""
    with as_path(file) as path:
        script, files = read_with_files(path)
    return script, check_files(files)


class PlanForm(forms.Form):
    """When an exercise is meant to begin."""

    planned_at = MomentField(
        label=_("Geplanter Beginn"),
        required=False,
        help_text=_(
            "Alle, die mitmachen, sehen ihn. Die Übung beginnt trotzdem erst, wenn die Übungsleitung sie beginnt. Ohne Angabe ist der Beginn offen."
        ),
    )

    def clean_planned_at(self) -> datetime | None:
        """What was said before stays valid; nobody plans anew what is past."""
        moment: datetime | None = self.cleaned_data["planned_at"]
        said = self.initial.get("planned_at")
        unchanged = said is not None and moment == said.replace(second=0, microsecond=0)
        if moment is not None and not unchanged and moment < timezone.now() - SLACK:
            raise ValidationError(
                gettext("Dieser Zeitpunkt ist vorbei. Bitte wählen Sie einen späteren.")
            )
        return moment


class ExerciseForm(PlanForm, ScriptForm):
    """A new exercise, and in whose name it is held."""

    host = forms.ModelChoiceField(Organisation.objects.none(), label=_("Wer übt"), empty_label=None)
    field_order = ("host", "template", "draft", "file", "planned_at")

    def __init__(self, *args: Any, hosts: list[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        host = field_of(self, "host", forms.ModelChoiceField)
        host.queryset = Organisation.objects.filter(pk__in=[each.pk for each in hosts])


class PartForm(forms.Form):
    """As what somebody takes part: one choice of roles and other tasks."""

    part = forms.ChoiceField(label=_("Ich bin dabei als"), widget=forms.RadioSelect)

    def __init__(
        self, *args: Any, script: Script, with_control: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        field = field_of(self, "part", forms.ChoiceField)
        teams = {team.key: team for team in script.teams}
        players = [
            (f"{PartKind.PLAYER}/{role.key}", _named(role, teams.get(role.team)))
            for role in script.roles
            if not role.simulated
        ]
        others = {
            PartKind.OBSERVER: gettext("Beobachtung: alles sehen und bewerten, nicht mitspielen"),
            PartKind.SPECTATOR: gettext("Zuschauen: nur Uhr, Lage und Medien sehen"),
        }
        if with_control:
            others[PartKind.CONTROL] = str(PartKind.CONTROL.label)
        field.choices = players + [(f"{kind}/", name) for kind, name in others.items()]

    @property
    def chosen(self) -> tuple[str, str]:
        """Kind and role."""
        kind, _slash, role = self.cleaned_data["part"].partition("/")
        return kind, role


def _named(role: Role, team: Team | None) -> str:
    """A role with its team, unless its own name says already where it belongs."""
    says_where = team is None or (team.municipality and team.municipality in role.name)
    return role.name if says_where or team is None else f"{role.name} · {team.name}"


class OnceForm(forms.Form):
    """A form that counts once, however often it is sent: each page has a key of its own."""

    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("key", uuid4())


class NoteForm(OnceForm):
    """A message within an exercise."""

    recipient = forms.ChoiceField(label=_("An"))
    outside = forms.CharField(
        label=_("Jemand außerhalb, den die Übungsleitung spielt"),
        max_length=200,
        required=False,
        help_text=_("Zum Beispiel „Leitstelle des Netzbetreibers“."),
    )
    text = forms.CharField(
        label=_("Nachricht"), max_length=4_000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, script: Script, sender: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field_of(self, "recipient", forms.ChoiceField).choices = _people(script, sender)
        if sender == CONTROL:
            self.fields["outside"].label = _("Im Namen von")
            self.fields["outside"].help_text = _("Leer: als Übungsleitung.")
        self.sender = sender

    def clean(self) -> dict[str, Any]:
        super().clean()
        data = self.cleaned_data
        named = "recipient" in data and data.get("outside")
        if named and CONTROL not in {self.sender, data["recipient"]}:
            said = gettext(
                "Wenn Sie an jemanden außerhalb schreiben, wählen Sie unter „An“ die „Übungsleitung und Außenwelt“. Sonst leeren Sie dieses Feld."
            )
            self.add_error("outside", said)
        return data


def _people(script: Script, sender: str) -> list[tuple[str, Any]]:
    """To whom a sender may write: roles stand with their team, and after them all of it."""
    roles, teams = recipients_of(script, sender)
    keys = {team.key for team in teams}
    control = [] if sender == CONTROL else [(CONTROL, gettext("Übungsleitung und Außenwelt"))]
    return [
        *control,
        *((role.key, role.name) for role in roles if role.team not in keys),
        *(
            (
                team.name,
                [
                    *((role.key, role.name) for role in roles if role.team == team.key),
                    (team.key, gettext("Alle im Team: %(team)s") % {"team": team.name}),
                ],
            )
            for team in teams
        ),
    ]


class ChoiceForm(OnceForm):
    """A decision of a role."""

    seen = forms.IntegerField(
        required=False, min_value=0, max_value=MOST_BIG, widget=forms.HiddenInput
    )
    option = forms.ChoiceField(label=_("Entscheidung"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Begründung"),
        max_length=2_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(
        self, *args: Any, options: list[tuple[str, str]], seen: int, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.initial["seen"] = seen
        field = field_of(self, "option", forms.ChoiceField)
        field.choices = options

    def has_seen(self, newest: int) -> None:
        """Shown once more, the form knows which decision was the last; what was typed stays."""
        self.data = {**dict(self.data.items()), "seen": str(newest)}


class ClockForm(forms.Form):
    """What the control does with the clock."""

    change = forms.ChoiceField(
        choices=[(name, name) for name in ("pause", "resume", "speed", "jump")]
    )
    # What the clock cannot do, it says itself; these bounds only keep out what nobody means.
    speed = forms.DecimalField(
        required=False,
        min_value=-MOST_TYPED,
        max_value=MOST_TYPED,
        localize=True,
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), SPEED_MEANT),
    )
    minutes = forms.IntegerField(
        required=False,
        min_value=-MOST_TYPED,
        max_value=MOST_TYPED,
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), MINUTES_MEANT),
    )

    def clean(self) -> dict[str, Any]:
        super().clean()
        data = self.cleaned_data
        name = {"speed": "speed", "jump": "minutes"}.get(data.get("change", ""))
        if name and name not in self.errors and data.get(name) is None:
            self.add_error(name, self.fields[name].error_messages["invalid"])
        return data


class OrderForm(forms.Form):
    """What the control says of an inject."""

    kind = forms.ChoiceField(choices=OrderKind)
    inject = forms.CharField(max_length=300)
    attempt = forms.IntegerField(required=False, min_value=1, max_value=1_000)
