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
    menu=(MenuEntry(label=_("Verzeichnis"), url_name="registry:search", order=90),),
    findable=(Organisations(), Places()),
    places=places,
    topics={topic.value: topic.label for topic in Topic},
    desk=(
        DeskEntry(
            label=_("Organisationen"),
            note=_("Anlegen, umbenennen, auflösen; die erste Person einladen"),
            url_name="registry:desk_organisations",
            order=10,
            waiting=queries.requests_without_manager,
        ),
        DeskEntry(
            label=_("Mandate"),
            note=_("Wer in welchem Amt für wen spricht, und was bald endet"),
            url_name="registry:desk_mandates",
            order=20,
        ),
        DeskEntry(
            label=_("Einladungen"),
            note=_("Alle Einladungen; viele auf einmal aus einer Liste"),
            url_name="registry:desk_invitations",
            order=30,
        ),
        DeskEntry(
            label=_("Briefe mit Code"),
            note=_("Wie eine Organisation zu ihrem ersten Mandat kommt"),
            url_name="letters:batches",
            order=40,
        ),
    ),
    deeds={
        "registry.import_register": _("Register eingelesen."),
        "registry.create_organisation": _("Organisation angelegt."),
        "registry.grant_mandate": _("Mandat erteilt."),
        "registry.end_mandate": _("Mandat beendet."),
        "registry.grant_proxy": _("Vollmacht erteilt."),
        "registry.revoke_proxy": _("Vollmacht widerrufen."),
        "registry.change_mandate": _("Mandat geändert."),
        "registry.warn_of_end": _("An das Ende des Mandats erinnert."),
        "registry.invite_person": _("Zu einem Mandat eingeladen."),
        "registry.resend_invitation": _("Einladung erneut gesendet."),
        "registry.revoke_invitation": _("Einladung zurückgezogen."),
        "registry.decline_invitation": _("Einladung abgelehnt."),
        "registry.accept_invitation": _("Einladung angenommen."),
        "registry.request_mandate": _("Mandat angefragt."),
        "registry.confirm_request": _("Anfrage bestätigt."),
        "registry.refuse_request": _("Anfrage abgelehnt."),
        "registry.choose_four_eyes": _("Vier-Augen-Prinzip ein- oder ausgeschaltet."),
        "registry.add_domain": _("Domain dienstlicher Adressen hinzugefügt."),
        "registry.remove_domain": _("Domain dienstlicher Adressen entfernt."),
        "registry.rename_organisation": "Umbenannt.",
        "registry.dissolve_organisation": _("Aufgelöst."),
        "registry.carry_out_list": _("Einladungen aus einer Liste verschickt."),
        "registry.make_letters": _("Briefe angelegt."),
        "registry.print_letters": _("Briefe erstellt."),
        "registry.fetch_letters": _("Datei mit den Briefen heruntergeladen."),
        "registry.revoke_letters": _("Briefe widerrufen."),
        "registry.redeem_letter": _("Code aus einem Brief eingelöst."),
    },
    notices={
        "registry.letter_redeemed": _("Jemand löst einen Brief mit Code ein"),
        "registry.proxies": _("Vollmachten: wer für wen antworten darf"),
        "registry.requests": _("Anfragen nach einem Mandat"),
        "registry.expiry": _("Mandate, die bald enden"),
    },
    tasks=tasks,
    tick=tick,
    kinds={
        "registry.RegisterImport": _("Register"),
        "registry.Organisation": _("Organisation"),
        "registry.Mandate": _("Mandat"),
        "registry.Invitation": _("Einladung"),
        "registry.InvitationList": _("Liste von Einladungen"),
        "registry.MandateRequest": _("Anfrage"),
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
            _("Danach richtet sich die Startseite. Mit dem Konto wird die Auswahl gelöscht."),
            with_account=True,
        ),
        Retention(
            "registry.invitation",
            _("Einladungen zu einem Mandat: Name und Adresse"),
            timedelta(days=180),
            _("Bis dahin lässt sich klären, wer wen eingeladen hat. Das Mandat selbst bleibt."),
            services.clear_invitations,
        ),
        Retention(
            "registry.request",
            _("Anfragen nach einem Mandat: abgelehnte ganz, sonst Adresse und Nachricht"),
            timedelta(days=180),
            _("Bis dahin lässt sich über eine Ablehnung noch sprechen."),
            services.clear_requests,
        ),
        Retention(
            "registry.list",
            _("Listen von Einladungen, die niemand ausgeführt hat"),
            timedelta(days=1),
            _("Sie warten nur auf ein Ja."),
            services.clear_lists,
        ),
    ),
)
