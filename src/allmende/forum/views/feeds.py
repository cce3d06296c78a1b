"""What is new: as feeds for programs, as a page, and a page that lists all feeds."""

import re
from datetime import timedelta
from hashlib import sha256

from django.core.paginator import Paginator
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from allmende.portal.access import public
from allmende.registry.models import Organisation, OrganisationKind, Region, Topic
from allmende.registry.queries import get_region, laender

from ..feeds import as_atom
from ..news import news
from ..scopes import Scope, of_ministry, of_region, of_selection, of_topic
from ..scopes import everything as of_everything

A_MONTH = timedelta(days=30)
PAGE_SIZE = 20
MOST_SHOWN = 200
KEY = re.compile(r"[0-9]{2,12}").fullmatch


@require_safe
@public
def feeds(request: HttpRequest) -> HttpResponse:
    """Which feeds there are."""
    ministries = Organisation.objects.current().filter(kind=OrganisationKind.MINISTRY)
    return render(
        request,
        "forum/feeds.html",
        {"topics": Topic.choices, "ministries": ministries, "laender": laender()},
    )


@require_safe
@public
def everything(request: HttpRequest) -> HttpResponseBase:
    """All that happens."""
    return _send(request, of_everything())


@require_safe
@public
def region(request: HttpRequest, key: str) -> HttpResponseBase:
    """What happens in a Land, a Kreis or a municipality."""
    try:
        found = get_region(key)
    except Region.DoesNotExist:
        raise Http404 from None
    return _send(request, of_region(found))


@require_safe
@public
def topic(request: HttpRequest, topic: str) -> HttpResponseBase:
    """What happens in a topic area."""
    if topic not in Topic:
        raise Http404
    return _send(request, of_topic(Topic(topic)))


@require_safe
@public
def ministry(request: HttpRequest, slug: str) -> HttpResponseBase:
    """What a ministry answers and promises."""
    found = get_object_or_404(Organisation, slug=slug, kind=OrganisationKind.MINISTRY)
    return _send(request, of_ministry(found))


@require_safe
@public
def selection(request: HttpRequest) -> HttpResponse:
    """What happened within a month in the topics and regions of the address, as a page."""
    scope = _selected(request)
    since = timezone.now() - A_MONTH
    page = Paginator(news(scope, since=since, most=MOST_SHOWN), PAGE_SIZE).get_page(
        request.GET.get("seite")
    )
    return render(
        request,
        "forum/selection.html",
        {"page": page, "scope": scope, "chosen": _in_words(request, scope), "most": MOST_SHOWN},
    )


@require_safe
@public
def selection_atom(request: HttpRequest) -> HttpResponseBase:
    """The same as a feed."""
    return _send(request, _selected(request), address=request.get_full_path())


def _selected(request: HttpRequest) -> Scope:
    topics = [Topic(topic) for topic in request.GET.getlist("thema") if topic in Topic]
    return of_selection(topics, filter(KEY, request.GET.getlist("gebiet")))


def _in_words(request: HttpRequest, scope: Scope) -> list[str]:
    """What was chosen: topics, then regions, also those that are no more."""
    topics = [str(Topic(topic).label) for topic in request.GET.getlist("thema") if topic in Topic]
    # A key may have belonged to several, one after another: the last one counts.
    found = Region.objects.filter(ars__in=scope.regions)
    last = {region.ars: region for region in found.order_by(F("valid_until").asc(nulls_last=True))}
    regions = sorted(last.values(), key=lambda region: (region.level, region.name))
    gone = _("%(region)s (gibt es nicht mehr)")
    return topics + [
        gone % {"region": region.name} if region.valid_until else region.name for region in regions
    ]


def _send(request: HttpRequest, scope: Scope, *, address: str = "") -> HttpResponseBase:
    """Send a feed, unless who asks has it already; ``address`` where it is more than the path."""
    text = as_atom(scope, news(scope), address or request.path)
    response = HttpResponse(text, content_type="application/atom+xml; charset=utf-8")
    response.headers["ETag"] = f'"{sha256(text.encode()).hexdigest()}"'
    response.headers["Cache-Control"] = "public, no-cache"
    # No Last-Modified: an entry may come that is older than the newest, such as one that was secret.
    return get_conditional_response(request, etag=response["ETag"], response=response) or response
