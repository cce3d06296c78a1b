"""Endorsing a sealed position, dissenting from it, and who did."""

from operator import attrgetter

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from allmende.portal.access import SignedInRequest, requires, see_other
from allmende.portal.tables import csv_response, moment
from allmende.registry.models import Mandate

from .. import queries, services
from ..forms import WordFilterForm, WordForm
from ..forms.positions import WHOLE
from ..models import Concern, SealedPosition, Word, WordKind
from ..results.queries import lands

PAGE_SIZE = 50
ITS_CONCERN = attrgetter("concern")


@require_safe
@requires("forum.view_position", queries.get_edition, about=ITS_CONCERN)
def word_list(request: HttpRequest, position: SealedPosition) -> HttpResponse:
    """Who endorses an edition or a section, and who dissents."""
    form = WordFilterForm(request.GET, sections=list(position.sections.all()))
    found = queries.words_of(position, **form.wishes())
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("seite"))
    names = lands()
    return render(
        request,
        "forum/words.html",
        {
            "concern": position.concern,
            "position": position,
            "form": form,
            "page": page,
            "rows": [(word, _land(word, names)) for word in page],
        },
    )


@require_safe
@requires("forum.view_position", queries.get_edition, about=ITS_CONCERN)
def word_csv(request: HttpRequest, position: SealedPosition) -> StreamingHttpResponse:
    """The same list for a spreadsheet."""
    form = WordFilterForm(request.GET, sections=list(position.sections.all()))
    names = lands()
    return csv_response(
        f"{position.concern.slug}-fassung-{position.number}.csv",
        [
            _("Schlüssel"),
            _("Organisation"),
            _("Land"),
            _("Worüber"),
            _("Haltung"),
            _("Begründung"),
            _("Amt"),
            _("Am"),
        ],
        (
            [
                word.organisation.slug,
                word.organisation.name,
                _land(word, names),
                word.section or _("Die ganze Position"),
                word.get_kind_display(),
                word.text,
                word.mandate.get_office_display() if word.mandate else "",
                moment(word.given_at),
            ]
            for word in queries.words_of(position, **form.wishes())
        ),
    )


def _land(word: Word, names: dict[str, str]) -> str:
    region = word.organisation.region
    return names.get(region.land, "") if region else ""


def _chosen(request: SignedInRequest, concern: Concern) -> tuple[Mandate, list[Mandate]]:
    """For which organisation somebody speaks, and for which she could; ``als`` names one."""
    mandates = queries.word_mandates(request.user, concern)
    wanted = request.POST.get("als") or request.GET.get("als") or ""
    fitting = [mandate for mandate in mandates if mandate.organisation.slug == wanted]
    if not mandates or (wanted and not fitting):
        raise Http404
    return (fitting or mandates)[0], mandates


def _newest(concern: Concern) -> SealedPosition | None:
    newest = queries.editions_of(concern).first()
    return newest and queries.get_edition(concern.slug, newest.number)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("forum.give_word", queries.get_position, login=True)
def give(request: SignedInRequest, concern: Concern) -> HttpResponse:
    """Say for an organisation that it endorses the position or a section, or dissents."""
    mandate, mandates = _chosen(request, concern)
    position = _newest(concern)
    shown: dict[str, object] = {"concern": concern, "mandate": mandate, "mandates": mandates}
    if position is None:
        return render(request, "forum/give_word.html", shown)
    own = queries.own_words(position, mandate)
    sections = list(position.sections.all())
    form = WordForm(
        request.POST or None, sections=sections, initial=_initial(request, own, len(sections))
    )
    if request.method == "POST" and form.is_valid() and _keep(request, position, mandate, form):
        here = reverse("forum:give_word", args=[concern.slug])
        return see_other(f"{here}?als={mandate.organisation.slug}")
    shown |= {
        "position": position,
        "form": form,
        "needs_release": queries.needs_release(request.user, mandate),
        "own": [(None, own.get(None))] + [(each, own.get(each.number)) for each in sections],
    }
    return render(request, "forum/give_word.html", shown)


def _initial(
    request: SignedInRequest, own: dict[int | None, Word], sections: int
) -> dict[str, object]:
    """What the form shows first: what was said of the section that the address names."""
    asked = request.GET.get("abschnitt", "")
    number = int(asked) if asked in {str(n) for n in range(1, sections + 1)} else None
    word = own.get(number)
    return {
        "abschnitt": number or WHOLE,
        "wort": word.kind if word else None,
        "begruendung": word.text if word else "",
    }


def _keep(
    request: SignedInRequest, position: SealedPosition, mandate: Mandate, form: WordForm
) -> bool:
    """Store what the form says; what speaks against it stands in the form then."""
    typed = form.cleaned_data
    about = typed["abschnitt"]
    if str(position.number) != request.POST.get("fassung"):
        form.add_error(
            None,
            _(
                "Inzwischen liegt eine neue Fassung vor. Bitte lesen Sie sie, bevor Sie sich äußern."
            ),
        )
        return False
    try:
        services.give_word(
            actor=request.user,
            mandate=mandate,
            position=position,
            section=queries.get_sealed_section(position, None if about == WHOLE else int(about)),
            kind=WordKind(typed["wort"]),
            text=typed["begruendung"],
        )
    except services.Conflict as conflict:
        form.add_error(None, str(conflict))
        return False
    what = (
        _("Gespeichert: %(name)s trägt das mit.")
        if typed["wort"] == WordKind.ENDORSEMENT
        else _("Gespeichert: Das Sondervotum von %(name)s wird mit der Position abgedruckt.")
    )
    messages.success(request, what % {"name": mandate.organisation})
    return True


@require_POST
@requires("forum.give_word", queries.get_position, login=True)
def withdraw(request: SignedInRequest, concern: Concern) -> HttpResponse:
    """Take back what an organisation said about the whole or a section."""
    mandate, _mandates = _chosen(request, concern)
    position = _newest(concern)
    about = request.POST.get("abschnitt", "")
    numbers = (
        {str(n) for n in position.sections.values_list("number", flat=True)} if position else ()
    )
    if position is not None and about in {WHOLE, *numbers}:
        section = queries.get_sealed_section(position, None if about == WHOLE else int(about))
        try:
            services.withdraw_word(
                actor=request.user, mandate=mandate, position=position, section=section
            )
        except services.Conflict as conflict:
            messages.warning(request, str(conflict))
        else:
            messages.success(request, _("Zurückgezogen."))
    page = reverse("forum:give_word", args=[concern.slug])
    return see_other(f"{page}?als={mandate.organisation.slug}")
