"""Proving decisions of councils and committees."""

from operator import attrgetter

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from allmende.formats.oparl import OParlError
from allmende.portal.access import SignedInRequest, requires, see_other
from allmende.portal.uploads import download
from allmende.registry.models import Mandate

from .. import queries, services
from ..forms import EvidenceForm, WithdrawForm
from ..models import Evidence, Participant


@require_http_methods(["GET", "HEAD", "POST"])
@requires("forum.add_evidence", queries.get_municipality, login=True)
def add(request: SignedInRequest, participant: Participant) -> HttpResponse:
    """Prove a decision by a file or an address."""
    votes = queries.votes_of(participant).filter(answered_by=None)
    form = EvidenceForm(request.POST or None, request.FILES or None, votes=votes)
    if request.method == "POST" and form.is_valid() and _add(request, participant, form):
        messages.success(request, _("Der Beschluss ist nachgewiesen."))
        return see_other(_own_votes(participant))
    ticked = form.ticked  # asks the database
    context = {
        "concern": participant.concern,
        "participant": participant,
        "form": form,
        "newest": max((vote.cast_at for vote in votes), default=timezone.now()),
        "rows": [(vote, str(vote.pk) in ticked) for vote in votes],
    }
    return render(request, "forum/add_evidence.html", context)


def _add(request: SignedInRequest, participant: Participant, form: EvidenceForm) -> bool:
    """Store what the form says; what is wrong with it stands in the form then."""
    typed = form.cleaned_data
    source = typed["dokument"]
    title, day, reference = typed["gegenstand"], typed["datum"], typed["drucksache"]
    try:
        if source is None:
            source = services.read_address(address=typed["adresse"], participant=participant)
            title = title or source.title
            day = day or source.decided_on
            reference = reference or source.reference
    except OParlError as error:
        form.add_error("adresse", str(error))
        return False
    if not title or not day:
        if title:
            form.add_error(
                "datum", _("Der Eintrag nennt kein Datum. Bitte tragen Sie es hier nach.")
            )
        else:
            form.add_error(
                "gegenstand",
                _("Der Eintrag nennt keinen Gegenstand. Bitte tragen Sie ihn hier nach."),
            )
        return False
    try:
        services.add_evidence(
            actor=request.user,
            mandate=_mandate(request, participant),
            participant=participant,
            level=typed["stufe"],
            decided_on=day,
            title=title[:300],
            reference=reference[:60],
            statements=[vote.statement_id for vote in typed["stimmen"]],
            seen_at=typed["stand"],
            source=source,
        )
    except services.Conflict as conflict:
        form.add_error(None, str(conflict))
        return False
    return True


@require_http_methods(["GET", "HEAD", "POST"])
@requires("forum.add_evidence", queries.get_evidence, about=attrgetter("participant"), login=True)
def withdraw(request: SignedInRequest, evidence: Evidence) -> HttpResponse:
    """Take evidence back; asks first."""
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.withdraw_evidence(
                actor=request.user,
                mandate=_mandate(request, evidence.participant),
                evidence=evidence,
                reason=form.cleaned_data["begruendung"],
            )
        except services.Conflict as conflict:
            messages.warning(request, str(conflict))
        else:
            messages.success(request, _("Der Nachweis ist zurückgezogen."))
        return see_other(_own_votes(evidence.participant))
    context = {
        "concern": evidence.participant.concern,
        "evidence": evidence,
        "form": form,
        "votes": evidence.votes.count(),
        "back": _own_votes(evidence.participant),
    }
    return render(request, "forum/withdraw_evidence.html", context)


@require_safe
@requires("forum.view_voices", queries.get_evidence, about=attrgetter("participant.concern"))
def document(request: HttpRequest, evidence: Evidence) -> HttpResponse | FileResponse:
    """The proof itself: the file, or what the council information system said."""
    if evidence.upload is not None:
        return download(evidence.upload)
    context = {
        "concern": evidence.participant.concern,
        "evidence": evidence,
        "told": evidence.snapshot,
    }
    return render(request, "forum/evidence.html", context)


def _mandate(request: SignedInRequest, participant: Participant) -> Mandate:
    mandate = queries.mandate_for(request.user, participant.region_id, *queries.VOTES)
    if mandate is None:  # the rule has been asked; nothing else may lead here
        raise Http404
    return mandate


def _own_votes(participant: Participant) -> str:
    assert participant.region is not None  # noqa: S101  only municipalities prove decisions
    page = reverse("forum:own_votes", args=[participant.concern.slug])
    return f"{page}?als={participant.region.ars}"
