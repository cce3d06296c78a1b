"""Minutes: written while a sitting runs, closed once, added to afterwards."""

from datetime import datetime
from typing import Annotated, Any

from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import Router, Status
from pydantic import Field, StringConstraints

from allmende.accounts.models import Scope
from allmende.portal.api import ApiRequest, Day, Problem, Schema, Text, guarded
from allmende.portal.api.guards import PersonRequest
from allmende.registry.models import Mandate

from ..models import AgendaItem, Sitting
from ..queries import sittings as queries
from ..services import make_commitment
from ..services import sittings as services
from .commitments import CommitmentOut, commitment_out
from .sittings import ItemOut, item_out
from .way import Slug

router = Router(tags=[gettext_noop("Sitzungen")])


class AddendumOut(Schema):
    """What was added to closed minutes."""

    text: str
    office: str
    at: datetime


class MinutesOut(Schema):
    """The minutes of a sitting as they stand."""

    sitting: int
    state: str
    items: list[ItemOut]
    present: list[str] = Field(description=gettext_noop("Namen von Organisationen"))
    excused: int
    invited: int
    addenda: list[AddendumOut]


class ItemMinutes(Schema):
    """What was said and decided on a point."""

    minutes: Annotated[Text, StringConstraints(max_length=10_000)] = ""
    decision: Annotated[Text, StringConstraints(max_length=2_000)] = ""
    edition: int = Field(ge=0, le=10**9, description=gettext_noop("Wie gelesen"))


class AttendanceIn(Schema):
    """Who is there. Only who is named changes."""

    present: list[Slug] = Field([], max_length=2_000, description=gettext_noop("Kurznamen"))
    absent: list[Slug] = Field([], max_length=2_000)


class PromiseIn(Schema):
    """What is promised with a decision."""

    organisation: Slug = Field(
        description=gettext_noop("Wer es zusagt: wer einlädt, oder wer anwesend ist")
    )
    what: Annotated[Text, StringConstraints(min_length=1, max_length=300)]
    who: Annotated[Text, StringConstraints(min_length=1, max_length=200)]
    due_on: Day
    sign: Annotated[Text, StringConstraints(min_length=1, max_length=300)]


class AddendumIn(Schema):
    """What is to be added."""

    text: Annotated[Text, StringConstraints(min_length=1, max_length=5_000)]


def _minutes(sitting: Sitting) -> dict[str, Any]:
    shown = queries.minutes_of(sitting)
    return {
        "sitting": sitting.pk,
        "state": sitting.state,
        "items": [item_out(item, told=True) for item in shown.items],
        "present": shown.present,
        "excused": shown.excused,
        "invited": shown.invited,
        "addenda": [
            {
                "text": each.text,
                "office": each.mandate.capacity if each.mandate else "",
                "at": each.at,
            }
            for each in shown.addenda
        ],
    }


def _keeping(request: PersonRequest, sitting: Sitting) -> Mandate:
    mandate = queries.keeping_mandate(request.user, sitting.series)
    if mandate is None:  # the rule has been asked; nothing else may lead here
        raise Http404
    return mandate


def _running(request: PersonRequest, sitting: Sitting) -> Mandate:
    mandate = queries.running_mandate(request.user, sitting.series)
    if mandate is None:
        raise Http404
    return mandate


@router.get(
    "/sittings/{int:number}/minutes", response=MinutesOut, summary=gettext_noop("Das Protokoll")
)
@guarded("forum.view_minutes", queries.get_sitting)
def show_minutes(request: ApiRequest, sitting: Sitting) -> dict[str, Any]:
    """Während der Sitzung für ihre Mitglieder, danach für alle."""
    return _minutes(sitting)


@router.put(
    "/agenda-items/{int:number}/minutes",
    response=ItemOut,
    summary=gettext_noop("Zu einem Punkt mitschreiben"),
)
@guarded("forum.write_minutes", queries.get_item, scope=Scope.CONTRIBUTE)
def write_minutes(request: PersonRequest, item: AgendaItem, data: ItemMinutes) -> dict[str, Any]:
    """Solange die Sitzung läuft. War jemand schneller, kommt 409."""
    written = services.write_minutes(
        actor=request.user,
        mandate=_keeping(request, item.sitting),
        item=item,
        seen=data.edition,
        minutes=data.minutes,
        decision=data.decision,
    )
    return item_out(written, told=True)


@router.put(
    "/sittings/{int:number}/attendance", response=MinutesOut, summary=gettext_noop("Wer da ist")
)
@guarded("forum.keep_minutes", queries.get_sitting, scope=Scope.CONTRIBUTE)
def note_attendance(request: PersonRequest, sitting: Sitting, data: AttendanceIn) -> dict[str, Any]:
    """Von den eingeladenen Organisationen."""
    invited = dict(sitting.attendances.values_list("organisation__slug", "pk"))
    if unknown := sorted({*data.present, *data.absent} - set(invited)):
        raise Problem(422, _("Nicht eingeladen ist: %(names)s.") % {"names": ", ".join(unknown)})
    services.note_attendance(
        actor=request.user,
        mandate=_keeping(request, sitting),
        sitting=sitting,
        came={invited[slug] for slug in data.present},
        left={invited[slug] for slug in data.absent},
    )
    return _minutes(sitting)


@router.post(
    "/agenda-items/{int:number}/commitments",
    response={201: CommitmentOut},
    summary=gettext_noop("Aus einem Beschluss eine Zusage machen"),
)
@guarded("forum.make_promise", queries.get_item, scope=Scope.RELEASE)
def make_promise(
    request: PersonRequest, item: AgendaItem, data: PromiseIn
) -> "Status[dict[str, Any]]":
    """Öffentlich wird sie mit dem Protokoll; dann wird sie verfolgt."""
    organisation = queries.who_may_promise(item.sitting).filter(slug=data.organisation).first()
    if organisation is None:
        raise Problem(
            422,
            _("Zusagen kann, wer einlädt oder anwesend ist."),
            errors=[{"field": "organisation", "detail": _("Diese Organisation war nicht da.")}],
        )
    commitment = make_commitment(
        actor=request.user,
        mandate=_running(request, item.sitting),
        organisation=organisation,
        decision=item,
        what=data.what,
        who=data.who,
        due_on=data.due_on,
        sign=data.sign,
    )
    return Status(201, commitment_out(commitment))


@router.post(
    "/sittings/{int:number}/close-minutes",
    response=MinutesOut,
    summary=gettext_noop("Das Protokoll schließen"),
)
@guarded("forum.close_minutes", queries.get_sitting, scope=Scope.RELEASE)
def close_minutes(request: PersonRequest, sitting: Sitting) -> dict[str, Any]:
    """Danach ist es öffentlich, und niemand ändert es mehr."""
    services.close_minutes(actor=request.user, mandate=_running(request, sitting), sitting=sitting)
    return _minutes(sitting)


@router.post(
    "/sittings/{int:number}/addenda",
    response={201: MinutesOut},
    summary=gettext_noop("Einen Nachtrag schreiben"),
)
@guarded("forum.add_addendum", queries.get_sitting, scope=Scope.RELEASE)
def add_addendum(
    request: PersonRequest, sitting: Sitting, data: AddendumIn
) -> "Status[dict[str, Any]]":
    """Mit dem heutigen Datum; er bleibt dort."""
    services.add_addendum(
        actor=request.user, mandate=_running(request, sitting), sitting=sitting, text=data.text
    )
    return Status(201, _minutes(sitting))
