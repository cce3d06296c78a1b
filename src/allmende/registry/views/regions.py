"""Pages of the register: regions, lists, map, changes. All of it is public."""

from django.core.paginator import Paginator
from django.db.models import F, OrderBy, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from allmende.portal.access import PageRequest, public
from allmende.portal.tables import csv_response

from .. import queries
from ..forms import ListForm, SearchForm
from ..maps import dot_map
from ..models import Level, Organisation, Region, RegionQuerySet, RegisterChange

PAGE_SIZE = 50
MOST_HITS = 30


@require_safe
@public
def search(request: PageRequest) -> HttpResponse:
    """Find a region; without words, the Länder and what the register holds."""
    form = SearchForm(request.GET or None)
    words = form.cleaned_data["q"].strip() if form.is_valid() else ""
    found = list(queries.search_regions(words).select_related("parent")[: MOST_HITS + 1])
    context = {
        "form": form,
        "words": words,
        "hits": found[:MOST_HITS],
        "more": len(found) > MOST_HITS,
    }
    if request.htmx:
        return render(request, "registry/_hits.html", context)
    context["newest"] = queries.newest_import()
    if not words:
        context |= {"laender": queries.laender(), "totals": queries.totals()}
    return render(request, "registry/search.html", context)


@require_safe
@public
def region(request: HttpRequest, key: str) -> HttpResponse:
    """One region, from the Bund to a municipality, of today or of the past."""
    try:
        found = queries.get_region(key)
    except Region.DoesNotExist:
        raise Http404 from None
    if key not in {found.key, queries.BUND}:
        return redirect(found, permanent=True)
    context = {
        "region": found,
        "above": queries.ancestors_of(found),
        "changes": queries.changes_of(found),
        "newest": queries.newest_import(),
        "successors": found.successors.all(),
        "predecessors": found.predecessors.all(),
        "speaks": queries.may_be_spoken_for(found),
        "organisation": _organisation(found),
    }
    if found.level == Level.GEMEINDE:
        return render(request, "registry/municipality.html", context | _surroundings(found))
    return render(request, "registry/region.html", context | _inside(request, found))


def _organisation(region: Region) -> Organisation | None:
    """What speaks for a region, if somebody ever did."""
    if not queries.may_be_spoken_for(region):
        return None
    return queries.with_people(Organisation.objects.filter(region=region)).first()


def _surroundings(municipality: Region) -> dict[str, object]:
    """A municipality among those of its Kreis."""
    near = queries.dots(Region.objects.municipalities().filter(kreis=municipality.kreis))
    lon, lat = municipality.lon, municipality.lat
    mark = None if lon is None or lat is None else (lon, lat)
    # A city that is its own Kreis has nobody around it.
    return {"map": dot_map(near, mark=mark) if len(near) > 1 else None}


def _inside(request: HttpRequest, above: Region) -> dict[str, object]:
    """What lies in a region: its parts, its municipalities on a map and by size."""
    municipalities = queries.municipalities_in(above)
    page = Paginator(queries.parts_of(above), PAGE_SIZE).get_page(request.GET.get("seite"))
    return {
        "page": page,
        "parts_are_municipalities": above.level in {Level.KREIS, Level.VERBAND},
        "sizes": queries.count_by_size(municipalities),
        "map": dot_map(queries.dots(municipalities)),
    }


@require_safe
@public
def parts_csv(request: HttpRequest, key: str) -> StreamingHttpResponse:
    """The parts of a region for a spreadsheet: Länder, Kreise or municipalities."""
    try:
        above = queries.get_region(key)
    except Region.DoesNotExist:
        raise Http404 from None
    return csv_response(
        f"{above.key or queries.BUND}.csv",
        ["Schlüssel", "Name", "Art", "Einwohner", "Einwohner am", "Fläche km²"],
        (
            [
                part.key,
                part.name,
                part.kind_name,
                part.population,
                part.population_on or "",
                _decimal(part.area_km2),
            ]
            for part in queries.parts_of(above).iterator()
        ),
    )


@require_safe
@public
def municipality_list(request: HttpRequest) -> HttpResponse:
    """All municipalities, by Land and size."""
    form = ListForm(request.GET)
    page = Paginator(_listed(form), PAGE_SIZE).get_page(request.GET.get("seite"))
    kreis = form.cleaned_data.get("kreis") if form.is_valid() else ""
    return render(
        request,
        "registry/municipalities.html",
        {
            "form": form,
            "page": page,
            "kreis": Region.objects.current().filter(level=Level.KREIS, ars=kreis).first()
            if kreis
            else None,
            "newest": queries.newest_import(),
        },
    )


@require_safe
@public
def municipality_csv(request: HttpRequest) -> StreamingHttpResponse:
    """The same list for a spreadsheet, with all columns."""
    regions = _listed(ListForm(request.GET)).prefetch_related("successors")
    return csv_response(
        "kommunen.csv",
        [
            "AGS",
            "ARS",
            "Name",
            "Art",
            "Land",
            "Kreis",
            "Einwohner",
            "Einwohner am",
            "Fläche km²",
            "Größenklasse",
            "Postleitzahl",
            "Längengrad",
            "Breitengrad",
            "aufgelöst",
            "Nachfolger",
        ],
        (
            [
                row.ags,
                row.ars if len(row.ars) == 12 else "",
                row.name,
                row.kind_name,
                row.land,
                row.kreis,
                row.population,
                row.population_on or "",
                _decimal(row.area_km2),
                row.get_size_class_display() if row.size_class else "",
                row.postcode,
                _decimal(row.lon),
                _decimal(row.lat),
                row.valid_until or "",
                " ".join(successor.ags for successor in row.successors.all()),
            ]
            for row in regions.iterator(chunk_size=500)
        ),
    )


def _decimal(value: float | None) -> str:
    return "" if value is None else str(value).replace(".", ",")


def _listed(form: ListForm) -> RegionQuerySet:
    wishes = form.cleaned_data if form.is_valid() else {}
    if wishes.get("stand") == "frueher":
        regions = Region.objects.filter(
            level=Level.GEMEINDE, invented=False, valid_until__isnull=False
        )
    else:
        regions = Region.objects.municipalities()
    if land := wishes.get("land"):
        regions = regions.filter(land=land)
    if kreis := wishes.get("kreis"):
        regions = regions.filter(kreis=kreis)
    if size := wishes.get("groesse"):
        regions = regions.filter(size_class=size)
    order = {
        "einwohner": OrderBy(F("population"), descending=True, nulls_last=True),
        "schluessel": OrderBy(F("ags")),
    }.get(wishes.get("sortierung", ""), OrderBy(F("search_key")))
    return regions.order_by(order, "pk")


@require_safe
@public
def map_(request: HttpRequest) -> HttpResponse:
    """Every municipality as a dot; beside it the same by size class as a table."""
    form = ListForm(request.GET)
    wishes = form.cleaned_data if form.is_valid() else {}
    regions = Region.objects.municipalities()
    if land := wishes.get("land"):
        regions = regions.filter(land=land)
    return render(
        request,
        "registry/map.html",
        {
            "form": form,
            "land": queries.laender().filter(ars=land).first() if land else None,
            "map": dot_map(queries.dots(regions)),
            "sizes": queries.count_by_size(regions),
            "newest": queries.newest_import(),
        },
    )


def _told() -> QuerySet[RegisterChange]:
    """Changes of municipalities, newest first; a new key of the same digits is only an association."""
    return (
        RegisterChange.objects.filter(level=Level.GEMEINDE)
        .exclude(kind=RegisterChange.Kind.KEY_CHANGED, old_key=F("new_key"))
        .order_by(OrderBy(F("effective_on"), descending=True, nulls_last=True), "reference", "pk")
    )


@require_safe
@public
def changes(request: HttpRequest) -> HttpResponse:
    """What the lists of changes and the comparison of registers tell of municipalities."""
    page = Paginator(_told(), PAGE_SIZE).get_page(request.GET.get("seite"))
    return render(
        request, "registry/changes.html", {"page": page, "newest": queries.newest_import()}
    )


@require_safe
@public
def changes_csv(request: HttpRequest) -> StreamingHttpResponse:
    """The same for a spreadsheet."""
    return csv_response(
        "aenderungen.csv",
        ["Art", "Wirksam", "Bemerkt", "Kennziffer", "AGS vorher", "Name vorher", "AGS nachher",
         "Name nachher", "Fläche km²", "Einwohner"],
        (
            [
                row.get_kind_display(),
                row.effective_on or "",
                row.noticed_on,
                row.reference,
                row.old_key,
                row.old_name,
                row.new_key,
                row.new_name,
                _decimal(row.area_km2),
                row.population,
            ]
            for row in _told().iterator()
        ),
    )  # fmt: skip
