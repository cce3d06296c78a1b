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
KEY = re.compile(r"(\d{1,18}):(\w{1,20}):(\d{1,18}(?:\.\d{1,18}){0,20})")


@require_http_methods(["GET", "HEAD", "POST"])
@requires("crisis.add_facility", login=True)
def suggest(request: SignedInRequest) -> HttpResponse:
    """Who lacks what others have, and who is nearest to supply it; confirmed one by one or all at once."""
    known = queries.read_known_needs(request.user)
    missing = queries.missing_needs(request.user, known)
    if request.method == "POST":
        keys = request.POST.getlist("gezeigt" if "alle" in request.POST else "vorschlag")
        return _confirm(request, known, missing, keys[:PAGE_SIZE])
    page = Paginator(missing, PAGE_SIZE).get_page(request.GET.get("seite"))
    suggestions = queries.suggestions_for(known, page.object_list)
    return render(request, "crisis/suggest.html", {"page": page, "suggestions": suggestions})


def _confirm(
    request: SignedInRequest,
    known: queries.KnownNeeds,
    missing: list[queries.Missing],
    keys: list[str],
) -> HttpResponse:
    by_key = {(each.facility.pk, str(each.service)): each for each in missing}
    wanted = []
    for key in dict.fromkeys(keys):
        found = KEY.fullmatch(key)
        lacking = found and by_key.get((int(found[1]), found[2]))
        suppliers = _suppliers(known, lacking, found[3]) if found and lacking else []
        if lacking and suppliers:
            wanted.append((lacking, suppliers))
    made = services.confirm_suppliers(actor=request.user, wanted=wanted)
    if made:
        said = ngettext("%(n)s Bedarf ist eingetragen.", "%(n)s Bedarfe sind eingetragen.", made)
        messages.success(request, said % {"n": made})
    if not keys:
        messages.warning(request, _("Sie haben keinen Vorschlag ausgewählt."))
    elif made < len(keys):
        messages.warning(
            request, _("Was inzwischen jemand anderes eingetragen hat, blieb, wie es ist.")
        )
    return see_other(request.get_full_path())


def _suppliers(known: queries.KnownNeeds, missing: queries.Missing, numbers: str) -> list[Facility]:
    """Those that were shown, if they still fit; otherwise none."""
    possible = {each.pk: each for each in queries.possible_for(known, missing)}
    wanted = [int(number) for number in numbers.split(".")]
    return [possible[number] for number in wanted] if set(wanted) <= set(possible) else []
