"""Series of sittings: pages, members, and the feed for calendars."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from allmende.audit.queries import history_of
from allmende.audit.words import tell
from allmende.portal.access import SignedInRequest, public, requires, see_other
from allmende.portal.tables import csv_response
from allmende.registry.models import Mandate, Organisation
from allmende.registry.queries import acting_mandate, search_organisations

from ..forms.sittings import BulkMembersForm, MemberSearchForm, NewSeriesForm, SeriesForm
from ..models import Series
from ..queries import sittings as queries
from ..services import Conflict
from ..services import sittings as services

PAGE_SIZE = 50
MOST_FOUND = 20


@require_http_methods(["GET", "HEAD", "POST"])
@requires("forum.add_series", login=True)
def add(request: SignedInRequest) -> HttpResponse:
    """Begin a series."""
    form = NewSeriesForm(request.POST or None, hosts=queries.hosts_for(request.user))
    if request.method == "POST" and form.is_valid():
        host = form.cleaned_data["host"]
        made = services.add_series(
            actor=request.user,
            mandate=acting_mandate(request.user, host, *queries.RUNS),
            **form.cleaned_data,
        )
        messages.success(
            request, _("Die Reihe ist angelegt. Nehmen Sie jetzt ihre Mitglieder auf.")
        )
        return see_other(reverse("sittings:members", args=[made.slug]))
    return render(request, "forum/sittings/edit_series.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@requires("forum.run_series", queries.get_series, login=True)
def change(request: SignedInRequest, series: Series) -> HttpResponse:
    """Give a series another name or distance."""
    form = SeriesForm(request.POST or None, initial={"name": series.name, "months": series.months})
    if request.method == "POST" and form.is_valid():
        services.change_series(
            actor=request.user,
            mandate=queries.running_mandate(request.user, series),
            series=series,
            **form.cleaned_data,
        )
        return see_other(series.get_absolute_url())
    return render(request, "forum/sittings/edit_series.html", {"form": form, "series": series})


@require_safe
@public
def series(request: HttpRequest, slug: str) -> HttpResponse:
    """A series: its sittings, its members, and the address of its calendar."""
    found = get_object_or_404(Series.objects.select_related("host"), slug=slug)
    shown = queries.with_numbers(queries.visible_sittings(request.user).filter(series=found))
    page = Paginator(shown.order_by("-starts_at", "-pk"), PAGE_SIZE)
    return render(
        request,
        "forum/sittings/series.html",
        {
            "series": found,
            "page": page.get_page(request.GET.get("seite")),
            "members": found.members.count(),
            "feed": request.build_absolute_uri(reverse("sittings:feed", args=[found.slug])),
            "history": list(tell(history_of(found)[:20], reader=request.user)),
        },
    )


@require_safe
@public
def feed(request: HttpRequest, slug: str) -> HttpResponse:
    """A series for calendars that subscribe to it."""
    found = get_object_or_404(Series, slug=slug)
    return HttpResponse(services.feed_of(found), content_type="text/calendar; charset=utf-8")


@require_safe
@public
def members_csv(request: HttpRequest, slug: str) -> StreamingHttpResponse:
    """Who belongs to a series, for a spreadsheet."""
    found = get_object_or_404(Series, slug=slug)
    rows = found.members.select_related("region").order_by("name", "pk")
    return csv_response(
        f"mitglieder-{found.slug}.csv",
        [_("Name"), _("Art"), _("Schlüssel")],
        (
            [row.name, row.get_kind_display(), row.region.key if row.region else ""]
            for row in rows.iterator(chunk_size=500)
        ),
    )


@require_safe
@requires("forum.run_series", queries.get_series, login=True)
def members(request: SignedInRequest, series: Series) -> HttpResponse:
    """Who belongs to a series: find organisations, take them in and let them go."""
    form = MemberSearchForm(request.GET)
    words = form.cleaned_data["q"].strip() if form.is_valid() else ""
    page = Paginator(series.members.order_by("name", "pk"), PAGE_SIZE)
    return render(
        request,
        "forum/sittings/members.html",
        {
            "series": series,
            "form": form,
            "words": words,
            "found": list(_search(series, words)[:MOST_FOUND]) if words else [],
            "bulk": BulkMembersForm(auto_id="viele_%s"),
            "page": page.get_page(request.GET.get("seite")),
        },
    )


def _search(series: Series, words: str) -> QuerySet[Organisation]:
    member = Series.members.through.objects.filter(series=series.pk, organisation=OuterRef("pk"))
    return (
        search_organisations(words)
        .filter(is_example=series.is_example)
        .annotate(belongs=Exists(member))
    )


@require_POST
@requires("forum.run_series", queries.get_series, login=True)
def add_member(request: SignedInRequest, series: Series) -> HttpResponse:
    """Take in the organisations that were ticked."""
    ticked = [key for key in request.POST.getlist("organisation") if key.isdecimal()]
    chosen = Organisation.objects.current().filter(pk__in=[int(key[:18]) for key in ticked])
    return _take_in(request, series, chosen)


@require_POST
@requires("forum.run_series", queries.get_series, login=True)
def add_many(request: SignedInRequest, series: Series) -> HttpResponse:
    """Take in all organisations of a kind for which somebody speaks."""
    form = BulkMembersForm(request.POST)
    if not form.is_valid():
        messages.warning(request, _("Bitte wählen Sie eine Art von Organisation."))
        return see_other(reverse("sittings:members", args=[series.slug]))
    spoken_for = Mandate.objects.current().filter(organisation=OuterRef("pk"))
    chosen = Organisation.objects.current().filter(
        Exists(spoken_for), kind=form.cleaned_data["kind"]
    )
    if land := form.cleaned_data["land"]:
        chosen = chosen.filter(region__land=land)
    return _take_in(request, series, chosen)


def _take_in(
    request: SignedInRequest, series: Series, chosen: QuerySet[Organisation]
) -> HttpResponse:
    count = services.add_members(
        actor=request.user,
        mandate=queries.running_mandate(request.user, series),
        series=series,
        organisations=chosen,
    )
    if count:
        said = ngettext(
            "%(count)d Organisation ist aufgenommen.",
            "%(count)d Organisationen sind aufgenommen.",
            count,
        )
        messages.success(request, said % {"count": count})
    else:
        messages.info(request, _("Niemand Neues: Alle diese gehören schon zur Reihe."))
    return see_other(reverse("sittings:members", args=[series.slug]))


@require_POST
@requires("forum.run_series", queries.get_series, login=True)
def remove_member(request: SignedInRequest, series: Series) -> HttpResponse:
    """Invite an organisation no more."""
    key = request.POST.get("organisation", "")
    member = series.members.filter(pk=int(key[:18]) if key.isdecimal() else 0).first()
    try:
        if member is None:
            raise Conflict(_("Diese Organisation gehört nicht mehr zur Reihe."))
        services.remove_member(
            actor=request.user,
            mandate=queries.running_mandate(request.user, series),
            series=series,
            organisation=member,
        )
    except Conflict as conflict:
        messages.warning(request, str(conflict))
    else:
        messages.success(request, _("%(name)s wird nicht mehr eingeladen.") % {"name": member.name})
    return see_other(reverse("sittings:members", args=[series.slug]))
