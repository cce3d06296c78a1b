"""Sittings: lists, dates, invitations and answers."""

from collections.abc import Callable

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from allmende.audit.queries import history_of
from allmende.audit.words import tell
from allmende.formats.calendars import write_feed
from allmende.portal.access import SignedInRequest, public, requires, see_other
from allmende.portal.calendars import calendar_response
from allmende.portal.tables import csv_response, moment

from ..forms.sittings import (
    AnswerForm,
    CancelForm,
    ChangeSittingForm,
    SittingFilterForm,
    SittingForm,
)
from ..models import Attendance, Series, Sitting
from ..queries import sittings as queries
from ..services import Conflict, Overtaken
from ..services import sittings as services

PAGE_SIZE = 20
GUESTS = 50


@require_safe
@public
def sitting_list(request: HttpRequest) -> HttpResponse:
    """Coming and past sittings."""
    form = SittingFilterForm(request.GET)
    page = Paginator(_filtered(request, form), PAGE_SIZE).get_page(request.GET.get("seite"))
    return render(
        request,
        "forum/sittings/list.html",
        {"form": form, "page": page, "series": list(Series.objects.select_related("host"))},
    )


@require_safe
@public
def sitting_csv(request: HttpRequest) -> StreamingHttpResponse:
    """The same list for a spreadsheet."""
    sittings = _filtered(request, SittingFilterForm(request.GET))
    return csv_response(
        "sitzungen.csv",
        [_("Titel"), _("Reihe"), _("Beginn"), _("Ende"), _("Ort"), _("Stand"), _("Punkte"),
         _("Eingeladen"), _("Zugesagt"), _("Anwesend"), _("Beispieldaten"), _("Adresse")],
        (
            [
                row.title,
                row.series.name,
                moment(row.starts_at),
                moment(row.ends_at),
                row.place,
                row.get_state_display(),
                row.items,  # type: ignore[attr-defined]
                row.invited,  # type: ignore[attr-defined]
                row.coming,  # type: ignore[attr-defined]
                row.present,  # type: ignore[attr-defined]
                _("ja") if row.series.is_example else _("nein"),
                request.build_absolute_uri(row.get_absolute_url()),
            ]
            for row in sittings
        ),
    )  # fmt: skip


def _filtered(request: HttpRequest, form: SittingFilterForm) -> QuerySet[Sitting]:
    sittings = queries.with_numbers(queries.visible_sittings(request.user))
    wishes = form.cleaned_data if form.is_valid() else {}
    if series := wishes.get("reihe"):
        sittings = sittings.filter(series=series)
    if wishes.get("stand") == "vergangen":
        return sittings.exclude(state__in=queries.COMING).order_by("-starts_at", "-pk")
    if wishes.get("stand") == "alle":
        return sittings.order_by("-starts_at", "-pk")
    return sittings.filter(state__in=queries.COMING).order_by("starts_at", "pk")


@require_safe
@requires("forum.view_sitting", queries.get_sitting)
def sitting(request: HttpRequest, sitting: Sitting) -> HttpResponse:
    """One sitting: when and where, its agenda, and what a person can do now."""
    hosting = queries.keeping_mandate(request.user, sitting.series) is not None
    guests = sitting.attendances.select_related("organisation", "person")
    page = Paginator(guests, GUESTS).get_page(request.GET.get("seite")) if hosting else None
    inside = hosting or bool(queries.member_mandates(request.user, sitting.series))
    return render(
        request,
        "forum/sittings/sitting.html",
        {
            "sitting": queries.with_numbers(
                Sitting.objects.select_related("series__host").filter(pk=sitting.pk)
            ).get(),
            "agenda": list(queries.agenda_of(sitting)),
            "proposals": queries.proposals_of(sitting).count(),
            "invitations": queries.invitations_of(request.user, sitting),
            "link": sitting.link if inside else "",
            "inside": inside,
            "hosting": hosting,
            "guests": page,
            "missing": queries.uninvited_members(sitting).count() if hosting else 0,
            "history": list(tell(history_of(sitting)[:20], reader=request.user)),
        },
    )


@require_safe
@requires("forum.view_sitting", queries.get_sitting)
def calendar(request: HttpRequest, sitting: Sitting) -> HttpResponse:
    """One sitting for a calendar, without what only members may know."""
    text = write_feed(sitting.title, [services.meeting_of(sitting)])
    return calendar_response("sitzung.ics", text)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("forum.run_series", queries.get_series, login=True)
def plan(request: SignedInRequest, series: Series) -> HttpResponse:
    """Plan the next sitting of a series; a date is proposed."""
    proposed = SittingForm.values_for(series, queries.next_date(series))
    form = SittingForm(request.POST or None, initial=proposed)
    if request.method == "POST" and form.is_valid():
        made = services.add_sitting(
            actor=request.user,
            mandate=queries.running_mandate(request.user, series),
            series=series,
            **form.values,
        )
        messages.success(request, _("Geplant. Noch sieht die Sitzung nur, wer einlädt."))
        return see_other(made.get_absolute_url())
    return render(request, "forum/sittings/edit.html", {"form": form, "series": series})


@require_http_methods(["GET", "HEAD", "POST"])
@requires("forum.run_sitting", queries.get_sitting, login=True)
def change(request: SignedInRequest, sitting: Sitting) -> HttpResponse:
    """Change date, place or link; what somebody else has changed meanwhile is shown beside."""
    form = ChangeSittingForm(request.POST or None, initial=ChangeSittingForm.values_of(sitting))
    shown: dict[str, object] = {"form": form, "sitting": sitting, "series": sitting.series}
    if request.method == "POST" and form.is_valid():
        try:
            services.change_sitting(
                actor=request.user,
                mandate=queries.running_mandate(request.user, sitting.series),
                sitting=sitting,
                seen=form.cleaned_data["seen"],
                **form.values,
            )
        except Overtaken as overtaken:
            form.add_error(None, str(overtaken))
            shown["meanwhile"] = form.catch_up(sitting)
        except Conflict as conflict:
            form.add_error(None, str(conflict))
        else:
            messages.success(request, _("Gespeichert."))
            return see_other(sitting.get_absolute_url())
    status = 409 if "meanwhile" in shown else 200
    return render(request, "forum/sittings/edit.html", shown, status=status)


@require_POST
@requires("forum.run_sitting", queries.get_sitting, login=True)
def invite(request: SignedInRequest, sitting: Sitting) -> HttpResponse:
    """Invite all members."""
    return _invite(request, sitting, services.invite_members)


@require_POST
@requires("forum.run_sitting", queries.get_sitting, login=True)
def invite_more(request: SignedInRequest, sitting: Sitting) -> HttpResponse:
    """Invite members that joined later."""
    return _invite(request, sitting, services.invite_more)


def _invite(
    request: SignedInRequest, sitting: Sitting, service: Callable[..., int]
) -> HttpResponse:
    mandate = queries.running_mandate(request.user, sitting.series)
    try:
        count = service(actor=request.user, mandate=mandate, sitting=sitting)
    except Conflict as conflict:
        messages.warning(request, str(conflict))
    else:
        said = ngettext(
            "%(count)d Mitglied ist eingeladen. Die Mail ist unterwegs.",
            "%(count)d Mitglieder sind eingeladen. Die Mails sind unterwegs.",
            count,
        )
        messages.success(request, said % {"count": count})
    return see_other(sitting.get_absolute_url())


@require_POST
@requires("forum.run_sitting", queries.get_sitting, login=True)
def begin(request: SignedInRequest, sitting: Sitting) -> HttpResponse:
    """Begin the sitting and its minutes."""
    mandate = queries.running_mandate(request.user, sitting.series)
    try:
        services.begin_sitting(actor=request.user, mandate=mandate, sitting=sitting)
    except Conflict as conflict:
        messages.warning(request, str(conflict))
        return see_other(sitting.get_absolute_url())
    return see_other(
        reverse("sittings:minutes", args=[sitting.pk]) if mandate else sitting.get_absolute_url()
    )


@require_http_methods(["GET", "HEAD", "POST"])
@requires("forum.run_sitting", queries.get_sitting, login=True)
def cancel(request: SignedInRequest, sitting: Sitting) -> HttpResponse:
    """Call a sitting off, with a reason."""
    form = CancelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.cancel_sitting(
                actor=request.user,
                mandate=queries.running_mandate(request.user, sitting.series),
                sitting=sitting,
                reason=form.cleaned_data["reason"],
            )
        except Conflict as conflict:
            messages.warning(request, str(conflict))
        else:
            messages.success(request, _("Die Sitzung ist abgesagt."))
        return see_other(sitting.get_absolute_url())
    return render(request, "forum/sittings/cancel.html", {"form": form, "sitting": sitting})


@require_http_methods(["GET", "HEAD", "POST"])
@requires("forum.answer_invitation", queries.get_attendance, login=True)
def answer(request: SignedInRequest, attendance: Attendance) -> HttpResponse:
    """Say whether somebody comes, and who."""
    mandate = queries.invited_mandate(request.user, attendance)
    if mandate is None:  # the rule has been asked; nothing else may lead here
        raise Http404
    form = AnswerForm(
        request.POST or None,
        attendance=attendance,
        people=queries.attending_people(attendance.organisation),
        user=request.user,
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.answer_invitation(
                actor=request.user,
                mandate=mandate,
                attendance=attendance,
                comes=form.cleaned_data["comes"] == "ja",
                person=form.cleaned_data["person"],
                who=form.cleaned_data["who"],
            )
        except Conflict as conflict:
            messages.warning(request, str(conflict))
        else:
            messages.success(
                request, _("Danke, Ihre Antwort ist da. Sie können sie bis zum Beginn ändern.")
            )
        return see_other(attendance.sitting.get_absolute_url())
    return render(
        request,
        "forum/sittings/answer.html",
        {"form": form, "attendance": attendance, "sitting": attendance.sitting},
    )
