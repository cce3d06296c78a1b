"""Inviting to sittings, answering invitations, beginning and calling off."""

from datetime import datetime
from typing import Annotated, Any

from django.http import Http404
from django.utils.translation import gettext_noop
from ninja import Router
from pydantic import Field, StringConstraints

from allmende.accounts.models import Scope
from allmende.portal.api import ApiRequest, Schema, Text, as_choice, checked, guarded
from allmende.portal.api.guards import PersonRequest
from allmende.registry.api import OrganisationShort, organisation_short

from ..forms.sittings import AnswerForm, CancelForm
from ..models import Attendance, Presence, Sitting, SittingState
from ..queries import sittings as queries
from ..services import sittings as services
from .sittings import SittingOut, as_it_is

router = Router(tags=[gettext_noop("Sitzungen")])

PresenceKey = as_choice(Presence)


class CancelIn(Schema):
    """Why it does not take place."""

    reason: Annotated[Text, StringConstraints(min_length=1, max_length=500)]


class InvitedOut(Schema):
    """How many were invited."""

    members: int
    sitting: SittingOut


class InvitationOut(Schema):
    """Whether somebody comes for an organisation."""

    id: int
    organisation: OrganisationShort
    presence: PresenceKey  # type: ignore[valid-type]
    answered_at: datetime | None


class InvitationAnswer(Schema):
    """Whether somebody comes, and who."""

    comes: bool
    who: Annotated[Text, StringConstraints(max_length=200)] = Field(
        "", description=gettext_noop("Name und Amt; sieht nur, wer einlädt. Leer: Sie selbst")
    )


def _invitation(attendance: Attendance) -> dict[str, Any]:
    return {
        "id": attendance.pk,
        "organisation": organisation_short(attendance.organisation),
        "presence": attendance.presence,
        "answered_at": attendance.answered_at,
    }


@router.post(
    "/sittings/{int:number}/invite",
    response=InvitedOut,
    summary=gettext_noop("Mitglieder einladen"),
)
@guarded("forum.run_sitting", queries.get_sitting, scope=Scope.RELEASE)
def invite(request: PersonRequest, sitting: Sitting) -> dict[str, Any]:
    """Alle; beim zweiten Mal die, die seither dazukamen."""
    planned = sitting.state == SittingState.PLANNED
    service = services.invite_members if planned else services.invite_more
    mandate = queries.running_mandate(request.user, sitting.series)
    members = service(actor=request.user, mandate=mandate, sitting=sitting)
    return {"members": members, "sitting": as_it_is(request, sitting)}


@router.post(
    "/sittings/{int:number}/begin",
    response=SittingOut,
    summary=gettext_noop("Die Sitzung beginnen"),
)
@guarded("forum.run_sitting", queries.get_sitting, scope=Scope.RELEASE)
def begin_sitting(request: PersonRequest, sitting: Sitting) -> dict[str, Any]:
    """An ihrem Tag; danach wird mitgeschrieben."""
    mandate = queries.running_mandate(request.user, sitting.series)
    services.begin_sitting(actor=request.user, mandate=mandate, sitting=sitting)
    return as_it_is(request, sitting)


@router.post(
    "/sittings/{int:number}/cancel",
    response=SittingOut,
    summary=gettext_noop("Die Sitzung absagen"),
)
@guarded("forum.run_sitting", queries.get_sitting, scope=Scope.RELEASE)
def cancel_sitting(request: PersonRequest, sitting: Sitting, data: CancelIn) -> dict[str, Any]:
    """Alle Eingeladenen lesen, warum."""
    services.cancel_sitting(
        actor=request.user,
        mandate=queries.running_mandate(request.user, sitting.series),
        sitting=sitting,
        **checked(CancelForm(data.dict())),
    )
    return as_it_is(request, sitting)


@router.get(
    "/sittings/{int:number}/invitations",
    response=list[InvitationOut],
    summary=gettext_noop("Einladungen, die Sie beantworten können"),
)
@guarded("forum.view_sitting", queries.get_sitting)
def list_invitations(request: ApiRequest, sitting: Sitting) -> list[dict[str, Any]]:
    """Die Ihrer Organisationen."""
    return [_invitation(each) for each in queries.invitations_of(request.user, sitting)]


@router.put(
    "/invitations/{int:number}", response=InvitationOut, summary=gettext_noop("Zu- oder absagen")
)
@guarded("forum.answer_invitation", queries.get_attendance, scope=Scope.CONTRIBUTE)
def answer_invitation(
    request: PersonRequest, attendance: Attendance, data: InvitationAnswer
) -> dict[str, Any]:
    """Bis zum Beginn; eine spätere Antwort ersetzt die frühere."""
    mandate = queries.invited_mandate(request.user, attendance)
    if mandate is None:  # the rule has been asked; nothing else may lead here
        raise Http404
    herself = data.comes and not data.who
    form = AnswerForm(
        {
            "comes": "ja" if data.comes else "nein",
            "who": data.who,
            "person": request.user.pk if herself else None,
        },
        attendance=attendance,
        people=queries.attending_people(attendance.organisation),
        user=request.user,
    )
    said = checked(form)
    services.answer_invitation(
        actor=request.user,
        mandate=mandate,
        attendance=attendance,
        comes=data.comes,
        person=said["person"],
        who=said["who"],
    )
    return _invitation(attendance)
