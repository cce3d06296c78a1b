"""What people type into the frame's own pages."""

from datetime import date, timedelta
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from . import offers
from .offers import Task, TaskKind
from .queries import STATES
from .search.queries import Wishes


def day_field(label: Any) -> forms.DateField:
    """A day that narrows a list. The first and the last years of the calendar are errors."""
    return forms.DateField(
        label=label,
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        validators=[_refuse_far_days],
    )


def _refuse_far_days(day: date) -> None:
    if not 1900 <= day.year < 3000:  # the day before or after may not exist in another time zone
        raise ValidationError(_("Bitte nennen Sie einen Tag zwischen den Jahren 1900 und 2999."))


class JobFilterForm(forms.Form):
    """Which background work the list shows."""

    stand = forms.ChoiceField(
        label=_("Stand"), required=False, choices=[("", _("Alle")), *STATES.items()]
    )
    q = forms.CharField(label=_("Name"), required=False, max_length=100)

    def chosen(self) -> dict[str, str]:
        """State and words; what does not exist counts as not chosen."""
        self.is_valid()
        words = self.cleaned_data.get("q") or ""
        return {"state": self.cleaned_data.get("stand") or "", "words": words}


class TaskFilterForm(forms.Form):
    """Which tasks the list shows."""

    DAYS: ClassVar[dict[str, int]] = {"heute": 0, "woche": 7, "zwei-wochen": 14}

    q = forms.CharField(label=_("Wort"), required=False, max_length=100)
    art = forms.ChoiceField(
        label=_("Art"), required=False, choices=[("", _("Alle")), *TaskKind.choices]
    )
    fuer = forms.ChoiceField(label=_("Für"), required=False)
    frist = forms.ChoiceField(
        label=_("Frist"),
        required=False,
        choices=[
            ("", _("Alle")),
            ("ueberfaellig", _("Überfällig")),
            ("heute", _("Bis heute")),
            ("woche", _("In 7 Tagen")),
            ("zwei-wochen", _("In 14 Tagen")),
            ("ohne", _("Ohne Frist")),
        ],
    )

    def __init__(self, *args: Any, tasks: list[Task], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.tasks = tasks
        whose = sorted({task.whose for task in tasks if task.whose})
        field = self.fields["fuer"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  for the type checker
        field.choices = [("", gettext("Alle")), *((each.key, each.name) for each in whose)]

    @property
    def narrows(self) -> bool:
        """Whether not all tasks are asked for."""
        return any(self.data.get(name) for name in self.fields)

    def chosen(self) -> list[Task]:
        """The tasks that fit, most urgent first; what does not exist counts as not chosen."""
        self.is_valid()
        wishes = self.cleaned_data
        words = (wishes.get("q") or "").casefold().split()
        return [
            task
            for task in self.tasks
            if all(word in f"{task.title} {task.note}".casefold() for word in words)
            and wishes.get("art", "") in ("", task.kind)
            and wishes.get("fuer", "") in ("", task.whose.key if task.whose else None)
            and self._is_due(task, wishes.get("frist", ""))
        ]

    def _is_due(self, task: Task, wish: str) -> bool:
        if wish == "ueberfaellig":
            return task.is_overdue
        if wish == "ohne":
            return task.due is None
        if wish in self.DAYS:
            until = timezone.localdate() + timedelta(days=self.DAYS[wish])
            return task.due is not None and timezone.localdate(task.due) <= until
        return True


class SearchForm(forms.Form):
    """What somebody looks for, and within what."""

    q = forms.CharField(label=_("Wonach suchen Sie?"), required=False, max_length=200)
    ort = forms.CharField(
        label=_("Land, Kreis oder Gemeinde"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    thema = forms.ChoiceField(label=_("Themenfeld"), required=False)
    stand = forms.ChoiceField(label=_("Stand des Anliegens"), required=False)
    von = day_field(_("Von"))
    bis = day_field(_("Bis"))
    art = forms.CharField(required=False, max_length=30, widget=forms.HiddenInput)
    NARROWING = ("ort", "thema", "stand", "von", "bis")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (("thema", offers.topics()), ("stand", offers.states())):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101  for the type checker
            field.choices = [("", _("Alle")), *choices.items()]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        since, until = cleaned.get("von"), cleaned.get("bis")
        if since and until and since > until:
            self.add_error(
                "bis", _("Dieser Tag liegt vor dem ersten. Bitte tauschen Sie die beiden.")
            )
        return cleaned

    @property
    def narrows(self) -> bool:
        """Whether more is asked for than words."""
        return any(self.data.get(name) for name in self.NARROWING)

    def wishes(self, place: str) -> Wishes:
        """What is looked for, within the place with this key; what is not valid counts as not said."""
        self.is_valid()
        said = self.cleaned_data
        return Wishes(
            words=said.get("q") or "",
            kind=said.get("art") or "",
            place=place,
            topic=said.get("thema") or "",
            state=said.get("stand") or "",
            since=said.get("von"),
            until=said.get("bis"),
        )


class ReportFilterForm(forms.Form):
    """Which messages about barriers the list shows."""

    stand = forms.ChoiceField(
        label=_("Stand"),
        required=False,
        choices=[("", _("Offen")), ("erledigt", _("Erledigt")), ("alle", _("Alle"))],
    )

    def chosen(self) -> str:
        self.is_valid()
        return self.cleaned_data.get("stand") or ""


class PageForm(forms.Form):
    """The text of a legal page, and which version its editor has seen."""

    title = forms.CharField(label=_("Überschrift"), max_length=120)
    text = forms.CharField(
        label=_("Text"),
        max_length=100_000,
        widget=forms.Textarea(attrs={"rows": 24}),
        help_text=_(
            "Eine Leerzeile beginnt einen Absatz, ## eine Überschrift, - eine Aufzählung; "
            "[Wort](https://…) ist ein Verweis. Was noch fehlt, steht in eckigen Klammern."
        ),
    )
    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def clean_text(self) -> str:
        """Browsers send line ends of their own."""
        return str(self.cleaned_data["text"]).replace("\r\n", "\n")


class ReportForm(forms.Form):
    """What somebody could not use. Only the description is needed."""

    page = forms.CharField(
        label=_("Auf welcher Seite?"),
        max_length=300,
        required=False,
        help_text=_("Die Adresse oder die Überschrift der Seite."),
    )
    text = forms.CharField(
        label=_("Was konnten Sie nicht benutzen oder nicht verstehen?"),
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Ein Satz genügt."),
        error_messages={"required": _("Bitte schreiben Sie, was Sie gehindert hat.")},
    )
    email = forms.EmailField(
        label=_("Ihre E-Mail-Adresse"),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=_("Nur, wenn Sie eine Antwort möchten."),
    )

    def clean(self) -> dict[str, Any]:
        """People do not see the field „website“; programs that fill in every field do not know that."""
        if self.data.get("website"):
            raise ValidationError(
                _(
                    "Das sah aus wie die Eingabe eines Programms. Bitte senden Sie das Formular noch einmal ab."
                )
            )
        return super().clean() or {}
