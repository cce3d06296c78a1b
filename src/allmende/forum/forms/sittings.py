"""Series, sittings, agendas and minutes."""

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from allmende.accounts.models import User
from allmende.formats.municipalities.records import LAENDER
from allmende.registry.models import Organisation, OrganisationKind

from ..models import Attendance, Presence, Series, Sitting

MOST_MONTHS = 60


def day_field(**options: Any) -> forms.DateField:
    """A day that browsers let choose from a calendar."""
    return forms.DateField(
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **options
    )


def _clock(**options: Any) -> forms.TimeField:
    return forms.TimeField(
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"), **options
    )


class SeriesForm(forms.Form):
    """A series that is there already: its name and distance."""

    name = forms.CharField(
        label=_("Name der Reihe"),
        max_length=200,
        help_text=_("Zum Beispiel „Plenum der Allianz“."),
    )
    months = forms.IntegerField(
        label=_("Abstand in Monaten"),
        min_value=1,
        max_value=MOST_MONTHS,
        initial=6,
        help_text=_("6 heißt: zweimal im Jahr. Danach richtet sich der Vorschlag für den Termin."),
    )


class NewSeriesForm(SeriesForm):
    """A new series with its host."""

    host = forms.ModelChoiceField(
        Organisation.objects.none(),
        label=_("Wer einlädt"),
        empty_label=None,
        help_text=_("Deren Leute laden ein und führen das Protokoll."),
    )
    field_order = ("name", "host", "months")

    def __init__(self, *args: Any, hosts: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        host = self.fields["host"]
        assert isinstance(host, forms.ModelChoiceField)  # noqa: S101  for the type checker
        host.queryset = hosts


class SittingForm(forms.Form):
    """Date, place and link of a sitting."""

    title = forms.CharField(label=_("Titel"), max_length=200)
    day = day_field(label=_("Tag"))
    begins = _clock(label=_("Beginn"))
    ends = _clock(label=_("Ende"))
    place = forms.CharField(
        label=_("Ort"), max_length=300, required=False, help_text=_("Mit Straße und Raum.")
    )
    link = forms.URLField(
        label=_("Adresse der Videokonferenz"),
        max_length=500,
        required=False,
        assume_scheme="https",
        help_text=_("Die sehen nur Mitglieder der Reihe."),
    )
    answer_by = day_field(
        label=_("Zu- oder Absage bis"),
        required=False,
        help_text=_("Ohne Angabe eine Woche vorher."),
    )

    def clean(self) -> dict[str, Any]:
        """Turn day and times of day into the moments that services take."""
        cleaned = super().clean() or {}
        day, begins, ends = (cleaned.get(name) for name in ("day", "begins", "ends"))
        if not (day and begins and ends):
            return cleaned
        if ends <= begins:
            self.add_error(
                "ends", gettext("Das Ende liegt vor dem Beginn. Bitte prüfen Sie beide.")
            )
            return cleaned
        cleaned["starts_at"] = timezone.make_aware(datetime.combine(day, begins))
        cleaned["ends_at"] = timezone.make_aware(datetime.combine(day, ends))
        if cleaned["starts_at"] <= timezone.now():
            self.add_error(
                "day", gettext("Dieser Termin ist vorbei. Bitte wählen Sie einen späteren.")
            )
        answer_by = cleaned.get("answer_by")
        if answer_by and answer_by > day:
            self.add_error("answer_by", gettext("Bitte wählen Sie einen Tag vor der Sitzung."))
        if not answer_by:
            cleaned["answer_by"] = max(day - timedelta(days=7), timezone.localdate())
        return cleaned

    @property
    def values(self) -> dict[str, Any]:
        """What the service takes."""
        names = ("title", "starts_at", "ends_at", "place", "link", "answer_by")
        return {name: self.cleaned_data[name] for name in names}

    @staticmethod
    def values_of(sitting: Sitting) -> dict[str, Any]:
        """What the form shows for a sitting that is there already."""
        begins, ends = timezone.localtime(sitting.starts_at), timezone.localtime(sitting.ends_at)
        return {
            "title": sitting.title,
            "day": begins.date(),
            "begins": begins.time(),
            "ends": ends.time(),
            "place": sitting.place,
            "link": sitting.link,
            "answer_by": sitting.answer_by,
        }

    @classmethod
    def values_for(cls, series: Series, begins: datetime) -> dict[str, Any]:
        """What the form proposes for the next sitting of a series: two hours, as the last time."""
        last = series.sittings.order_by("-starts_at").first()
        until = timezone.localtime(begins) + (
            last.ends_at - last.starts_at if last else timedelta(hours=2)
        )
        same_day = until.date() == begins.date()
        return {
            "title": series.name,
            "day": begins.date(),
            "begins": begins.time(),
            "ends": until.time() if same_day else time(23, 59),
            "place": last.place if last else "",
            "link": last.link if last else "",
        }


class ChangeSittingForm(SittingForm):
    """The same for a sitting that others may be changing, too."""

    seen = forms.IntegerField(widget=forms.HiddenInput)

    @classmethod
    def values_of(cls, sitting: Sitting) -> dict[str, Any]:
        return super().values_of(sitting) | {"seen": sitting.edition}

    def catch_up(self, sitting: Sitting) -> list[tuple[str, str]]:
        """Take note of what stands there by now: saved once more, the form replaces that.

        Returns in what it differs from what was typed, as label and words.
        """
        now = self.values_of(sitting)
        self.data = dict(self.data.items()) | {"seen": now.pop("seen")}
        words = now | {
            "day": date_format(now["day"]),
            "answer_by": date_format(now["answer_by"]) if now["answer_by"] else "",
            "begins": date_format(now["begins"], "H:i"),
            "ends": date_format(now["ends"], "H:i"),
        }
        return [
            (str(self.fields[name].label), str(word) or "–")
            for name, word in words.items()
            if self.cleaned_data.get(name) != now[name]
        ]


class CancelForm(forms.Form):
    """Why a sitting is called off."""

    reason = forms.CharField(
        label=_("Warum fällt die Sitzung aus?"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Das lesen alle Eingeladenen, und es steht öffentlich: bitte ohne Namen."),
    )


class MemberSearchForm(forms.Form):
    """Which organisations to show for a series."""

    q = forms.CharField(label=_("Name der Organisation"), required=False, max_length=100)


class BulkMembersForm(forms.Form):
    """All organisations of a kind for which somebody speaks."""

    kind = forms.TypedChoiceField(
        label=_("Alle dieser Art"), choices=OrganisationKind.choices, coerce=OrganisationKind
    )
    land = forms.ChoiceField(
        label=_("Land"),
        required=False,
        choices=[("", _("Alle Länder")), *sorted(LAENDER.items(), key=lambda row: row[1])],
    )


class AnswerForm(forms.Form):
    """Whether somebody comes for an organisation, and who."""

    comes = forms.ChoiceField(
        label=_("Kommt jemand von Ihnen?"),
        choices=[("ja", _("Ja, wir kommen")), ("nein", _("Nein, wir kommen nicht"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Bitte wählen Sie, ob jemand kommt.")},
    )
    person = forms.ModelChoiceField(
        User.objects.none(),
        label=_("Wer kommt"),
        required=False,
        empty_label=_("Jemand ohne Konto"),
        help_text=_("Diese Person bekommt die Einladung für ihren Kalender."),
    )
    who = forms.CharField(
        label=_("Name und Amt, wenn die Person kein Konto hat"),
        required=False,
        max_length=200,
        help_text=_("Das sieht nur, wer einlädt; öffentlich steht nur Ihre Organisation."),
    )

    def __init__(
        self, *args: Any, attendance: Attendance, people: list[User], user: User, **kwargs: Any
    ) -> None:
        self.attendance = attendance
        answered = attendance.answered_at is not None
        initial = {
            "comes": {Presence.COMING: "ja", Presence.NOT_COMING: "nein"}.get(
                Presence(attendance.presence), ""
            ),
            "person": attendance.person_id if answered else user.pk,
            "who": attendance.who,
        }
        super().__init__(*args, **kwargs)
        self.initial = initial
        person = self.fields["person"]
        assert isinstance(person, forms.ModelChoiceField)  # noqa: S101  for the type checker
        person.queryset = User.objects.filter(pk__in=[one.pk for one in people]).order_by("name")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("comes") == "ja":
            if not cleaned.get("person") and not cleaned.get("who") and "person" not in self.errors:
                self.add_error("who", gettext("Bitte nennen Sie, wer kommt."))
            if cleaned.get("person"):
                cleaned["who"] = ""
        return cleaned


class SittingFilterForm(forms.Form):
    """Which sittings the list shows."""

    stand = forms.ChoiceField(
        label=_("Wann"),
        required=False,
        choices=[("", _("Kommende")), ("vergangen", _("Vergangene")), ("alle", _("Alle"))],
    )
    reihe = forms.ModelChoiceField(
        Series.objects.order_by("name"),
        label=_("Reihe"),
        required=False,
        to_field_name="slug",
        empty_label=_("Alle Reihen"),
    )
