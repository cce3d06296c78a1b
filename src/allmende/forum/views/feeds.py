"""What is new: as feeds for programs, and a page that lists them."""

from hashlib import sha256

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from allmende.portal.access import public
from allmende.registry.models import Organisation, OrganisationKind, Region, Topic
from allmende.registry.queries import get_region, laender

from ..feeds import Scope, as_atom, news, of_ministry, of_region, of_topic
from ..feeds import everything as of_everything


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


def _send(request: HttpRequest, scope: Scope) -> HttpResponseBase:
    """Send a feed, unless who asks has it already."""
    text = as_atom(scope, news(scope), request.path)
    response = HttpResponse(text, content_type="application/atom+xml; charset=utf-8")
    response.headers["ETag"] = f'"{sha256(text.encode()).hexdigest()}"'
    response.headers["Cache-Control"] = "public, no-cache"
    # No Last-Modified: an entry may come that is older than the newest, such as one that was secret.
    return get_conditional_response(request, etag=response["ETag"], response=response) or response
