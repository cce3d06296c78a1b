"""Pages of those who manage the people of an organisation: the list, changes and ends of mandates."""

from datetime import date
from operator import attrgetter

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from allmende.portal.access import SignedInRequest, requires, see_other

from .. import queries, services
from ..forms import DomainForm, EndForm, FourEyesForm, MandateForm, RequestDecisionForm
from ..models import Mandate, MandateRequest, Organisation

MOST_FORMER = 50
MANAGE = "registry.manage_people"
its_organisation = attrgetter("organisation")


def people_page(organisation: Organisation) -> str:
    """Where the people of an organisation are managed."""
    return reverse("registry:people", args=[organisation.slug])


@require_safe
@requires("registry.view_people", queries.get_organisation, login=True)
def people(request: SignedInRequest, organisation: Organisation) -> HttpResponse:
    """Who speaks for an organisation, who is invited, who asks, who did before."""
    mine = Mandate.objects.filter(organisation=organisation)
    return render(
        request,
        "registry/people.html",
        {
            "organisation": organisation,
            "people": queries.people_of(organisation),
            "ending": set(queries.ending_soon(mine).values_list("pk", flat=True)),
            "invitations": organisation.invitations.unanswered().select_related("invited_by"),
            "requests": queries.open_requests(organisation),
            "former": queries.former_people_of(organisation)[:MOST_FORMER],
        },
    )


@require_http_methods(["GET", "POST"])
@requires(MANAGE, queries.get_mandate, about=its_organisation, login=True)
def change(request: SignedInRequest, mandate: Mandate) -> HttpResponse:
    """Extend a mandate, or change what it allows."""
    is_own = mandate.user_id == request.user.pk
    form = MandateForm(
        request.POST or None,
        is_last=is_own and queries.is_last_manager(mandate),
        initial={
            "until": mandate.until if is_own else queries.proposed_end(mandate),
            "title": mandate.title,
            "rights": sorted(mandate.rights),
        },
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.change_mandate(actor=request.user, mandate=mandate, **form.cleaned_data)
        except services.MandateError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "Gespeichert.")
            return see_other(_back(request, mandate.organisation))
    return render(request, "registry/change_mandate.html", _about(mandate) | {"form": form})


@require_http_methods(["GET", "POST"])
@requires(MANAGE, queries.get_mandate, about=its_organisation, login=True)
def end(request: SignedInRequest, mandate: Mandate) -> HttpResponse:
    """End a mandate, at once or on a day."""
    is_last = mandate.user_id == request.user.pk and queries.is_last_manager(mandate)
    form = EndForm(request.POST or None, is_last=is_last)
    if request.method == "POST" and form.is_valid():
        try:
            services.end_mandate_of(actor=request.user, mandate=mandate, **form.cleaned_data)
        except services.MandateError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _ended(form.cleaned_data["last_day"]))
            return see_other(_back(request, mandate.organisation))
    return render(request, "registry/end_mandate.html", _about(mandate) | {"form": form})


def _ended(last_day: date | None) -> str:
    if last_day is None:
        return _("Das Mandat ist beendet.")
    return _("Das Mandat endet am %(value)s.") % {"value": date_format(last_day, "DATE_FORMAT")}


def _about(mandate: Mandate) -> dict[str, object]:
    return {"organisation": mandate.organisation, "mandate": mandate}


def _back(request: SignedInRequest, organisation: Organisation) -> str:
    """To the list; to the public page for somebody who may no longer see the list."""
    if request.user.has_perm("registry.view_people", organisation):
        return people_page(organisation)
    return organisation.get_absolute_url()


@require_http_methods(["GET", "POST"])
@requires(MANAGE, queries.get_request, about=its_organisation, login=True)
def decide_request(request: SignedInRequest, wish: MandateRequest) -> HttpResponse:
    """Confirm or refuse what somebody with an official address asks for."""
    form = RequestDecisionForm(request.POST or None, office=wish.office)
    if request.method == "POST" and form.is_valid():
        try:
            _decide(request, wish, form)
        except services.RequestError as error:
            messages.warning(request, str(error))
        return see_other(people_page(wish.organisation))
    return render(
        request,
        "registry/decide_request.html",
        {"form": form, "wish": wish, "organisation": wish.organisation},
    )


def _decide(request: SignedInRequest, wish: MandateRequest, form: RequestDecisionForm) -> None:
    values = form.cleaned_data
    if values["decision"] == "ja":
        services.confirm_request(
            actor=request.user, request=wish, rights=values["rights"], until=values["until"]
        )
        messages.success(
            request,
            _("%(user)s hat jetzt ein Mandat und erfährt es per E-Mail.") % {"user": wish.user},
        )
    else:
        services.refuse_request(actor=request.user, request=wish, reason=values["reason"])
        messages.success(
            request, _("Abgelehnt. %(user)s erfährt es per E-Mail.") % {"user": wish.user}
        )


@require_http_methods(["GET", "POST"])
@requires(MANAGE, queries.get_organisation, login=True)
def settings(request: SignedInRequest, organisation: Organisation) -> HttpResponse:
    """Four eyes, and the domains of official addresses."""
    form = FourEyesForm(request.POST or None, initial={"four_eyes": organisation.four_eyes})
    if request.method == "POST" and form.is_valid():
        services.choose_four_eyes(
            actor=request.user, organisation=organisation, **form.cleaned_data
        )
        messages.success(request, "Gespeichert.")
        return see_other(reverse("registry:settings", args=[organisation.slug]))
    return _settings_page(request, organisation, form, DomainForm())


def _settings_page(
    request: SignedInRequest,
    organisation: Organisation,
    form: FourEyesForm,
    domain_form: DomainForm,
) -> HttpResponse:
    return render(
        request,
        "registry/settings.html",
        {
            "organisation": organisation,
            "form": form,
            "domain_form": domain_form,
            "domains": organisation.domains.order_by("domain"),
        },
    )


@require_POST
@requires(MANAGE, queries.get_organisation, login=True)
def add_domain(request: SignedInRequest, organisation: Organisation) -> HttpResponse:
    """Take addresses of one more domain as official ones."""
    form = DomainForm(request.POST)
    if form.is_valid():
        try:
            services.add_domain(actor=request.user, organisation=organisation, **form.cleaned_data)
        except services.OrganisationError as error:
            form.add_error("domain", str(error))
        else:
            messages.success(request, "Gespeichert.")
            return see_other(reverse("registry:settings", args=[organisation.slug]))
    first = FourEyesForm(initial={"four_eyes": organisation.four_eyes})
    return _settings_page(request, organisation, first, form)


@require_POST
@requires(MANAGE, queries.get_organisation, login=True)
def remove_domain(request: SignedInRequest, organisation: Organisation) -> HttpResponse:
    """Take addresses of a domain as official no longer."""
    domain = request.POST.get("domain", "").replace("\0", "")  # PostgreSQL knows no NUL
    services.remove_domain(actor=request.user, organisation=organisation, domain=domain)
    messages.success(request, _("Gespeichert. Mandate, die es schon gibt, bleiben gültig."))
    return see_other(reverse("registry:settings", args=[organisation.slug]))
