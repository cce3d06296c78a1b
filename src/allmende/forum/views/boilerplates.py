"""Text blocks of a ministry: for everybody who writes answers there."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from allmende.portal.access import SignedInRequest, requires, see_other
from allmende.registry.models import Mandate, Organisation
from allmende.registry.queries import acting_mandate

from .. import queries, services
from ..forms import BoilerplateFilterForm, BoilerplateForm, caught_up
from ..models import Boilerplate

PAGE_SIZE = 25


@require_safe
@requires("forum.work_in_ministry", login=True)
def boilerplates(request: SignedInRequest) -> HttpResponse:
    """All text blocks of one's ministries."""
    form, ministries = BoilerplateFilterForm(request.GET), queries.own_ministries(request.user)
    found = queries.listed_boilerplates(ministries, words=form.chosen())
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("seite"))
    shown = {"form": form, "page": page, "several": len(ministries) > 1}
    return render(request, "forum/queue/boilerplates.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("forum.work_in_ministry", login=True)
def add(request: SignedInRequest) -> HttpResponse:
    """Write a new text block."""
    form = BoilerplateForm(request.POST or None, ministries=queries.own_ministries(request.user))
    if request.method == "POST" and form.is_valid():
        try:
            services.add_boilerplate(
                actor=request.user,
                mandate=_mandate_in(request, form.ministry),
                title=form.cleaned_data["name"],
                text=form.cleaned_data["text"],
            )
        except services.Conflict as conflict:
            form.add_error(None, str(conflict))
        else:
            messages.success(request, _("Der Textbaustein ist gespeichert."))
            return see_other(reverse("ministry:boilerplates"))
    return render(request, "forum/queue/boilerplate.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@requires("forum.change_boilerplate", queries.get_boilerplate, login=True)
def change(request: SignedInRequest, boilerplate: Boilerplate) -> HttpResponse:
    """Change a text block; what somebody else has changed meanwhile is shown beside what was typed."""
    form = BoilerplateForm(
        request.POST or None,
        ministries=[boilerplate.organisation],
        initial=BoilerplateForm.values_of(boilerplate),
    )
    shown: dict[str, object] = {"form": form, "boilerplate": boilerplate}
    if request.method == "POST" and form.is_valid():
        try:
            services.change_boilerplate(
                actor=request.user,
                mandate=_mandate_in(request, boilerplate.organisation),
                boilerplate=boilerplate,
                title=form.cleaned_data["name"],
                text=form.cleaned_data["text"],
                seen=form.cleaned_data["seen"],
            )
        except services.Overtaken as overtaken:
            form.add_error(None, str(overtaken))
            shown["meanwhile"] = overtaken.there
            caught_up(form, overtaken.there.edition)
        except services.Conflict as conflict:
            form.add_error(None, str(conflict))
        else:
            messages.success(request, _("Der Textbaustein ist gespeichert."))
            return see_other(reverse("ministry:boilerplates"))
    status = 409 if "meanwhile" in shown else 200
    return render(request, "forum/queue/boilerplate.html", shown, status=status)


@require_POST
@requires("forum.change_boilerplate", queries.get_boilerplate, login=True)
def remove(request: SignedInRequest, boilerplate: Boilerplate) -> HttpResponse:
    """Delete a text block."""
    services.remove_boilerplate(
        actor=request.user,
        mandate=_mandate_in(request, boilerplate.organisation),
        boilerplate=boilerplate,
    )
    messages.success(
        request, _("Der Textbaustein „%(title)s“ ist gelöscht.") % {"title": boilerplate.title}
    )
    return see_other(reverse("ministry:boilerplates"))


def _mandate_in(request: SignedInRequest, ministry: Organisation) -> Mandate:
    """In which mandate she writes for the ministry; the rule has been asked before."""
    if found := acting_mandate(request.user, ministry, *queries.WRITES):
        return found
    raise Http404
