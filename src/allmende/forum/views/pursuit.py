"""Following up a commitment: the ministry reports, municipalities say whether it was kept."""

from operator import attrgetter

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from allmende.portal.access import SignedInRequest, requires, see_other
from allmende.registry.models import Mandate, Right
from allmende.registry.queries import mandates_with

from .. import queries, services
from ..forms import MilestoneForm, OutcomeForm, PostponeForm, ReportForm, VerdictForm, caught_up
from ..models import Commitment, Milestone


def _mandate(request: SignedInRequest, commitment: Commitment) -> Mandate:
    found = queries.speaking_mandate(request.user, commitment.organisation)
    if found is None:  # the rule has been asked; nothing else may lead here
        raise Http404
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@requires("forum.report_commitment", queries.get_commitment, login=True)
def report(request: SignedInRequest, commitment: Commitment) -> HttpResponse:
    """Say how a commitment gets on."""
    form = ReportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        services.add_report(
            actor=request.user,
            mandate=_mandate(request, commitment),
            commitment=commitment,
            text=form.cleaned_data["text"],
            link=form.cleaned_data["link"],
            file=form.cleaned_data["dokument"],
        )
        messages.success(request, _("Der Bericht ist veröffentlicht."))
        return see_other(commitment.get_absolute_url())
    shown = {"commitment": commitment, "form": form}
    return render(request, "forum/commitment_report.html", shown)


@require_POST
@requires(
    "forum.report_commitment", queries.get_milestone, about=attrgetter("commitment"), login=True
)
def milestone(request: SignedInRequest, milestone: Milestone) -> HttpResponse:
    """Say that a milestone was reached, on a day; without one, that it was not after all."""
    form = MilestoneForm(request.POST)
    if not form.is_valid():
        messages.warning(request, " ".join(map(str, form.errors["am"])))
        return see_other(milestone.commitment.get_absolute_url())
    try:
        services.reach_milestone(
            actor=request.user,
            mandate=_mandate(request, milestone.commitment),
            milestone=milestone,
            reached_on=form.cleaned_data["am"],
        )
    except services.Conflict as conflict:
        messages.warning(request, str(conflict))
    return see_other(f"{milestone.commitment.get_absolute_url()}#etappen")


@require_http_methods(["GET", "HEAD", "POST"])
@requires("forum.settle_commitment", queries.get_commitment, login=True)
def settle(request: SignedInRequest, commitment: Commitment) -> HttpResponse:
    """Say what became of a commitment."""
    form = OutcomeForm(request.POST or None, initial=OutcomeForm.values_of(commitment))
    shown: dict[str, object] = {"commitment": commitment, "form": form}
    if request.method == "POST" and form.is_valid():
        mandate, *_others = mandates_with(Right.RELEASE, request.user, commitment.organisation)
        try:
            services.set_outcome(
                actor=request.user,
                mandate=mandate,
                commitment=commitment,
                outcome=form.cleaned_data["ergebnis"],
                text=form.cleaned_data["text"],
                seen=form.cleaned_data["seen"],
            )
        except services.Overtaken as overtaken:
            form.add_error(None, str(overtaken))
            shown["meanwhile"] = overtaken.there
            caught_up(form, overtaken.there.outcome)
        else:
            messages.success(
                request,
                _("Das Ergebnis ist veröffentlicht. Wer beteiligt war, kann es jetzt bewerten."),
            )
            return see_other(commitment.get_absolute_url())
    status = 409 if "meanwhile" in shown else 200
    return render(request, "forum/commitment_outcome.html", shown, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("forum.report_commitment", queries.get_commitment, login=True)
def postpone(request: SignedInRequest, commitment: Commitment) -> HttpResponse:
    """Set another day, with a reason."""
    if commitment.outcome:
        messages.info(request, _("Zu dieser Zusage steht schon fest, was daraus wurde."))
        return see_other(commitment.get_absolute_url())
    form = PostponeForm(request.POST or None, initial={"seen": commitment.due_on})
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            services.postpone_commitment(
                actor=request.user,
                mandate=_mandate(request, commitment),
                commitment=commitment,
                due_on=form.cleaned_data["bis"],
                reason=form.cleaned_data["begruendung"],
                seen=form.cleaned_data["seen"],
            )
        except services.Overtaken as overtaken:
            form.add_error(None, str(overtaken))
            caught_up(form, overtaken.there.due_on.isoformat())
            status = 409
        except services.Conflict as conflict:
            form.add_error("bis", str(conflict))
        else:
            messages.success(request, _("Der neue Tag gilt. Der bisherige bleibt sichtbar."))
            return see_other(commitment.get_absolute_url())
    shown = {"commitment": commitment, "form": form}
    return render(request, "forum/commitment_postpone.html", shown, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("forum.judge_commitment", queries.get_commitment, login=True)
def judge(request: SignedInRequest, commitment: Commitment) -> HttpResponse:
    """Say for a municipality or an association whether a commitment was kept."""
    mandates = queries.judging_mandates(request.user, commitment)
    own = queries.verdicts_of(commitment, mandates)
    wanted = request.GET.get("fuer") or mandates[0].organisation.slug
    slugs = {mandate.organisation.slug: mandate.organisation_id for mandate in mandates}
    before = own.get(slugs.get(wanted, 0))
    initial = {"fuer": wanted} | (
        {"urteil": before.outcome, "warum": before.text} if before else {}
    )
    form = VerdictForm(request.POST or None, mandates=mandates, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.judge_commitment(
                actor=request.user,
                mandate=form.mandate,
                commitment=commitment,
                outcome=form.cleaned_data["urteil"],
                text=form.cleaned_data["warum"],
            )
        except services.Conflict as conflict:
            messages.warning(request, str(conflict))
        else:
            messages.success(request, _("Danke. Ihre Bewertung zählt; Sie können sie ändern."))
        return see_other(commitment.get_absolute_url())
    shown = {"commitment": commitment, "form": form, "before": before, "mandates": mandates}
    return render(request, "forum/commitment_verdict.html", shown)
