"""Powers to answer: a member grants and revokes them; everybody sees for whom an agent may answer."""

from operator import attrgetter

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from allmende.portal.access import SignedInRequest, public, requires, see_other
from allmende.portal.tables import csv_response, moment

from .. import queries, services
from ..forms import AgentSearchForm, GrantForm, MemberFilterForm, RevokeForm
from ..models import AGENT_KINDS, Organisation, Topic

PAGE_SIZE = 50
MOST_FOUND = 20
MOST_REVOKED = 50
GRANT = "registry.grant_proxy"
its_member = attrgetter("member")


@require_safe
@requires(GRANT, queries.get_organisation, login=True)
def proxies(request: SignedInRequest, member: Organisation) -> HttpResponse:
    """Who may answer for a member and in what; who could before."""
    return render(
        request,
        "registry/proxies.html",
        {
            "organisation": member,
            "powers": queries.powers_given_by(member),
            "revoked": queries.revoked_proxies(member)[:MOST_REVOKED],
        },
    )


@require_safe
@requires(GRANT, queries.get_organisation, login=True)
def choose_agent(request: SignedInRequest, member: Organisation) -> HttpResponse:
    """First question: who is to answer?"""
    form = AgentSearchForm(request.GET)
    words = form.cleaned_data["q"] if form.is_valid() else ""
    found = queries.find_agents(member, words)[: MOST_FOUND + 1]
    return render(
        request,
        "registry/choose_agent.html",
        {
            "organisation": member,
            "form": form,
            "words": words,
            "usual": queries.usual_agents(member).order_by("-region__level"),
            "found": found[:MOST_FOUND],
            "more": len(found) > MOST_FOUND,
        },
    )


@require_http_methods(["GET", "POST"])
@requires(GRANT, queries.get_pair, about=its_member, login=True)
def grant(request: SignedInRequest, pair: queries.Pair) -> HttpResponse:
    """Second question: for what? Granting is the end of it."""
    if not queries.possible_agents(pair.member).filter(pk=pair.agent.pk).exists():
        raise Http404
    given = queries.topics_given(pair)
    form = GrantForm(request.POST or None, topics=frozenset(Topic) - given)
    if request.method == "POST" and form.is_valid():
        services.grant_proxy(actor=request.user, **pair._asdict(), **form.cleaned_data)
        messages.success(
            request,
            _("%(agent)s darf jetzt für %(member)s antworten.")
            % {"agent": pair.agent, "member": pair.member},
        )
        return see_other(reverse("registry:proxies", args=[pair.member.slug]))
    return render(
        request,
        "registry/grant_proxy.html",
        {
            "organisation": pair.member,
            "agent": pair.agent,
            "given": [topic.label for topic in Topic if topic in given],
            "form": form,
        },
    )


@require_http_methods(["GET", "POST"])
@requires(GRANT, queries.get_pair, about=its_member, login=True)
def revoke(request: SignedInRequest, pair: queries.Pair) -> HttpResponse:
    """Take powers back, and say what becomes of the answers."""
    given = queries.topics_given(pair)
    back = reverse("registry:proxies", args=[pair.member.slug])
    if not given:
        messages.info(request, f"{pair.agent} hat keine Vollmacht von {pair.member}.")
        return see_other(back)
    form = RevokeForm(request.POST or None, topics=given)
    if request.method == "POST" and form.is_valid():
        services.revoke_proxy(
            actor=request.user,
            **pair._asdict(),
            topics=form.cleaned_data["topics"],
            withdraw_answers=form.cleaned_data["answers"] == RevokeForm.WITHDRAW,
        )
        messages.success(request, _("Widerrufen. Das gilt ab sofort."))
        return see_other(back)
    return render(
        request,
        "registry/revoke_proxy.html",
        {"organisation": pair.member, "agent": pair.agent, "form": form},
    )


@require_safe
@public
def members(request: HttpRequest, slug: str) -> HttpResponse:
    """For whom an agent may answer, and in what."""
    agent = get_object_or_404(Organisation, slug=slug, kind__in=AGENT_KINDS)
    form = MemberFilterForm(request.GET)
    found = queries.members_of(agent, form.topic())
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("seite"))
    held = queries.topics_by_member(agent, page)
    return render(
        request,
        "registry/members.html",
        {
            "organisation": agent,
            "form": form,
            "page": page,
            "rows": [(member, held.get(member.pk, [])) for member in page],
        },
    )


@require_safe
@public
def members_csv(request: HttpRequest, slug: str) -> StreamingHttpResponse:
    """The same for a spreadsheet: a line for each member and topic area."""
    agent = get_object_or_404(Organisation, slug=slug, kind__in=AGENT_KINDS)
    held = queries.proxies_held_by(agent, MemberFilterForm(request.GET).topic())
    return csv_response(
        f"vollmachten-{agent.slug}.csv",
        ["Mitglied", "Schlüssel", "Themenfeld", "Seit"],
        (
            [
                proxy.member.name,
                proxy.member.region.key if proxy.member.region else "",
                proxy.get_topic_display(),
                moment(proxy.granted_at),
            ]
            for proxy in held.iterator(chunk_size=500)
        ),
    )
