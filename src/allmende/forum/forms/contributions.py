"""The discussion: what people write, report, take down and look for."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from allmende.portal.models import Upload
from allmende.portal.uploads import CheckedFile, UploadField
from allmende.registry.models import Organisation

from .. import queries
from ..mentions import find_mentions
from ..models import MOST_FILES, Attachment, Concern, Contribution

MOST_MENTIONS = 5
MOST_OFFERED = 10
DAY = 24 * 60 * 60
SALT = "forum.contribution.upload"


class SeveralFiles(forms.FileInput):
    """One field for several files."""

    allow_multiple_selected = True


class FilesField(UploadField):
    """Takes several files; its value is a list of ``CheckedFile``."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        accepted = self.widget.attrs.get("accept", "")
        self.widget = SeveralFiles(attrs={"accept": accepted, "multiple": True})

    def clean(self, data: Any, initial: Any = None) -> Any:
        sent = data if isinstance(data, list) else [data] if data else []
        return [super(FilesField, self).clean(file, None) for file in sent]


class ContributionForm(forms.Form):
    """A contribution with files and mentions.

    The button ``suchen`` looks for organisations to mention and sends nothing: then ``again`` makes a
    form that shows what was typed. Files that came along are kept (``keep``) and named in ``behalten``.
    """

    als = forms.ChoiceField(label=gettext_lazy("Sie schreiben als"), widget=forms.RadioSelect)
    text = forms.CharField(
        label=gettext_lazy("Ihr Beitrag"),
        max_length=3_000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=gettext_lazy(
            "Höchstens 3.000 Zeichen. Adressen, die mit https:// beginnen, werden zu Links."
        ),
        error_messages={"required": gettext_lazy("Bitte schreiben Sie Ihren Beitrag.")},
    )
    dateien = FilesField(label=gettext_lazy("Dateien anhängen"), required=False)
    erwaehnt = forms.ModelMultipleChoiceField(
        Organisation.objects.none(),
        label=gettext_lazy("Erwähnen"),
        required=False,
        to_field_name="slug",
        widget=forms.CheckboxSelectMultiple,
    )
    suche = forms.CharField(
        label=gettext_lazy("Erwähnen: Organisation suchen"),
        required=False,
        max_length=100,
        help_text=gettext_lazy(
            "Wen Sie erwähnen, der bekommt einen Hinweis. Kennen Sie den Namen genau, schreiben Sie "
            "ihn einfach in den Text: @[Name]."
        ),
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        *args: Any,
        concern: Concern,
        speakers: Sequence[queries.Speaker] = (),
        contribution: Contribution | None = None,
        **kwargs: Any,
    ) -> None:
        """Without ``speakers`` it changes a ``contribution``: who speaks in it stays the same."""
        super().__init__(*args, **kwargs)
        self.concern = concern
        self.contribution = contribution
        self.kept: list[Upload] = []
        self._offer(speakers)
        self.fields["dateien"].help_text = _("Höchstens %(most)s Dateien: %(kinds)s") % {
            "most": MOST_FILES,
            "kinds": self.fields["dateien"].help_text,
        }
        whom = self.fields["erwaehnt"]
        assert isinstance(whom, forms.ModelMultipleChoiceField)  # noqa: S101  for the type checker
        whom.queryset = queries.mentionable(concern)
        if self.is_bound and hasattr(self.data, "getlist"):
            self.take_along(self.data.getlist("behalten"))

    def _offer(self, speakers: Sequence[queries.Speaker]) -> None:
        self.speakers = {speaker.key: speaker for speaker in speakers}
        if not self.speakers:
            del self.fields["als"]
            return
        field = self.fields["als"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  for the type checker
        field.choices = [(speaker.key, speaker.label) for speaker in speakers]
        field.error_messages["invalid_choice"] = _(
            "Für diese Organisation können Sie hier nicht mehr schreiben. Bitte wählen Sie neu."
        )
        field.initial = next(iter(self.speakers))
        if len(self.speakers) == 1:
            field.widget = forms.HiddenInput()

    def speaker(self) -> queries.Speaker:
        """In whose name she writes."""
        return self.speakers[self.cleaned_data["als"]]

    def only_speaker(self) -> queries.Speaker | None:
        """Who writes, where there is no choice."""
        return next(iter(self.speakers.values()), None)

    def take_along(self, tokens: Sequence[str]) -> None:
        """Files that the page named: what is made up, a day old or another contribution's is left out."""
        keys = []
        for token in tokens[: 2 * MOST_FILES]:
            with suppress(signing.BadSignature):
                keys.append(signing.loads(token, salt=SALT, max_age=DAY))
        elsewhere = Attachment.objects.exclude(contribution=self.contribution)
        self.kept = list(
            Upload.objects.filter(pk__in=keys)
            .exclude(pk__in=elsewhere.values("upload"))
            .order_by("pk")
        )

    def clean_text(self) -> str:
        """Browsers send line ends of their own."""
        return str(self.cleaned_data["text"]).replace("\r\n", "\n").strip()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if len(cleaned.get("dateien") or ()) + len(self.kept) > MOST_FILES:
            self.add_error(
                "dateien",
                _("Es sind höchstens %(most)s Dateien möglich. Bitte wählen Sie aus.")
                % {"most": MOST_FILES},
            )
        chosen = {each.pk: each for each in cleaned.get("erwaehnt") or ()}
        chosen |= {each.pk: each for each in self._named(cleaned.get("text", ""))}
        if len(chosen) > MOST_MENTIONS:
            self.add_error(
                "suche",
                _("Ein Beitrag kann höchstens %(most)s Organisationen erwähnen.")
                % {"most": MOST_MENTIONS},
            )
        cleaned["mentions"] = list(chosen.values())
        return cleaned

    def _named(self, text: str) -> list[Organisation]:
        """Whom the text mentions. Without brackets, a word that is nobody's name is just a word."""
        found = []
        for mention in list({each.name: each for each in find_mentions(text)}.values())[:20]:
            called = queries.organisations_called(mention.name, self.concern)
            if len(called) == 1:
                found.append(called[0])
            elif mention.is_sure:
                several = _(
                    "Mehrere Organisationen heißen „%(name)s“. Bitte suchen Sie unter „Erwähnen“ die "
                    "richtige aus und schreiben Sie den Namen ohne eckige Klammern."
                )
                nobody = _(
                    "Wir kennen keine Organisation namens „%(name)s“. Bitte suchen Sie sie unter "
                    "„Erwähnen“, oder schreiben Sie den Namen ohne eckige Klammern."
                )
                self.add_error("text", (several if called else nobody) % {"name": mention.name})
        return found

    def kept_files(self) -> list[tuple[Upload, str]]:
        """Files that are kept already, each with what names it in the form."""
        return [(upload, signed(upload)) for upload in self.kept]

    def offered(self) -> list[tuple[Organisation, bool]]:
        """Organisations to mention: those that are ticked, then those that were looked for."""
        ticked = [str(value) for value in self["erwaehnt"].value() or ()]
        whom = queries.mentionable(self.concern)
        chosen = list(whom.filter(slug__in=ticked)[:MOST_OFFERED]) if ticked else []
        found = self.found() if self.words() else []
        return [(each, True) for each in chosen] + [
            (each, False) for each in found if each not in chosen
        ]

    def words(self) -> str:
        """What is looked for."""
        return str(self["suche"].value() or "").replace("\0", "").strip()[:100]

    def found(self) -> Sequence[Organisation]:
        return list(queries.mentionable(self.concern, self.words())[:MOST_OFFERED])


def again(data: Any) -> dict[str, Any]:
    """What was typed, as a form's initial values."""
    return {
        "als": data.get("als", ""),
        "text": data.get("text", ""),
        "suche": data.get("suche", ""),
        "seen": data.get("seen", ""),
        "erwaehnt": data.getlist("erwaehnt"),
    }


def checked_files(files: Sequence[UploadedFile]) -> tuple[list[CheckedFile], list[str]]:
    """Those among some files that may be kept, and what is wrong with the others."""
    field, good, faults = FilesField(required=False), [], []
    for file in files:
        try:
            good += field.clean([file])
        except ValidationError as fault:
            faults += fault.messages
    return good, faults


def signed(upload: Upload) -> str:
    """What names a kept file in a form of hers, and cannot be made up."""
    return signing.dumps(upload.pk, salt=SALT)


class ComplaintForm(forms.Form):
    """Why a contribution should not stand there."""

    reason = forms.CharField(
        label=gettext_lazy("Was ist daran nicht in Ordnung?"),
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy(
            "Zum Beispiel: Beleidigung, Name einer Privatperson, Werbung. Lesen können das nur die, "
            "die dieses Anliegen moderieren."
        ),
        error_messages={"required": gettext_lazy("Bitte schreiben Sie, was Sie stört.")},
    )


class RemovalForm(forms.Form):
    """Why a contribution is taken down."""

    reason = forms.CharField(
        label=gettext_lazy("Warum wird der Beitrag entfernt?"),
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy(
            "Wird der Person gezeigt, die ihn geschrieben hat, und steht öffentlich an seiner Stelle: "
            "bitte ohne Namen."
        ),
        error_messages={"required": gettext_lazy("Bitte begründen Sie, warum er entfernt wird.")},
    )


class ConcernSummaryForm(forms.Form):
    """A concern in a few sentences."""

    summary = forms.CharField(
        label=gettext_lazy("Kurz gefasst"),
        max_length=2_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=gettext_lazy(
            "Worum geht es, was ist schon klar, was ist offen? Höchstens 2.000 Zeichen, am besten fünf "
            "Sätze, bitte ohne Namen. Jede Fassung bleibt öffentlich."
        ),
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean_summary(self) -> str:
        """Browsers send line ends of their own."""
        return str(self.cleaned_data["summary"]).replace("\r\n", "\n").strip()


class DiscussionFilterForm(forms.Form):
    """Which threads a discussion shows, and in which order."""

    q = forms.CharField(label=gettext_lazy("Wort im Beitrag"), required=False, max_length=100)
    zu = forms.ChoiceField(
        label=gettext_lazy("Worum es geht"),
        required=False,
        choices=[
            ("", gettext_lazy("Alles")),
            ("anliegen", gettext_lazy("Das Anliegen")),
            ("aussagen", gettext_lazy("Einzelne Aussagen")),
        ],
    )
    sortierung = forms.ChoiceField(
        label=gettext_lazy("Sortierung"),
        required=False,
        choices=[
            ("", gettext_lazy("Neueste zuerst")),
            ("alt", gettext_lazy("Älteste zuerst")),
        ],
    )

    def chosen(self) -> dict[str, Any]:
        """Words, subject and order; what does not exist counts as not chosen."""
        self.is_valid()
        return {
            "words": self.cleaned_data.get("q", ""),
            "about": self.cleaned_data.get("zu", ""),
            "oldest_first": self.cleaned_data.get("sortierung") == "alt",
        }
