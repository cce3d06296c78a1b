"""Letters with a code: whom they go to, and the code that somebody types in."""

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from allmende.formats.letters import CodeError, read_code
from allmende.formats.municipalities.records import LAENDER

from .. import queries
from ..models import (
    OFFICES,
    LetterState,
    Level,
    Organisation,
    OrganisationQuerySet,
    Region,
    RegionQuerySet,
    SizeClass,
)
from ..queries.regions import CITY_KREISE


class RecipientsForm(forms.Form):
    """Whom letters go to: many by Land and size, or a single organisation."""

    art = forms.TypedChoiceField(
        label=_("An wen"),
        coerce=int,
        choices=[
            (str(Level.GEMEINDE.value), _("Städte und Gemeinden")),
            (str(Level.VERBAND.value), _("Gemeindeverbände")),
            (str(Level.KREIS.value), _("Landkreise")),
        ],
    )
    land = forms.ChoiceField(
        label=_("Land"),
        required=False,
        choices=[("", _("Alle Länder")), *sorted(LAENDER.items(), key=lambda row: row[1])],
    )
    groesse = forms.TypedChoiceField(
        label=_("Größe"),
        required=False,
        coerce=lambda value: SizeClass(int(value)),
        empty_value=None,
        choices=[("", _("Alle Größen")), *((str(size.value), size.label) for size in SizeClass)],
    )
    ohne_mandat = forms.BooleanField(
        label=_("Nur, wo noch niemand ein Mandat hat"), required=False, initial=True
    )
    einzeln = forms.CharField(
        label=_("Oder eine einzelne Organisation"),
        required=False,
        max_length=80,
        help_text=_(
            "Ihr Schlüssel (AGS oder ARS) oder der letzte Teil der Adresse ihrer Seite. "
            "Die übrige Auswahl gilt dann nicht."
        ),
    )

    def clean_einzeln(self) -> Organisation | Region | None:
        key = self.cleaned_data["einzeln"].strip()
        if not key:
            return None
        if organisation := Organisation.objects.current().filter(slug=key).first():
            return organisation
        try:
            region = queries.get_region(key)
        except Region.DoesNotExist:
            raise forms.ValidationError(
                gettext("Keine Organisation hat diesen Schlüssel.")
            ) from None
        if not region.is_current or region.level in {Level.BUND, Level.REGIERUNGSBEZIRK}:
            raise forms.ValidationError(
                gettext("An „%(region)s“ kann kein Brief gehen.") % {"region": region}
            )
        if region.level == Level.KREIS and region.kind in CITY_KREISE:
            raise forms.ValidationError(
                gettext("Für „%(region)s“ spricht die Stadt selbst.") % {"region": region}
            )
        return region

    def chosen(self) -> OrganisationQuerySet | RegionQuerySet:
        """Regions, or the single organisation that is none."""
        single = self.cleaned_data["einzeln"]
        if isinstance(single, Organisation):
            return Organisation.objects.filter(pk=single.pk)
        if single is not None:
            return Region.objects.filter(pk=single.pk)
        return queries.regions_to_write_to(
            level=Level(self.cleaned_data["art"]),
            land=self.cleaned_data["land"],
            size=self.cleaned_data["groesse"],
            only_without=self.cleaned_data["ohne_mandat"],
        )


class NoteForm(forms.Form):
    """What operators call the letters that were made together."""

    bezeichnung = forms.CharField(
        label=_("Bezeichnung"),
        max_length=200,
        help_text=_("Nur für Sie, zum Beispiel „Bayern, erste Runde“."),
    )


class LetterFilterForm(forms.Form):
    """Which letters of a batch a list shows."""

    stand = forms.ChoiceField(
        label=_("Stand"), required=False, choices=[("", _("Alle")), *LetterState.choices]
    )


class ReasonForm(forms.Form):
    """Why letters are made void."""

    begruendung = forms.CharField(label=_("Begründung"), required=False, max_length=300)


class CodeForm(forms.Form):
    """The code of a letter; a slip of the pen is told before anything is looked up."""

    code = forms.CharField(
        label=_("Code aus dem Brief"),
        max_length=60,
        help_text=_(
            "16 Zeichen, zum Beispiel K7QM-3FXA-9RTW-H2C3. Groß und klein ist gleich, "
            "die Striche können Sie weglassen."
        ),
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
                "data-from-fragment": "",
            }
        ),
    )

    def clean_code(self) -> str:
        try:
            return str(read_code(self.cleaned_data["code"]))
        except CodeError as error:
            raise forms.ValidationError(str(error)) from None


class OfficeForm(forms.Form):
    """In which office somebody speaks for an organisation."""

    amt = forms.ChoiceField(label=_("Ihr Amt"), widget=forms.RadioSelect)
    genauer = forms.CharField(
        label=_("Genauer"),
        required=False,
        max_length=100,
        help_text=_("Zum Beispiel „Hauptamt“ oder „Fraktion Bürgerliste“."),
    )

    def __init__(self, *args: object, organisation: Organisation, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["amt"].choices = [  # type: ignore[attr-defined]
            (office.value, office.label) for office in OFFICES[organisation.kind]
        ]
