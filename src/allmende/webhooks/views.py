"""Pages about webhooks: which there are, what they were told, and what came back."""

from operator import attrgetter

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from allmende.portal.access import SignedInRequest, requires, see_other, signed_in
from allmende.portal.tables import csv_response, moment

from . import queries, services
from .forms import NewWebhookForm, WebhookForm
from .models import Delivery, Webhook

PAGE_SIZE = 25
LOG = ["Ereignis", "Kennung", "Stand", "Versuche", "Eingereiht", "Zugestellt", "Status", "Antwort"]


@require_safe
@signed_in
def webhook_list(request: SignedInRequest) -> HttpResponse:
    """All that this person keeps."""
    page = Paginator(queries.webhooks_of(request.user), PAGE_SIZE).get_page(
        request.GET.get("seite")
    )
    return render(request, "webhooks/webhooks.html", {"page": page})


@require_http_methods(["GET", "POST"])
@requires("webhooks.add_webhook", login=True)
def add(request: SignedInRequest) -> HttpResponse:
    """Name an address and what it wants to hear of; its secret is on the answer to the form."""
    form = NewWebhookForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            webhook = services.add_webhook(actor=request.user, **form.cleaned_data)
        except services.WebhookError as error:
            form.add_error("url", str(error))
        else:
            return _show_secret(request, webhook)
    status = 422 if form.errors else 200
    return render(request, "webhooks/edit.html", {"form": form}, status=status)


def _show_secret(request: SignedInRequest, webhook: Webhook) -> HttpResponse:
    response = render(request, "webhooks/secret.html", {"webhook": webhook})
    response["Cache-Control"] = "no-store"
    return response


@require_safe
@requires("webhooks.change_webhook", queries.get_webhook, login=True)
def webhook(request: SignedInRequest, webhook: Webhook) -> HttpResponse:
    """One webhook and its log."""
    page = Paginator(webhook.deliveries.all(), PAGE_SIZE).get_page(request.GET.get("seite"))
    return render(request, "webhooks/webhook.html", {"webhook": webhook, "page": page})


@require_safe
@requires("webhooks.change_webhook", queries.get_webhook, login=True)
def log_csv(request: SignedInRequest, webhook: Webhook) -> StreamingHttpResponse:
    """The same log for a spreadsheet."""
    return csv_response(
        f"webhook-{webhook.pk}.csv",
        LOG,
        (
            [
                row.event,
                row.message_id,
                row.get_state_display(),
                row.attempts,
                moment(row.created_at),
                moment(row.delivered_at),
                row.status,
                row.answer,
            ]
            for row in webhook.deliveries.iterator(chunk_size=500)
        ),
    )


@require_http_methods(["GET", "POST"])
@requires("webhooks.change_webhook", queries.get_webhook, login=True)
def change(request: SignedInRequest, webhook: Webhook) -> HttpResponse:
    """Another address, or other events."""
    form = WebhookForm(request.POST or None, initial=WebhookForm.values_of(webhook))
    if request.method == "POST" and form.is_valid():
        try:
            services.change_webhook(actor=request.user, webhook=webhook, **form.cleaned_data)
        except services.WebhookError as error:
            form.add_error("url", str(error))
        else:
            messages.success(request, _("Gespeichert."))
            return see_other(webhook.get_absolute_url())
    shown = {"form": form, "webhook": webhook}
    return render(request, "webhooks/edit.html", shown, status=422 if form.errors else 200)


@require_POST
@requires("webhooks.change_webhook", queries.get_webhook, login=True)
def renew(request: SignedInRequest, webhook: Webhook) -> HttpResponse:
    """Another secret."""
    services.renew_secret(actor=request.user, webhook=webhook)
    return _show_secret(request, webhook)


@require_POST
@requires("webhooks.change_webhook", queries.get_webhook, login=True)
def test(request: SignedInRequest, webhook: Webhook) -> HttpResponse:
    """Send an event that says only that it is a test."""
    services.send_test(webhook)
    messages.success(
        request, _("Das Testereignis ist unterwegs. Laden Sie die Seite gleich noch einmal.")
    )
    return see_other(webhook.get_absolute_url())


@require_POST
@requires("webhooks.change_webhook", queries.get_webhook, login=True)
def switch(request: SignedInRequest, webhook: Webhook) -> HttpResponse:
    """Stop it, or let it go on."""
    if webhook.disabled_at is None:
        services.disable_webhook(actor=request.user, webhook=webhook)
        messages.success(request, _("Der Webhook ist abgeschaltet."))
    else:
        services.enable_webhook(actor=request.user, webhook=webhook)
        messages.success(request, _("Der Webhook ist wieder eingeschaltet."))
    return see_other(webhook.get_absolute_url())


@require_POST
@requires("webhooks.change_webhook", queries.get_webhook, login=True)
def remove(request: SignedInRequest, webhook: Webhook) -> HttpResponse:
    """Forget it and its log."""
    services.remove_webhook(actor=request.user, webhook=webhook)
    messages.success(request, _("Der Webhook ist entfernt."))
    return see_other(reverse("webhooks:webhooks"))


@require_POST
@requires("webhooks.change_webhook", queries.get_delivery, about=attrgetter("webhook"), login=True)
def repeat(request: SignedInRequest, delivery: Delivery) -> HttpResponse:
    """Deliver once more."""
    if services.try_again(delivery):
        messages.success(request, _("Die Zustellung wird wiederholt."))
    else:
        messages.warning(request, _("Diese Zustellung ist noch unterwegs."))
    return see_other(delivery.webhook.get_absolute_url())
