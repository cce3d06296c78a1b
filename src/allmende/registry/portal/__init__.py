"""What the registry offers to the frame."""

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from allmende.portal.offers import AccountEntry, DeskEntry, MenuEntry, Offer, Retention

from .. import queries, services
from ..datasets import datasets
from ..demo import fill_demo
from ..models import Topic
from ..services.leaving import forget_person
from .findables import Organisations, Places, places
from .tasks import tasks, tick

if TYPE_CHECKING:
    from allmende.accounts.models import User


def needs_second_factor(user: "User") -> bool:
    """Whoever releases in the name of others or manages their people."""
    return any(mandate.may_release or mandate.may_manage for mandate in queries.mandates_of(user))


offer = Offer(
    api="allmende.registry.api",
    menu=(MenuEntry(label="Verzeichnis", url_name="registry:search", order=90),),
    findable=(Organisations(), Places()),
    places=places,
    topics={topic.value: topic.label for topic in Topic},
    desk=(
        DeskEntry(
            label="Organisationen",
            note="Anlegen, umbenennen, auflösen; die erste Person einladen",
            url_name="registry:desk_organisations",
            order=10,
            waiting=queries.requests_without_manager,
        ),
        DeskEntry(
            label="Mandate",
            note="Wer in welchem Amt für wen spricht, und was bald endet",
            url_name="registry:desk_mandates",
            order=20,
        ),
        DeskEntry(
            label="Einladungen",
            note="Alle Einladungen; viele auf einmal aus einer Liste",
            url_name="registry:desk_invitations",
            order=30,
        ),
        DeskEntry(
            label="Briefe mit Code",
            note="Wie eine Organisation zu ihrem ersten Mandat kommt",
            url_name="letters:batches",
            order=40,
        ),
    ),
    deeds={
        "registry.import_register": "Register eingelesen.",
        "registry.create_organisation": "Organisation angelegt.",
        "registry.grant_mandate": "Mandat erteilt.",
        "registry.end_mandate": "Mandat beendet.",
        "registry.grant_proxy": "Vollmacht erteilt.",
        "registry.revoke_proxy": "Vollmacht widerrufen.",
        "registry.change_mandate": "Mandat geändert.",
        "registry.warn_of_end": "An das Ende des Mandats erinnert.",
        "registry.invite_person": "Zu einem Mandat eingeladen.",
        "registry.resend_invitation": "Einladung erneut gesendet.",
        "registry.revoke_invitation": "Einladung zurückgezogen.",
        "registry.decline_invitation": "Einladung abgelehnt.",
        "registry.accept_invitation": "Einladung angenommen.",
        "registry.request_mandate": "Mandat angefragt.",
        "registry.confirm_request": "Anfrage bestätigt.",
        "registry.refuse_request": "Anfrage abgelehnt.",
        "registry.choose_four_eyes": "Vier-Augen-Prinzip ein- oder ausgeschaltet.",
        "registry.add_domain": "Domain dienstlicher Adressen hinzugefügt.",
        "registry.remove_domain": "Domain dienstlicher Adressen entfernt.",
        "registry.rename_organisation": "Umbenannt.",
        "registry.dissolve_organisation": "Aufgelöst.",
        "registry.carry_out_list": "Einladungen aus einer Liste verschickt.",
        "registry.make_letters": "Briefe angelegt.",
        "registry.print_letters": "Briefe erstellt.",
        "registry.fetch_letters": "Datei mit den Briefen heruntergeladen.",
        "registry.revoke_letters": "Briefe widerrufen.",
        "registry.redeem_letter": "Code aus einem Brief eingelöst.",
    },
    notices={
        "registry.letter_redeemed": "Jemand löst einen Brief mit Code ein",
        "registry.proxies": "Vollmachten: wer für wen antworten darf",
        "registry.requests": "Anfragen nach einem Mandat",
        "registry.expiry": "Mandate, die bald enden",
    },
    tasks=tasks,
    tick=tick,
    kinds={
        "registry.RegisterImport": "Register",
        "registry.Organisation": "Organisation",
        "registry.Mandate": "Mandat",
        "registry.Invitation": "Einladung",
        "registry.InvitationList": "Liste von Einladungen",
        "registry.MandateRequest": "Anfrage",
    },
    datasets=datasets,
    knows=queries.colleagues_of,
    demo=fill_demo,
    needs_second_factor=needs_second_factor,
    personal_data=queries.personal_data,
    forget=forget_person,
    account=(
        AccountEntry(
            _("Meine Themen und Regionen"),
            _("Wovon Ihre Startseite Neues zeigt"),
            "registry:interests",
            75,
        ),
    ),
    retention=(
        Retention(
            "registry.interest",
            _("Themen und Regionen, von denen jemand Neues sehen will"),
            None,
            _(
                "Solange das Konto besteht: Danach richtet sich die Startseite. Mit dem Konto wird die "
                "Auswahl gelöscht."
            ),
        ),
        Retention(
            "registry.invitation",
            "Einladungen zu einem Mandat: Name und Adresse",
            timedelta(days=180),
            "Bis dahin lässt sich klären, wer wen eingeladen hat. Das Mandat selbst bleibt.",
            services.clear_invitations,
        ),
        Retention(
            "registry.request",
            "Anfragen nach einem Mandat: abgelehnte ganz, sonst Adresse und Nachricht",
            timedelta(days=180),
            "Bis dahin lässt sich über eine Ablehnung noch sprechen.",
            services.clear_requests,
        ),
        Retention(
            "registry.list",
            "Listen von Einladungen, die niemand ausgeführt hat",
            timedelta(days=1),
            "Sie warten nur auf ein Ja.",
            services.clear_lists,
        ),
    ),
)
