"""The desk of a ministry: which concerns the queue shows, and what it keeps for its work."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from allmende.accounts.models import User
from allmende.registry.models import Mandate, Organisation, Topic

from ..models import Boilerplate
from ..queries import ME, NOBODY
from .answers import day_field
from .way import public_reason

MOST_NUMBER = 2**62


class QueueFilterForm(forms.Form):
    """Which concerns the queue shows, and in which order."""

    q = forms.CharField(label=gettext_lazy("Wort in der Frage"), required=False, max_length=100)
    stand = forms.ChoiceField(
        label=gettext_lazy("Stand"),
        required=False,
        choices=[
            ("", gettext_lazy("Noch nicht beantwortet")),
            ("da", gettext_lazy("Liegt bei uns")),
            ("kommt", gettext_lazy("Kommt auf uns zu")),
            ("fertig", gettext_lazy("Bereit zur Veröffentlichung")),
            ("beantwortet", gettext_lazy("Beantwortet")),
            ("abgeschlossen", gettext_lazy("Abgeschlossen")),
            ("alle", gettext_lazy("Alle")),
        ],
    )
    faellig = forms.ChoiceField(
        label=gettext_lazy("Antwort fällig"),
        required=False,
        choices=[
            ("", gettext_lazy("Egal wann")),
            ("ueberfaellig", gettext_lazy("Überfällig")),
            ("bald", gettext_lazy("In den nächsten 14 Tagen")),
            ("spaeter", gettext_lazy("Später")),
        ],
    )
    person = forms.ChoiceField(label=gettext_lazy("Zuständig"), required=False)
    thema = forms.ChoiceField(
        label=gettext_lazy("Themenfeld"),
        required=False,
        choices=[("", gettext_lazy("Alle")), *Topic.choices],
    )
    haus = forms.ChoiceField(label=gettext_lazy("Ministerium"), required=False)
    sortierung = forms.ChoiceField(
        label=gettext_lazy("Sortierung"),
        required=False,
        choices=[
            ("", gettext_lazy("Nächste Frist zuerst")),
            ("eingang", gettext_lazy("Zuletzt eingegangen zuerst")),
            ("frage", gettext_lazy("Nach der Frage")),
        ],
    )

    def __init__(
        self,
        *args: Any,
        ministries: Iterable[Organisation],
        colleagues: Iterable[Mandate],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.ministries = list(ministries)
        known = list(colleagues)
        self.releasers = [mandate for mandate in known if mandate.may_release]
        self.people = _people(known, several=len(self.ministries) > 1)
        _choose_from(
            self,
            "person",
            [
                ("", _("Alle")),
                (ME, _("Ich")),
                (NOBODY, _("Niemand")),
                *((key, label) for key, (label, _person) in self.people.items()),
            ],
        )
        if len(self.ministries) > 1:
            houses = [(house.slug, house.name) for house in self.ministries]
            _choose_from(self, "haus", [("", _("Alle")), *houses])
        else:
            del self.fields["haus"]

    @property
    def wishes(self) -> dict[str, str]:
        """What is wished for, as addresses and saved filters have it; what does not exist is left out."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    @property
    def more_is_chosen(self) -> bool:
        """Whether a field that is folded away is in use."""
        return not {"thema", "haus", "sortierung"}.isdisjoint(self.wishes)

    @property
    def chosen_ministries(self) -> list[Organisation]:
        """The ministry that is chosen, or all of hers."""
        chosen = self.wishes.get("haus")
        return [house for house in self.ministries if chosen in (None, house.slug)]

    def chosen(self) -> dict[str, str]:
        """What else ``queries.queue_of`` takes."""
        wishes = self.wishes
        return {
            "words": wishes.get("q", ""),
            "state": wishes.get("stand", ""),
            "topic": wishes.get("thema", ""),
            "person": wishes.get("person", ""),
            "due": wishes.get("faellig", ""),
            "order": wishes.get("sortierung", ""),
        }


def _people(colleagues: Iterable[Mandate], *, several: bool) -> dict[str, tuple[str, User]]:
    """Everybody once, by key, with words that tell people of one name apart."""
    found: dict[str, tuple[str, User]] = {}
    for mandate in colleagues:
        words = [str(mandate.user), str(mandate.office_name)]
        if several:
            words.append(mandate.organisation.name)
        found.setdefault(str(mandate.user_id), (", ".join(words), mandate.user))
    return found


def _choose_from(form: forms.Form, name: str, choices: list[tuple[str, Any]]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)  # noqa: S101  for the type checker
    field.choices = choices


class AssignmentForm(forms.Form):
    """Whom to put in charge: a colleague, or nobody."""

    an = forms.ChoiceField(label=gettext_lazy("Zuständig wird"))

    def __init__(self, *args: Any, queue: QueueFilterForm, me: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {key: person for key, (_label, person) in queue.people.items()}
        labels = {key: label for key, (label, _person) in queue.people.items()}
        mine = {str(me.pk): _("Ich selbst")} if str(me.pk) in labels else {}
        _choose_from(self, "an", [*(mine | labels | mine).items(), (NOBODY, _("Niemand"))])
        self.fields["an"].initial = str(me.pk) if mine else NOBODY

    @property
    def official(self) -> User | None:
        """Who it is; nobody where nobody was chosen."""
        return self.people.get(self.cleaned_data["an"])


class SeenForm(forms.Form):
    """Which edition of a plan was read before it is carried out."""

    seen = forms.CharField(widget=forms.HiddenInput)


class ExtensionForm(SeenForm):
    """Until when an answer comes instead, and why."""

    bis = day_field(gettext_lazy("Neue Frist"))
    begruendung = public_reason(gettext_lazy("Begründung"))

    def __init__(self, *args: Any, days: tuple[date, date], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.allow(days)

    def allow(self, days: tuple[date, date]) -> None:
        """From which to which day it can be."""
        self.earliest, self.latest = days
        self.fields["bis"].help_text = _("Vom %(earliest)s bis zum %(latest)s.") % self._days

    @property
    def _days(self) -> dict[str, str]:
        return {
            "earliest": date_format(self.earliest, "DATE_FORMAT"),
            "latest": date_format(self.latest, "DATE_FORMAT"),
        }

    def clean_bis(self) -> date:
        day: date = self.cleaned_data["bis"]
        if not self.earliest <= day <= self.latest:
            raise forms.ValidationError(
                _("Bitte wählen Sie einen Tag vom %(earliest)s bis zum %(latest)s.") % self._days
            )
        return day


class UndoForm(forms.Form):
    """Which assignments are taken back: numbers of the log."""

    von = forms.IntegerField(min_value=1, max_value=MOST_NUMBER)
    bis = forms.IntegerField(min_value=1, max_value=MOST_NUMBER)


class FilterNameForm(forms.Form):
    """Under which name somebody keeps a filter."""

    name = forms.CharField(
        label=gettext_lazy("Name der Ansicht"),
        max_length=60,
        error_messages={"required": gettext_lazy("Bitte geben Sie der Ansicht einen Namen.")},
    )


class BoilerplateFilterForm(forms.Form):
    """Which text blocks the list shows."""

    q = forms.CharField(
        label=gettext_lazy("Wort im Namen oder Text"), required=False, max_length=100
    )

    def chosen(self) -> str:
        self.is_valid()
        return self.cleaned_data.get("q") or ""


class BoilerplateForm(forms.Form):
    """A text block."""

    haus = forms.ChoiceField(label=gettext_lazy("Ministerium"))
    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=100,
        help_text=gettext_lazy("Woran Sie und die anderen ihn wiedererkennen."),
        error_messages={"required": gettext_lazy("Bitte geben Sie dem Baustein einen Namen.")},
    )
    text = forms.CharField(
        label=gettext_lazy("Text"),
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=gettext_lazy("Er steht so in der Begründung und lässt sich dort noch ändern."),
        error_messages={"required": gettext_lazy("Bitte schreiben Sie den Text.")},
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, ministries: Iterable[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ministries = {house.slug: house for house in ministries}
        if len(self.ministries) > 1:
            houses = [(slug, house.name) for slug, house in self.ministries.items()]
            _choose_from(self, "haus", houses)
        else:
            del self.fields["haus"]

    @property
    def ministry(self) -> Organisation:
        """Which ministry keeps it: the one chosen, or the only one."""
        only = next(iter(self.ministries))
        return self.ministries[self.cleaned_data.get("haus", only)]

    @staticmethod
    def values_of(block: Boilerplate) -> dict[str, str]:
        """What the form shows for a text block that is there already."""
        return {"name": block.title, "text": block.text, "seen": block.edition}
