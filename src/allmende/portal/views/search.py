"""One field over everything that a person may see."""

from dataclasses import dataclass

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from .. import offers
from ..access import public
from ..forms import SearchForm
from ..offers import Place
from ..search import queries
from ..search.queries import MOST_HITS, NOTHING, Wishes
from ..search.similar import did_you_mean
from ..tables import csv_response

PAGE_SIZE = 20


@dataclass(frozen=True)
class Asked:
    """A query as it was understood: the place that was meant, and others of that name."""

    form: SearchForm
    wishes: Wishes
    place: Place | None
    others: list[Place]
    is_nowhere: bool  # a place was named that there is not


def _asked(request: HttpRequest) -> Asked:
    data = request.GET.copy()
    for name, value in request.GET.items():
        data[name] = str(value).replace("\0", "").strip()  # PostgreSQL knows no NUL
    form = SearchForm(data)
    named = data.get("ort", "")[:100]
    places = offers.places(named) if named else []
    place = places[0] if places else None
    return Asked(
        form=form,
        wishes=form.wishes(place.key if place else ""),
        place=place,
        others=places[1:],
        is_nowhere=bool(named) and place is None,
    )


@require_safe
@public
def search(request: HttpRequest) -> HttpResponse:
    """Find by words; narrow by kind, place, topic, state and date."""
    asked = _asked(request)
    wishes = asked.wishes
    found, better = NOTHING, ""
    if wishes.wanted and not asked.is_nowhere:
        visible = queries.visible_entries(request.user)
        found = queries.find(wishes, visible)
        better = "" if found.total else did_you_mean(visible, wishes.words)
    page = Paginator(found.entries, PAGE_SIZE).get_page(request.GET.get("seite"))
    context = {
        "asked": asked,
        "form": asked.form,
        "words": wishes.words,
        "found": found,
        "kind": wishes.kind,
        "page": page,
        "hits": queries.show(page.object_list, wishes.wanted),
        "is_capped": len(found.entries) == MOST_HITS,
        "most": MOST_HITS,
        "better": better,
    }
    return render(request, "portal/search.html", context)


@require_safe
@public
def search_csv(request: HttpRequest) -> StreamingHttpResponse:
    """The same for a spreadsheet, as many as the pages show."""
    asked = _asked(request)
    found = (
        NOTHING
        if asked.is_nowhere
        else queries.find(asked.wishes, queries.visible_entries(request.user))
    )
    hits = queries.show(found.entries, asked.wishes.wanted)
    return csv_response(
        "suche.csv",
        [_("Art"), _("Titel"), _("Dazu"), _("Adresse")],
        (
            [hit.kind, hit.plain_title, hit.note, request.build_absolute_uri(hit.url)]
            for hit in hits
        ),
    )
