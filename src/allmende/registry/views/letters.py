"""The operator's letters: whom to write to, what to print, what has become of it."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from allmende.portal.access import SignedInRequest, requires, see_other
from allmende.portal.tables import csv_response
from allmende.portal.uploads import download

from .. import queries, services
from ..forms import LetterFilterForm, NoteForm, ReasonForm, RecipientsForm
from ..models import Letter, LetterBatch, LetterQuerySet, LetterState, RegionQuerySet

PAGE_SIZE = 50


def get_batch(number: int) -> LetterBatch:
    """The batch of an address."""
    return LetterBatch.objects.select_related("document", "created_by").get(pk=number)


@require_safe
@requires("accounts.operate", login=True)
def batches(request: HttpRequest) -> HttpResponse:
    """All batches with what has become of their letters."""
    page = Paginator(queries.letter_batches(), PAGE_SIZE).get_page(request.GET.get("seite"))
    return render(request, "registry/letter_batches.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
@requires("accounts.operate", login=True)
def choose(request: SignedInRequest) -> HttpResponse:
    """Choose whom to write to; see how many they are; then make the letters."""
    form = RecipientsForm(request.GET or None)
    note = NoteForm(request.POST or None)
    context: dict[str, object] = {"form": form, "note": note}
    if form.is_valid():
        chosen = form.chosen()
        if request.method == "POST" and note.is_valid():
            if isinstance(chosen, RegionQuerySet):
                chosen = services.organisations_of(chosen)
            try:
                made = services.make_letters(
                    actor=request.user,
                    organisations=chosen,
                    note=note.cleaned_data["bezeichnung"],
                )
            except services.LetterError as error:
                note.add_error(None, str(error))
            else:
                messages.success(request, _("Die Briefe sind angelegt und werden jetzt erstellt."))
                return see_other(made.get_absolute_url())
        context["number"] = chosen.count()
        context["replaced"] = queries.open_letters_to(chosen).count()
    return render(request, "registry/letter_choose.html", context)


@require_safe
@requires("accounts.operate", get_batch, login=True)
def batch(request: HttpRequest, found: LetterBatch) -> HttpResponse:
    """One batch: its document, and its letters with their states."""
    form = LetterFilterForm(request.GET)
    page = Paginator(_listed(found, form), PAGE_SIZE).get_page(request.GET.get("seite"))
    counts = queries.letter_counts(found)
    return render(
        request,
        "registry/letter_batch.html",
        {
            "batch": found,
            "form": form,
            "page": page,
            "counts": counts,
            "may_revoke": any(
                state in {LetterState.OPEN, LetterState.UNPRINTED} for state, _ in counts
            ),
        },
    )


def _listed(batch: LetterBatch, form: LetterFilterForm) -> LetterQuerySet:
    state = form.cleaned_data["stand"] if form.is_valid() else ""
    return queries.letters_of(batch, LetterState(state) if state else None)


@require_safe
@requires("accounts.operate", get_batch, login=True)
def batch_csv(request: HttpRequest, found: LetterBatch) -> StreamingHttpResponse:
    """The letters of a batch for a spreadsheet: numbers, never codes."""
    return csv_response(
        f"briefe-{found.pk}.csv",
        [
            "Nummer",
            "Organisation",
            "Schlüssel",
            "Postleitzahl",
            "Stand",
            "Gültig bis",
            "Eingelöst",
        ],
        (_row(letter) for letter in _listed(found, LetterFilterForm(request.GET)).iterator()),
    )


def _row(letter: Letter) -> list[object]:
    region = letter.organisation.region
    return [
        letter.serial,
        letter.organisation.name,
        region.key if region else "",
        region.postcode if region else "",
        letter.state.label,
        f"{timezone.localdate(letter.expires_at):%d.%m.%Y}",
        f"{timezone.localdate(letter.used_at):%d.%m.%Y}" if letter.used_at else "",
    ]


@require_POST
@requires("accounts.operate", get_batch, login=True)
def fetch(request: SignedInRequest, found: LetterBatch) -> HttpResponse | FileResponse:
    """The pages for the printer. A form, because fetching them has consequences."""
    try:
        return download(services.fetch_letters(actor=request.user, batch=found))
    except services.LetterError as error:
        messages.warning(request, str(error))
        return see_other(found.get_absolute_url())


@require_http_methods(["GET", "HEAD", "POST"])
@requires("accounts.operate", get_batch, login=True)
def revoke(request: SignedInRequest, found: LetterBatch) -> HttpResponse:
    """Make one letter void, or all that are open; asks first."""
    serial = request.GET.get("nummer", "").replace("\0", "")  # PostgreSQL knows no NUL
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        number = services.revoke_letters(
            actor=request.user,
            batch=found,
            serial=serial,
            reason=form.cleaned_data["begruendung"],
        )
        messages.success(
            request,
            ngettext(
                "%(number)s Brief ist widerrufen.", "%(number)s Briefe sind widerrufen.", number
            )
            % {"number": number},
        )
        return see_other(found.get_absolute_url())
    return render(
        request,
        "registry/letter_revoke.html",
        {
            "batch": found,
            "form": form,
            "letter": found.letters.filter(serial=serial).select_related("organisation").first(),
            "number": found.letters.in_state(LetterState.OPEN).count(),
        },
    )
