"""Which entries the log shows."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from allmende.portal.forms import day_field

from .models import Entry, EntryQuerySet
from .words import deed_words, kind_words


class LogFilterForm(forms.Form):
    """All of it, or what fits everything that is filled in."""

    von = day_field(_("Von"))
    bis = day_field(_("Bis"))
    q = forms.CharField(label=_("Stichwort"), required=False, max_length=100)
    person = forms.CharField(label=_("Name oder Konto"), required=False, max_length=100)
    tat = forms.ChoiceField(label=_("Was getan wurde"), required=False)
    art = forms.ChoiceField(label=_("Art des Gegenstands"), required=False)
    # Kind and key, from the page of an entry; nobody types it.
    objekt = forms.CharField(required=False, max_length=121, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, all_, words in (
            ("tat", gettext("Alles"), deed_words()),
            ("art", gettext("Alle"), kind_words()),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101  for the type checker
            field.choices = [("", all_), *sorted(words.items(), key=lambda item: item[1])]

    def clean_q(self) -> str:
        return _without_nul(self.cleaned_data["q"])

    def clean_objekt(self) -> str:
        return _without_nul(self.cleaned_data["objekt"])

    def clean_person(self) -> str:
        return _without_nul(self.cleaned_data["person"])

    @property
    def chosen(self) -> dict[str, Any]:
        """What is filled in and makes sense."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    def entries(self) -> EntryQuerySet:
        """What fits, newest first, with actors."""
        found, chosen = Entry.objects.select_related("actor"), self.chosen
        if words := chosen.get("q"):
            found = found.filter(Q(object_name__icontains=words) | Q(reason__icontains=words))
        if person := chosen.get("person"):
            found = found.filter(_acted(person))
        if deed := chosen.get("tat"):
            found = found.filter(deed=deed)
        if kind := chosen.get("art"):
            found = found.filter(object_kind=kind)
        if obj := chosen.get("objekt"):
            kind, _, key = obj.partition(":")
            found = found.filter(object_kind=kind, object_key=key)
        if first := chosen.get("von"):
            found = found.filter(at__gte=_midnight(first))
        if last := chosen.get("bis"):
            found = found.filter(at__lt=_midnight(last + timedelta(days=1)))
        return found


def _acted(person: str) -> Q:
    number = person.lower().removeprefix("konto").strip()
    if number.isdecimal() and len(number) < 19:
        return Q(actor_id=int(number))
    return Q(actor__name__icontains=person) | Q(actor__email__icontains=person)


def _without_nul(text: str) -> str:
    return text.replace("\0", "").strip()  # PostgreSQL knows no NUL


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))
