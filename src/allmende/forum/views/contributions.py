"""Writing in the discussion, changing what one wrote, and taking it back."""

from operator import attrgetter
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from allmende.portal.access import SignedInRequest, requires, see_other

from .. import queries, services
from ..forms import ContributionForm, again, checked_files
from ..models import Concern, Contribution, Statement


@require_http_methods(["GET", "HEAD", "POST"])
@requires("forum.contribute", queries.get_concern, login=True)
def contribute(request: SignedInRequest, concern: Concern) -> HttpResponse:
    """Begin a thread about the concern."""
    return _write(request, concern)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(
    "forum.contribute",
    queries.get_discussed_statement,
    about=attrgetter("concern"),
    login=True,
)
def contribute_on(request: SignedInRequest, statement: Statement) -> HttpResponse:
    """Begin a thread about one statement."""
    return _write(request, statement.concern, statement=statement)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("forum.contribute", queries.get_contribution, about=attrgetter("concern"), login=True)
def reply(request: SignedInRequest, contribution: Contribution) -> HttpResponse:
    """Answer a contribution."""
    return _write(
        request, contribution.concern, statement=contribution.statement, parent=contribution
    )


def _write(
    request: SignedInRequest,
    concern: Concern,
    *,
    statement: Statement | None = None,
    parent: Contribution | None = None,
) -> HttpResponse:
    form = _form(
        request, concern=concern, speakers=queries.speakers(user=request.user, concern=concern)
    )
    if _is_sent(request) and _is_good(request, form):
        try:
            said = services.add_contribution(
                actor=request.user,
                mandate=form.speaker().mandate,
                concern=concern,
                statement=statement,
                parent=parent,
                text=form.cleaned_data["text"],
                mentions=form.cleaned_data["mentions"],
                uploads=form.kept,
            )
        except services.Conflict as conflict:
            form.add_error(None, str(conflict))
        else:
            messages.success(
                request, _("Ihr Beitrag steht da. 15 Minuten lang können Sie ihn ändern.")
            )
            return see_other(f"{said.get_absolute_url()}")
    back = (
        parent.get_absolute_url()
        if parent
        else reverse("forum:statement_discussion", args=[concern.slug, statement.pk])
        if statement
        else reverse("forum:discussion", args=[concern.slug])
    )
    context = {
        "concern": concern,
        "form": form,
        "statement": statement,
        "parent": parent,
        "back": back,
    }
    return render(request, "forum/contribute.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("forum.change_contribution", queries.get_contribution, login=True)
def change(request: SignedInRequest, contribution: Contribution) -> HttpResponse:
    """Change what one wrote, within fifteen minutes."""
    values = {
        "text": contribution.text,
        "seen": contribution.edition,
        "erwaehnt": list(contribution.mentions.values_list("slug", flat=True)),
    }
    form = _form(request, concern=contribution.concern, contribution=contribution, initial=values)
    if not form.is_bound and request.method != "POST":
        form.kept = [each.upload for each in contribution.attachments.select_related("upload")]
    shown: dict[str, Any] = {
        "concern": contribution.concern,
        "form": form,
        "contribution": contribution,
    }
    if _is_sent(request) and _is_good(request, form):
        try:
            services.change_contribution(
                actor=request.user,
                contribution=contribution,
                seen=form.cleaned_data["seen"],
                text=form.cleaned_data["text"],
                mentions=form.cleaned_data["mentions"],
                uploads=form.kept,
            )
        except services.Overtaken as overtaken:
            form.add_error(None, str(overtaken))
            form.data = _with(form.data, "seen", overtaken.there.edition)
            shown["meanwhile"] = overtaken.there.text
        except services.Conflict as conflict:
            form.add_error(None, str(conflict))
        else:
            messages.success(request, _("Geändert."))
            return see_other(contribution.get_absolute_url())
    shown["back"] = contribution.get_absolute_url()
    return render(
        request, "forum/contribute.html", shown, status=409 if "meanwhile" in shown else 200
    )


@require_http_methods(["GET", "HEAD", "POST"])
@requires("forum.change_contribution", queries.get_contribution, login=True)
def take_back(request: SignedInRequest, contribution: Contribution) -> HttpResponse:
    """Delete what one wrote, while nobody has answered; asks first."""
    concern = contribution.concern
    if request.method == "POST":
        try:
            services.take_back_contribution(actor=request.user, contribution=contribution)
        except services.Conflict as conflict:
            messages.warning(request, str(conflict))
            return see_other(contribution.get_absolute_url())
        messages.success(request, _("Ihr Beitrag ist zurückgenommen."))
        return see_other(
            contribution.parent.get_absolute_url()
            if contribution.parent
            else reverse("forum:discussion", args=[concern.slug])
        )
    context = {"concern": concern, "contribution": contribution}
    return render(request, "forum/take_back_contribution.html", context)


def _form(request: SignedInRequest, **about: Any) -> ContributionForm:
    """The form as it was sent; where organisations were looked for, with what was typed so far."""
    if request.method == "POST" and not _is_sent(request):
        form = ContributionForm(**{**about, "initial": again(request.POST)})
        form.take_along(request.POST.getlist("behalten"))
        good, faults = checked_files(request.FILES.getlist("dateien"))
        for fault in faults:
            messages.warning(request, fault)
        _keep(request, form, good)
        return form
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    return ContributionForm(*sent, **about)


def _is_sent(request: SignedInRequest) -> bool:
    """Whether the contribution was sent, and not only organisations looked for."""
    return request.method == "POST" and "suchen" not in request.POST


def _is_good(request: SignedInRequest, form: ContributionForm) -> bool:
    """Whether the form can be taken; its files are kept in any case, so that none is chosen twice."""
    good = form.is_valid()
    too_many = "dateien" in form.errors
    kept = too_many or _keep(request, form, form.cleaned_data.get("dateien") or [])
    return good and kept


def _keep(request: SignedInRequest, form: ContributionForm, files: list[Any]) -> bool:
    try:
        form.kept += [services.keep_file(actor=request.user, file=file) for file in files]
    except services.Conflict as conflict:
        if form.is_bound:
            form.add_error("dateien", str(conflict))
        else:
            messages.warning(request, str(conflict))
        return False
    return True


def _with(data: Any, name: str, value: str) -> Any:
    changed = data.copy()
    changed[name] = value
    return changed
