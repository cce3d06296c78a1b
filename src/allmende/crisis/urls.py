"""Addresses of the register of critical facilities."""

from django.urls import path

from .views import contacts, duties, facilities, kritis, network, staff, supplies

app_name = "crisis"
urlpatterns = [
    path("", facilities.start, name="start"),
    path("einrichtungen/", facilities.facilities, name="facilities"),
    path("einrichtungen/neu/", facilities.add, name="add_facility"),
    path("einrichtungen/<int:number>/", facilities.facility, name="facility"),
    path("einrichtungen/<int:number>/aendern/", facilities.change, name="change_facility"),
    path("einrichtungen/<int:number>/aufgeben/", facilities.close, name="close_facility"),
    path("einrichtungen/<int:number>/bedarf/", supplies.add, name="add_supply"),
    path("einrichtungen/<int:number>/abhaengigkeiten/", network.dependencies, name="dependencies"),
    path("engstellen/", network.bottlenecks, name="bottlenecks"),
    path("karte/", network.sites, name="sites"),
    path("was-waere-wenn/", network.what_if, name="what_if"),
    path("einrichtungen/<int:number>/versorgungsgrad/", kritis.measures, name="measures"),
    path("einrichtungen/<int:number>/kontakte/", contacts.add, name="add_contact"),
    path("einrichtungen/<int:number>/dokumente/", contacts.add_document, name="add_document"),
    path("einrichtungen/<int:number>/pflichten/", duties.facility_duties, name="facility_duties"),
    path("einrichtungen/<int:number>/pflichten/freiwillig/", duties.volunteer, name="volunteer"),
    path("einrichtungen/<int:number>/pflichten/<slug:key>/", duties.fulfil, name="fulfil"),
    path("einrichtungen/<int:number>/unterlagen/<slug:key>/", duties.paper, name="paper"),
    path("pflichten/", duties.duties, name="duties"),
    path("pflichten/<int:number>/zuruecknehmen/", duties.withdraw, name="withdraw_fulfilment"),
    path("pflichten/<int:number>/nachweis/", duties.evidence, name="evidence"),
    path("kontakte/<int:number>/", contacts.change, name="change_contact"),
    path("kontakte/<int:number>/loeschen/", contacts.remove, name="remove_contact"),
    path("dokumente/<int:number>/abrufen/", contacts.document, name="document"),
    path("dokumente/<int:number>/loeschen/", contacts.remove_document, name="remove_document"),
    path("versorgungsgrad/<int:number>/loeschen/", kritis.remove_measure, name="remove_measure"),
    path("schwellenwerte/", kritis.thresholds, name="thresholds"),
    path("schwellenwerte/schwellenwerte.csv", kritis.thresholds_csv, name="thresholds_csv"),
    path("bedarf/<int:number>/", supplies.change, name="change_supply"),
    path("bedarf/<int:number>/loeschen/", supplies.remove, name="remove_supply"),
    path("krisenstab/<slug:slug>/", staff.staff, name="staff"),
    path("krisenstab/<slug:slug>/berufen/", staff.appoint, name="appoint"),
    path("krisenstab/<slug:slug>/einsicht/", staff.give_insight, name="give_insight"),
    path("plaetze/<int:number>/entfernen/", staff.dismiss, name="dismiss"),
    path("einsicht/<int:number>/entziehen/", staff.revoke_insight, name="revoke_insight"),
]
