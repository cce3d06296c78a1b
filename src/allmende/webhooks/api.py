"""Webhooks for programs: a program can name its own address."""

from datetime import datetime
from typing import Annotated, Any

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _
from ninja import Query, Router, Status
from pydantic import Field, StringConstraints

from allmende.accounts.models import Scope
from allmende.accounts.rules import is_operator
from allmende.portal.api import (
    PageOf,
    Paging,
    Problem,
    Schema,
    Text,
    as_choice,
    checked,
    guarded,
    page_of,
)
from allmende.portal.api.guards import PersonRequest
from allmende.registry.models import Topic

from . import queries, services
from .forms import WebhookForm
from .models import Event, Webhook

router = Router(tags=[_("Webhooks")])

EventKey = as_choice(Event)
TopicKey = as_choice(Topic)
Slug = Annotated[str, StringConstraints(pattern=r"^[-a-z0-9_]{1,80}$")]


class WebhookOut(Schema):
    """An address that is told of events."""

    id: int
    organisation: str | None
    url: str
    events: list[EventKey] = Field(description=_("Leer heißt: alle"))  # type: ignore[valid-type]
    ags: str
    topic: str
    ministry: str | None
    created_at: datetime
    failing_since: datetime | None
    disabled_at: datetime | None


class NewWebhookOut(WebhookOut):
    """The same with its secret, which is told once."""

    secret: str = Field(description=_("Unterschreibt jedes Ereignis; wird nur hier genannt"))


class WebhookIn(Schema):
    """An address and what it wants to hear of."""

    organisation: Slug | None = Field(
        None, description=_("Kurzname; kann fehlen, wo Sie nur eine verwalten")
    )
    url: Annotated[Text, StringConstraints(min_length=1, max_length=500)]
    events: list[EventKey] = Field([], description=_("Leer heißt: alle"))  # type: ignore[valid-type]
    ags: Annotated[str, StringConstraints(pattern=r"^([0-9]{2,8})?$")] = ""
    topic: TopicKey | None = None  # type: ignore[valid-type]
    ministry: Slug | None = None


def webhook_out(webhook: Webhook) -> dict[str, Any]:
    """A webhook as a document; reads ``organisation`` and ``ministry``."""
    return {
        "id": webhook.pk,
        "organisation": webhook.organisation.slug if webhook.organisation else None,
        "url": webhook.url,
        "events": webhook.events,
        "ags": webhook.ags,
        "topic": webhook.topic,
        "ministry": webhook.ministry.slug if webhook.ministry else None,
        "created_at": webhook.created_at,
        "failing_since": webhook.failing_since,
        "disabled_at": webhook.disabled_at,
    }


@router.get("/webhooks", response=PageOf[WebhookOut], summary=_("Ihre Webhooks"))
@guarded("webhooks.add_webhook")
def list_webhooks(request: PersonRequest, filters: Query[Paging]) -> dict[str, Any]:
    """Die der Organisationen, die Sie verwalten."""
    return page_of(request, queries.webhooks_of(request.user), filters, webhook_out)


@router.post("/webhooks", response={201: NewWebhookOut}, summary=_("Einen Webhook anlegen"))
@guarded("webhooks.add_webhook", scope=Scope.MANAGE)
def add_webhook(request: PersonRequest, data: WebhookIn) -> "Status[dict[str, Any]]":
    """Die Antwort nennt das Geheimnis, mit dem jedes Ereignis unterschrieben ist."""
    given = data.dict()
    own = {each.slug: each for each in queries.organisations_to_keep(request.user)}
    slug = given.pop("organisation")
    if slug is None and len(own) == 1 and not is_operator(request.user):
        slug = next(iter(own))
    if slug not in own and not (slug is None and is_operator(request.user)):
        raise Problem(422, gettext("Bitte nennen Sie in „organisation“ eine, die Sie verwalten."))
    form = WebhookForm({**given, "topic": given["topic"] or "", "ministry": None})
    ministry = None
    if given["ministry"]:
        ministry = form.fields["ministry"].queryset.filter(slug=given["ministry"]).first()  # type: ignore[attr-defined]
        if ministry is None:
            raise Problem(422, gettext("Dieses Ministerium gibt es nicht."))
    values = checked(form) | {"ministry": ministry}
    webhook = services.add_webhook(
        actor=request.user, organisation=own[slug] if slug else None, **values
    )
    return Status(201, {**webhook_out(webhook), "secret": webhook.secret})


@router.post(
    "/webhooks/{int:number}/test", response=WebhookOut, summary=_("Ein Testereignis senden")
)
@guarded("webhooks.change_webhook", queries.get_webhook, scope=Scope.MANAGE)
def test_webhook(request: PersonRequest, webhook: Webhook) -> dict[str, Any]:
    """Es sagt nur, dass es ein Test ist."""
    services.send_test(webhook)
    return webhook_out(webhook)


@router.delete("/webhooks/{int:number}", response={204: None}, summary=_("Einen Webhook entfernen"))
@guarded("webhooks.change_webhook", queries.get_webhook, scope=Scope.MANAGE)
def remove_webhook(request: PersonRequest, webhook: Webhook) -> "Status[None]":
    """Samt seinem Protokoll."""
    services.remove_webhook(actor=request.user, webhook=webhook)
    return Status(204, None)
