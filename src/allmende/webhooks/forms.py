"""What webhooks are told of."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from allmende.accounts.rules import is_operator
from allmende.registry.models import Organisation, OrganisationKind, Topic

from . import queries
from .models import Event, Webhook

if TYPE_CHECKING:
    from allmende.accounts.models import User


class WebhookForm(forms.Form):
    """An address and the events that it wants to hear of."""

    url = forms.CharField(
        label=_("Adresse Ihres Programms"),
        max_length=500,
        widget=forms.URLInput(attrs={"placeholder": "https://"}),
        help_text=_("Beginnt mit https:// und ist im Internet erreichbar."),
    )
    events = forms.MultipleChoiceField(
        label=_("Ereignisse"),
        required=False,
        choices=Event.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Nichts angekreuzt heißt: alle."),
    )
    topic = forms.ChoiceField(
        label=_("Nur dieses Themenfeld"),
        required=False,
        choices=[("", _("Alle")), *Topic.choices],
    )
    ags = forms.CharField(
        label=_("Nur Anliegen aus dieser Region"),
        required=False,
        validators=[RegexValidator(r"^[0-9]{2,8}$", _("Zwei bis acht Ziffern."))],
        help_text=_(
            "Anfang des Gemeindeschlüssels, etwa 09 für Bayern oder 09572 für einen Kreis."
        ),
    )
    ministry = forms.ModelChoiceField(
        Organisation.objects.none(),
        label=_("Nur dieses Ministerium"),
        required=False,
        empty_label=_("Alle"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["ministry"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  for the type checker
        field.queryset = Organisation.objects.current().filter(kind=OrganisationKind.MINISTRY)

    @staticmethod
    def values_of(webhook: Webhook) -> dict[str, Any]:
        """What the form shows for a webhook that is there already."""
        return {
            "url": webhook.url,
            "events": webhook.events,
            "topic": webhook.topic,
            "ags": webhook.ags,
            "ministry": webhook.ministry,
        }


class NewWebhookForm(WebhookForm):
    """The same for a new one, and whose it is."""

    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), label=_("Für wen?"), required=False, empty_label=None
    )
    field_order = ("organisation", "url", "events")

    def __init__(self, *args: Any, user: "User", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["organisation"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  for the type checker
        own = [organisation.pk for organisation in queries.organisations_to_keep(user)]
        field.queryset = Organisation.objects.filter(pk__in=own)
        if is_operator(user):
            field.empty_label = _("Betrieb dieser Plattform")
        else:
            field.required = True
            if len(own) == 1:
                field.initial, field.widget = own[0], forms.HiddenInput()
