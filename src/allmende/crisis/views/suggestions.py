"""Suppliers proposed by distance, for needs that others of a kind have."""

import re

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from allmende.portal.access import SignedInRequest, requires, see_other

from .. import queries, services
from ..models import Facility

PAGE_SIZE = 50
MOST_CHOSEN = 10 * PAGE_SIZE  # more than a page shows
KEY = re.compile(r"(\d{1,18}):(\w{1,20}):(\d{1,18})")


@require_http_methods(["GET", "HEAD", "POST"])
@requires("crisis.add_facility", login=True)
def suggest(request: SignedInRequest) -> HttpResponse:
    """Who lacks what others have, and who is nearest to supply it; each is confirmed by itself."""
    known = queries.read_known_needs(request.user)
    missing = queries.missing_needs(request.user, known)
    if request.method == "POST":
        return _confirm(request, known, missing, request.POST.getlist("vorschlag")[:MOST_CHOSEN])
    page = Paginator(missing, PAGE_SIZE).get_page(request.GET.get("seite"))
    suggestions = queries.suggestions_for(known, page.object_list)
    return render(request, "crisis/suggest.html", {"page": page, "suggestions": suggestions})


def _confirm(
    request: SignedInRequest,
    known: queries.KnownNeeds,
    missing: list[queries.Missing],
    keys: list[str],
) -> HttpResponse:
    chosen: dict[tuple[int, str], list[int]] = {}
    for key in dict.fromkeys(keys):
        if found := KEY.fullmatch(key):
            chosen.setdefault((int(found[1]), found[2]), []).append(int(found[3]))
    by_key = {(each.facility.pk, str(each.service)): each for each in missing}
    wanted = []
    for need, numbers in chosen.items():
        lacking = by_key.get(need)
        suppliers = _suppliers(known, lacking, numbers) if lacking else []
        if lacking and suppliers:
            wanted.append((lacking, suppliers))
    made = services.confirm_suppliers(actor=request.user, wanted=wanted)
    if made:
        said = ngettext("%(n)s Bedarf ist eingetragen.", "%(n)s Bedarfe sind eingetragen.", made)
        messages.success(request, said % {"n": made})
    if not keys:
        messages.warning(request, _("Sie haben keinen Vorschlag ausgewählt."))
    elif made < len(chosen):
        messages.warning(
            request, _("Was inzwischen jemand anderes eingetragen hat, blieb, wie es ist.")
        )
    return see_other(request.get_full_path())


def _suppliers(
    known: queries.KnownNeeds, missing: queries.Missing, numbers: list[int]
) -> list[Facility]:
    """Those that were chosen, if they still fit; otherwise none."""
    possible = {each.pk: each for each in queries.possible_for(known, missing)}
    return [possible[each] for each in numbers] if set(numbers) <= set(possible) else []
