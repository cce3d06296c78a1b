"""Commitments while the answer that they belong to is being drafted."""

from operator import attrgetter

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from allmende.portal.access import SignedInRequest, requires, see_other

from .. import queries, services
from ..forms import CommitmentForm, caught_up
from ..models import Commitment, SealedSection, SectionAnswer
from .answers import mandate_in


@require_http_methods(["GET", "HEAD", "POST"])
@requires(
    "forum.draft_answer",
    queries.get_section_to_answer,
    about=attrgetter("position.concern"),
    login=True,
)
def add(request: SignedInRequest, section: SealedSection) -> HttpResponse:
    """Promise something with the answer to a section."""
    concern = section.position.concern
    answer = SectionAnswer.objects.select_related("answer__concern").filter(section=section).first()
    if answer is None or concern.ministry is None:
        messages.info(request, _("Sagen Sie zuerst, was aus dem Abschnitt wird."))
        return see_other(_section(concern.slug, section))
    form = CommitmentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.make_commitment(
                actor=request.user,
                mandate=mandate_in(request, concern),
                organisation=concern.ministry,
                answer=answer,
                **form.as_fields(),
            )
        except services.Conflict as conflict:
            form.add_error(None, str(conflict))
        else:
            messages.success(request, _("Die Zusage ist gespeichert."))
            return see_other(_section(concern.slug, section))
    shown = {"concern": concern, "section": section, "form": form}
    return render(request, "forum/commitment_form.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(
    "forum.draft_answer", queries.get_drafted_commitment, about=attrgetter("concern"), login=True
)
def change(request: SignedInRequest, commitment: Commitment) -> HttpResponse:
    """Change a commitment before the answer is published."""
    assert commitment.concern is not None  # noqa: S101  those of answers have one
    assert commitment.answer is not None  # noqa: S101
    section = commitment.answer.section
    form = CommitmentForm(request.POST or None, initial=CommitmentForm.values_of(commitment))
    shown: dict[str, object] = {}
    if request.method == "POST" and form.is_valid():
        try:
            services.change_commitment(
                actor=request.user,
                mandate=mandate_in(request, commitment.concern),
                commitment=commitment,
                seen=form.cleaned_data["seen"],
                **form.as_fields(),
            )
        except services.Overtaken as overtaken:
            form.add_error(None, str(overtaken))
            shown["meanwhile"] = overtaken.there
            caught_up(form, overtaken.there.edition)
        except services.Conflict as conflict:
            form.add_error(None, str(conflict))
        else:
            return see_other(_section(commitment.concern.slug, section))
    shown |= {
        "concern": commitment.concern,
        "section": section,
        "form": form,
        "commitment": commitment,
    }
    status = 409 if "meanwhile" in shown else 200
    return render(request, "forum/commitment_form.html", shown, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(
    "forum.draft_answer", queries.get_drafted_commitment, about=attrgetter("concern"), login=True
)
def remove(request: SignedInRequest, commitment: Commitment) -> HttpResponse:
    """Take a commitment out of the draft; asks first."""
    assert commitment.concern is not None  # noqa: S101  those of answers have one
    assert commitment.answer is not None  # noqa: S101
    section = commitment.answer.section
    if request.method == "POST":
        try:
            services.remove_commitment(
                actor=request.user,
                mandate=mandate_in(request, commitment.concern),
                commitment=commitment,
            )
        except services.Conflict as conflict:
            messages.warning(request, str(conflict))
        else:
            messages.success(request, _("Die Zusage ist entfernt."))
        return see_other(_section(commitment.concern.slug, section))
    shown = {"concern": commitment.concern, "section": section, "commitment": commitment}
    return render(request, "forum/remove_commitment.html", shown)


def _section(slug: str, section: SealedSection) -> str:
    return reverse("forum:answer_section", args=[slug, section.number])
