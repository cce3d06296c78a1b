"""Concerns: finding, reading, drafting, changing, opening and ending them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any

from django.db.models import Max, Prefetch, QuerySet
from django.db.models.functions import Coalesce, Greatest
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import Query, Router, Status
from pydantic import Field, StringConstraints

from allmende.accounts.models import Scope
from allmende.portal.api import (
    ApiRequest,
    Day,
    PageOf,
    Paging,
    Problem,
    Schema,
    Text,
    as_choice,
    checked,
    guarded,
    page_of,
    since_until,
)
from allmende.portal.api.guards import PersonRequest
from allmende.portal.api.pages import Times
from allmende.registry.api import Ags, OrganisationShort, in_area, organisation_short
from allmende.registry.models import Region, RegionQuerySet, Right, Topic

from .. import queries, services
from ..forms import ChangeConcernForm, CloseForm, ConcernForm
from ..models import Concern, ConcernState, Draft, Extension, Step
from .parts import edition_seen

router = Router(tags=[gettext_noop("Anliegen")])

StateKey = as_choice(ConcernState)
TopicKey = as_choice(Topic)


class StepOut(Schema):
    """A concern came into a state."""

    state: StateKey  # type: ignore[valid-type]
    at: datetime
    office: str = Field(
        description=gettext_noop("In welchem Amt; leer, wo eine Frist oder das Quorum es tat")
    )
    reason: str


class ExtensionOut(Schema):
    """A ministry has given itself more time for its answer, once."""

    before: datetime = Field(description=gettext_noop("Bis wann die Antwort zuerst erbeten war"))
    after: datetime = Field(description=gettext_noop("Wann sie seither fällig ist"))
    reason: str
    at: datetime
    ministry: OrganisationShort | None
    office: str


class OwnerOut(Schema):
    """Which municipality brought a concern in."""

    ars: str
    ags: str
    name: str


class ConcernOut(Schema):
    """A question that a municipality puts to all others, and where it is on its way."""

    slug: str
    url: str
    question: str
    background: str
    summary: str
    topic: str
    owner: OwnerOut | None
    ministry: OrganisationShort | None
    state: StateKey  # type: ignore[valid-type]
    is_open: bool = Field(
        description=gettext_noop("Ob jetzt Aussagen und Stimmen angenommen werden")
    )
    is_confidential: bool
    takes_personal_voices: bool
    is_example: bool = Field(description=gettext_noop("Erfundene Beispieldaten"))
    municipalities: int = Field(description=gettext_noop("So viele haben abgestimmt"))
    statements: int
    created_at: datetime
    opened_at: datetime | None
    deadline: datetime
    quorum_at: datetime | None
    sent_at: datetime | None
    answer_due: datetime | None
    extension: ExtensionOut | None = Field(
        description=gettext_noop("Ob die Frist für die Antwort verlängert wurde, und warum")
    )
    answered_at: datetime | None
    closed_at: datetime | None
    changed_at: datetime = Field(description=gettext_noop("Letzter Schritt auf seinem Weg"))
    merged_into: str | None
    edition: str = Field(description=gettext_noop("Bei Änderungen mitschicken"))
    steps: list[StepOut]


class ConcernFilter(Paging, Times):
    """Which concerns."""

    ags: Ags | None = Field(
        None,
        description=gettext_noop(
            "Eingebracht aus einem Gebiet: Anfang des amtlichen Gemeindeschlüssels"
        ),
    )
    state: StateKey | None = Field(None, description=gettext_noop("Stand"))  # type: ignore[valid-type]
    topic: TopicKey | None = Field(None, description=gettext_noop("Themenfeld"))  # type: ignore[valid-type]
    ministry: Annotated[str, StringConstraints(pattern=r"^[-a-z0-9_]{1,80}$")] | None = Field(
        None, description=gettext_noop("Kurzname des zuständigen Ministeriums")
    )
    q: Annotated[Text, StringConstraints(max_length=100)] = Field(
        "", description=gettext_noop("Wort in der Frage")
    )


class ConcernIn(Schema):
    """A new concern; nobody else sees it until it is opened."""

    owner: Text | None = Field(
        None,
        description=gettext_noop("ARS der Kommune; kann fehlen, wenn Sie nur für eine schreiben"),
    )
    question: Annotated[Text, StringConstraints(min_length=1, max_length=200)]
    background: Annotated[Text, StringConstraints(min_length=1, max_length=10_000)]
    topic: TopicKey  # type: ignore[valid-type]
    last_day: Day = Field(description=gettext_noop("Abstimmen bis einschließlich"))
    is_confidential: bool = False
    takes_personal_voices: bool = False


class ConcernChange(Schema):
    """What is to be different; the rest stays."""

    question: Annotated[Text, StringConstraints(min_length=1, max_length=200)] | None = None
    background: Annotated[Text, StringConstraints(min_length=1, max_length=10_000)] | None = None
    topic: TopicKey | None = None  # type: ignore[valid-type]
    last_day: Day | None = None
    is_confidential: bool | None = None
    takes_personal_voices: bool | None = None
    edition: Text | None = Field(None, description=gettext_noop("Wie gelesen; oder If-Match"))


class ReasonIn(Schema):
    """Why."""

    reason: Annotated[Text, StringConstraints(min_length=1, max_length=1_000)] = Field(
        description=gettext_noop("Steht auf Dauer im öffentlichen Verlauf: bitte ohne Namen")
    )


class DraftOut(Schema):
    """Something waits for its release, because the organisation wants four eyes."""

    draft: int
    kind: str
    waits_for: str


def with_all(concerns: QuerySet[Concern]) -> QuerySet[Concern]:
    """Concerns with all that ``concern_out`` reads, in a constant number of queries."""
    extensions = Extension.objects.select_related("mandate__organisation__region")
    return (
        queries.with_counts(concerns)  # type: ignore[arg-type]
        .select_related("owner", "ministry__region", "merged_into")
        .annotate(
            changed=Coalesce(
                Greatest(Max("steps__at"), "created_at"), Max("steps__at"), "created_at"
            )
        )
        .prefetch_related("steps__mandate__organisation", Prefetch("extension", extensions))
    )


def concern_out(request: ApiRequest, concern: Any) -> dict[str, Any]:
    """A concern from ``with_all`` as a document."""
    owner: Region | None = concern.owner
    return {
        "slug": concern.slug,
        "url": request.build_absolute_uri(concern.get_absolute_url()),
        "question": concern.question,
        "background": concern.background,
        "summary": concern.summary,
        "topic": concern.topic,
        "owner": {"ars": owner.ars, "ags": owner.ags, "name": owner.name} if owner else None,
        "ministry": organisation_short(concern.ministry) if concern.ministry else None,
        "state": concern.state,
        "is_open": concern.is_open,
        "is_confidential": concern.is_confidential,
        "takes_personal_voices": concern.takes_personal_voices,
        "is_example": concern.is_example,
        "municipalities": concern.municipalities,
        "statements": concern.statement_count,
        "created_at": concern.created_at,
        "opened_at": concern.opened_at,
        "deadline": concern.deadline,
        "quorum_at": concern.quorum_at,
        "sent_at": concern.sent_at,
        "answer_due": concern.answer_due,
        "extension": _extension(concern.extension) if hasattr(concern, "extension") else None,
        "answered_at": concern.answered_at,
        "closed_at": concern.closed_at,
        "changed_at": concern.changed,
        "merged_into": concern.merged_into.slug if concern.merged_into else None,
        "edition": concern.edition,
        "steps": [_step(step) for step in concern.steps.all()],
    }


def _step(step: Step) -> dict[str, Any]:
    return {
        "state": step.state,
        "at": step.at,
        "office": step.mandate.capacity if step.mandate else "",
        "reason": step.reason,
    }


def _extension(extension: Extension) -> dict[str, Any]:
    mandate = extension.mandate
    return {
        "before": extension.before,
        "after": extension.after,
        "reason": extension.reason,
        "at": extension.at,
        "ministry": organisation_short(mandate.organisation) if mandate else None,
        "office": mandate.capacity if mandate else "",
    }


def as_it_is(request: ApiRequest, concern: Concern) -> dict[str, Any]:
    """A concern after it was changed."""
    return concern_out(request, with_all(Concern.objects.filter(pk=concern.pk)).get())


def draft_out(draft: Draft) -> "Status[dict[str, Any]]":
    """What is answered where something waits for its release."""
    return Status(
        202, {"draft": draft.pk, "kind": draft.kind, "waits_for": draft.organisation.name}
    )


@router.get("/concerns", response=PageOf[ConcernOut], summary=gettext_noop("Anliegen"))
@guarded()
def list_concerns(request: ApiRequest, filters: Query[ConcernFilter]) -> dict[str, Any]:
    """Alle, die Sie sehen dürfen, die neuesten zuerst."""
    concerns = with_all(queries.visible_concerns(request.user)).filter(
        in_area(filters.ags, "owner__"), since_until("changed", filters)
    )
    if filters.state:
        concerns = concerns.filter(state=filters.state)
    if filters.topic:
        concerns = concerns.filter(topic=filters.topic)
    if filters.ministry:
        concerns = concerns.filter(ministry__slug=filters.ministry)
    if filters.q:
        concerns = concerns.filter(question__icontains=filters.q)
    return page_of(request, concerns, filters, lambda row: concern_out(request, row))


@router.get("/concerns/{slug}", response=ConcernOut, summary=gettext_noop("Ein Anliegen"))
@guarded("forum.view_concern", queries.get_concern)
def show_concern(request: ApiRequest, concern: Concern, response: HttpResponse) -> dict[str, Any]:
    """Mit allen Schritten auf seinem Weg. Der ETag ist zugleich das „If-Match“ einer Änderung."""
    response["X-Edition"] = concern.edition
    return as_it_is(request, concern)


@router.post(
    "/concerns", response={201: ConcernOut}, summary=gettext_noop("Ein Anliegen entwerfen")
)
@guarded("forum.add_concern", scope=Scope.CONTRIBUTE)
def draft_concern(request: PersonRequest, data: ConcernIn) -> "Status[dict[str, Any]]":
    """Bis zum Öffnen sieht es nur Ihre Kommune."""
    owners = _owners(request)
    given = data.dict()
    given["owner"] = _owner(owners, given["owner"]).pk
    values = checked(ConcernForm(given, owners=owners))
    concern = services.draft_concern(
        actor=request.user,
        mandate=queries.mandate_for(request.user, values["owner"].pk, Right.CONTRIBUTE),
        **values,
    )
    return Status(201, as_it_is(request, concern))


def _owners(request: PersonRequest) -> RegionQuerySet:
    own = queries.municipalities_of(request.user, Right.CONTRIBUTE)
    return Region.objects.filter(pk__in=[region.pk for region in own])


def _owner(owners: Iterable[Region], ars: str | None) -> Region:
    found: dict[str | None, Region] = {region.ars: region for region in owners}
    if ars is None and len(found) == 1:
        return next(iter(found.values()))
    if ars not in found:
        raise Problem(
            422,
            _("Bitte nennen Sie in „owner“ eine Ihrer Kommunen: %(keys)s.")
            % {"keys": ", ".join(region.ars for region in found.values())},
            errors=[{"field": "owner", "detail": _("Dafür haben Sie kein Mandat.")}],
        )
    return found[ars]


@router.patch("/concerns/{slug}", response=ConcernOut, summary=gettext_noop("Einen Entwurf ändern"))
@guarded("forum.edit_concern", queries.get_concern, scope=Scope.CONTRIBUTE)
def change_concern(request: PersonRequest, concern: Concern, data: ConcernChange) -> dict[str, Any]:
    """War jemand anderes schneller, kommt 409 oder 412, und nichts ist geändert."""
    given = data.dict(exclude_unset=True)
    seen = edition_seen(request, given.pop("edition", None), concern.edition)
    values = ChangeConcernForm.values_of(concern)
    values |= {name: value for name, value in given.items() if value is not None}
    values |= {"owner": concern.owner_id, "seen": seen}
    mandate = queries.mandate_for(request.user, concern.owner_id, Right.CONTRIBUTE)
    form = ChangeConcernForm(values, owners=_owners(request))
    services.change_concern(actor=request.user, concern=concern, mandate=mandate, **checked(form))
    return as_it_is(request, concern)


@router.post(
    "/concerns/{slug}/open",
    response={200: ConcernOut, 202: DraftOut},
    summary=gettext_noop("Für Aussagen und Stimmen öffnen"),
)
@guarded("forum.open_concern", queries.get_concern, scope=Scope.CONTRIBUTE)
def open_concern(request: PersonRequest, concern: Concern) -> Any:
    """202, wo das Öffnen erst noch freigegeben wird."""
    mandate = queries.mandate_for(request.user, concern.owner_id, *queries.WRITES)
    assert mandate is not None  # noqa: S101  the rule has asked for it
    opened = services.open_concern(actor=request.user, concern=concern, mandate=mandate)
    return draft_out(opened) if isinstance(opened, Draft) else as_it_is(request, concern)


@router.post(
    "/concerns/{slug}/end-voting",
    response=ConcernOut,
    summary=gettext_noop("Die Abstimmung beenden"),
)
@guarded("forum.close_concern", queries.get_concern, scope=Scope.VOTE)
def end_voting(request: PersonRequest, concern: Concern, data: ReasonIn) -> dict[str, Any]:
    """Vor der Frist, mit Begründung. Danach entsteht die gemeinsame Position."""
    mandate = queries.mandate_for(request.user, concern.owner_id, *queries.VOTES)
    services.close_concern(
        actor=request.user, concern=concern, mandate=mandate, **checked(CloseForm(data.dict()))
    )
    return as_it_is(request, concern)
