"""What the register of critical facilities offers to the frame."""

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from allmende.portal.offers import DeskEntry, PersonalData, Retention, Task, TaskKind

from .. import queries, services
from ..models import CONTACT_LASTS, Contact, Particulars, Seat

if TYPE_CHECKING:
    from allmende.accounts.models import User


def personal_data(user: "User") -> Iterator[PersonalData]:
    """In which crisis staffs a person sits."""
    seats = Seat.objects.filter(mandate__user=user).select_related("mandate__organisation")
    yield PersonalData(
        gettext("Krisenstäbe"),
        [
            {
                gettext("Organisation"): seat.mandate.organisation.name,
                gettext("Aufgabe"): seat.get_function_display(),
                gettext("Seit"): seat.given_at,
            }
            for seat in seats
        ],
    )
    named = Contact.objects.filter(email__iexact=user.email).select_related("facility")
    yield PersonalData(
        gettext("Kontakt von Einrichtungen mit Ihrer E-Mail-Adresse"),
        [
            {
                gettext("Einrichtung"): contact.facility.name,
                gettext("Name oder Funktion"): contact.name,
                gettext("Telefon"): contact.telephone,
                gettext("Bestätigt am"): contact.confirmed_on,
            }
            for contact in named
        ],
    )
    reached = Particulars.objects.filter(contact_email__iexact=user.email)
    yield PersonalData(
        gettext("Kontakt von Betreibern mit Ihrer E-Mail-Adresse"),
        [
            {
                gettext("Betreiber"): one.organisation.name,
                gettext("Name oder Funktion"): one.contact_name,
                gettext("Telefon"): one.contact_telephone,
                gettext("Bestätigt am"): one.confirmed_on,
            }
            for one in reached.select_related("organisation")
        ],
    )


def forget(user: "User") -> list[str]:
    """Who has no account sits in no crisis staff; as a contact she may still be needed."""
    Seat.objects.filter(mandate__user=user).delete()
    of_facilities = Contact.objects.filter(email__iexact=user.email)
    of_providers = Particulars.objects.filter(contact_email__iexact=user.email)
    if not of_facilities.exists() and not of_providers.exists():
        return []
    return [
        gettext(
            "Als Kontakt einer Einrichtung oder eines Betreibers stehen Sie mit Ihrer E-Mail-Adresse im Register, bis der Betreiber "
            "Sie ersetzt oder zwei Jahre lang niemand die Angabe bestätigt."
        )
    ]


def known(user: "User") -> Iterator[int]:
    """Whom a person may know by name: those in the staffs that she appoints."""
    for staff in queries.administered_staffs(user):
        for seat in queries.seats_in(staff):
            yield seat.mandate.user_id


def tasks(user: "User") -> Iterator[Task]:
    """What is to be done and told about what a person's own organisations run."""
    yield from incident_tasks(user)
    yield from duty_tasks(user)


def tick() -> None:
    """Begin anew with large files that a worker has left lying."""
    services.pick_up_imports()


def duty_tasks(user: "User") -> Iterator[Task]:
    """Duties, from three months before they are due."""
    today = timezone.localdate()
    for duties in queries.duties_in_charge(user, on=today):
        for due in duties.open:
            if due.due_on is not None and due.due_on <= today + queries.AHEAD:
                facility = duties.facility
                yield Task(
                    title=gettext("%(duty)s: %(facility)s")
                    % {"duty": due.duty.title, "facility": facility.name},
                    note=due.duty.paragraph if duties.is_legal else gettext("freiwillig"),
                    url=reverse("crisis:facility_duties", args=[facility.pk]),
                    due=queries.end_of(due.due_on),
                    kind=TaskKind.DUTY,
                    whose=facility.provider.whose if facility.provider else None,
                )


def incident_tasks(user: "User") -> Iterator[Task]:
    """Reports that are to be handed in next."""
    for incident in queries.incidents_in_charge(user):
        stage, until = queries.next_deadline(incident)
        facility = incident.facility
        yield Task(
            title=gettext("%(stage)s: %(facility)s")
            % {"stage": stage.label, "facility": facility.name},
            note=incident.what,
            url=incident.get_absolute_url(),
            due=until,
            kind=TaskKind.DUTY,
            whose=facility.provider.whose if facility.provider else None,
        )


desk = (
    DeskEntry(
        _("Schwellenwerte"),
        _("Ab wann eine Einrichtung als kritisch gilt, mit Quelle und erstem Tag."),
        "crisis_desk:thresholds",
        60,
    ),
    DeskEntry(
        _("Meldestellen"),
        _("Wohin Betreiber eine Störung melden."),
        "crisis_desk:offices",
        61,
    ),
)
deeds = {
    "crisis.add_facility": _("Einrichtung in das Register aufgenommen."),
    "crisis.change_facility": _("Angaben zur Einrichtung geändert."),
    "crisis.close_facility": _("Einrichtung als aufgegeben gekennzeichnet."),
    "crisis.reopen_facility": _("Einrichtung wieder in Betrieb genommen."),
    "crisis.add_supply": _("Bedarf hinzugefügt."),
    "crisis.change_supply": _("Bedarf geändert."),
    "crisis.remove_supply": _("Bedarf gelöscht."),
    "crisis.export_facilities": _("Einrichtungen als Datei abgerufen."),
    "crisis.carry_out_import": _("Einrichtungen aus einer Datei übernommen."),
    "crisis.set_measure": _("Versorgungsgrad eingetragen."),
    "crisis.remove_measure": _("Versorgungsgrad gelöscht."),
    "crisis.add_contact": _("Kontakt eingetragen."),
    "crisis.change_contact": _("Kontakt geändert oder bestätigt."),
    "crisis.remove_contact": _("Kontakt gelöscht."),
    "crisis.clear_contacts": _("Kontakt gelöscht, den lange niemand bestätigt hat."),
    "crisis.add_document": _("Dokument hinzugefügt."),
    "crisis.remove_document": _("Dokument gelöscht."),
    "crisis.fetch_document": _("Dokument heruntergeladen."),
    "crisis.fulfil_duty": _("Pflicht als erledigt eingetragen."),
    "crisis.withdraw_fulfilment": _("Eintrag über eine erledigte Pflicht zurückgenommen."),
    "crisis.add_generator": _("Netzersatzanlage eingetragen."),
    "crisis.change_generator": _("Netzersatzanlage geändert oder bestätigt."),
    "crisis.remove_generator": _("Netzersatzanlage gelöscht."),
    "crisis.clear_releases": _("Freigabe gelöscht, die lange niemand bestätigt hat."),
    "crisis.export_generators": _("Netzersatzanlagen als Datei abgerufen."),
    "crisis.set_particulars": _("Angaben zum Betreiber eingetragen oder bestätigt."),
    "crisis.clear_provider_contacts": _(
        "Kontakt des Betreibers gelöscht, den lange niemand bestätigt hat."
    ),
    "crisis.volunteer": _("Pflichten freiwillig übernommen."),
    "crisis.stop_volunteering": _("Freiwillige Pflichten abgeschaltet."),
    "crisis.export_paper": _("Unterlage heruntergeladen."),
    "crisis.export_terms": _("Pflichten und Störungen als Kalender abgerufen."),
    "crisis.add_incident": _("Störungsmeldung begonnen."),
    "crisis.change_incident": _("Störungsmeldung geändert."),
    "crisis.hand_in": _("Störungsmeldung abgegeben."),
    "crisis.discard_incident": _("Entwurf einer Störungsmeldung verworfen."),
    "crisis.export_incident": _("Störungsmeldung heruntergeladen."),
    "crisis.add_threshold": _("Schwellenwert eingetragen."),
    "crisis.set_reporting_office": _("Meldestelle eingetragen."),
    "crisis.appoint": _("In den Krisenstab berufen."),
    "crisis.dismiss": _("Aus dem Krisenstab entlassen."),
    "crisis.give_insight": _("Einsicht in die Einrichtungen des Gebiets gegeben."),
    "crisis.revoke_insight": _("Einsicht in die Einrichtungen des Gebiets entzogen."),
}
kinds = {
    "crisis.Facility": _("Einrichtung"),
    "crisis.Generator": _("Netzersatzanlage"),
    "crisis.Incident": _("Störung"),
    "crisis.ImportCheck": _("Datei mit Einrichtungen"),
    "crisis.Threshold": _("Schwellenwert"),
    "crisis.ReportingOffice": _("Meldestelle"),
    "crisis.Seat": _("Platz im Krisenstab"),
    "crisis.Insight": _("Einsicht in Einrichtungen"),
}
retention = (
    Retention(
        "crisis.facility",
        _("Register der Einrichtungen: Angaben, Bedarf, versorgte Menschen"),
        None,
        _("Solange die Installation besteht; wer es sehen darf, steht in den Regeln."),
    ),
    Retention(
        "crisis.import",
        _("Geladene Dateien mit Einrichtungen: was sie ändern würden"),
        timedelta(days=7),
        _("Bis sie übernommen sind; was übernommen ist, steht im Register und im Protokoll."),
        services.clear_imports,
    ),
    Retention(
        "crisis.contact",
        _("Kontakte von Einrichtungen: Name oder Funktion, Telefon, E-Mail"),
        CONTACT_LASTS,
        _(
            "Seit jemand sie zuletzt bestätigt hat. Wer bei einem Ausfall anruft, muss sich auf sie "
            "verlassen können."
        ),
        services.clear_contacts,
    ),
    Retention(
        "crisis.provider_contact",
        _("Kontakte von Betreibern: Name oder Funktion, Telefon, E-Mail"),
        CONTACT_LASTS,
        _("Seit jemand sie zuletzt bestätigt hat. Die anderen Angaben zum Betreiber bleiben."),
        services.clear_provider_contacts,
    ),
    Retention(
        "crisis.release",
        _("Wer Netzersatzanlagen freigibt: Name oder Funktion, Telefon"),
        CONTACT_LASTS,
        _("Seit jemand es zuletzt bestätigt hat. Die anderen Angaben zur Anlage bleiben."),
        services.clear_releases,
    ),
    Retention(
        "crisis.incident_contact",
        _("Wer bei einer Störung Auskunft gab: Name, Telefon, E-Mail"),
        timedelta(days=365),
        _(
            "Ab der Kenntnis von der Störung. So lange fragen Behörden nach; die Meldung selbst bleibt."
        ),
        services.clear_incident_contacts,
    ),
    Retention(
        "crisis.seat",
        _("Wer in welchem Krisenstab welche Aufgabe hat"),
        None,
        _("Bis zur Entlassung oder bis das Konto gelöscht wird."),
        with_account=True,
    ),
)
