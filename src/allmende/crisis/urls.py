"""Addresses of the register of critical facilities."""

from django.urls import path

from .views import (
    contacts,
    exports,
    facilities,
    imports,
    kritis,
    staff,
    suggestions,
    supplies,
)

app_name = "crisis"
urlpatterns = [
    path("", facilities.start, name="start"),
    path("einrichtungen/", facilities.facilities, name="facilities"),
    path("einrichtungen/neu/", facilities.add, name="add_facility"),
    path("einrichtungen/ausgeben/", exports.export, name="export"),
    path("einrichtungen/einlesen/", imports.choose, name="choose_import"),
    path("einrichtungen/einlesen/<int:number>/", imports.check, name="import"),
    path("einrichtungen/einlesen/<int:number>/fehler.csv", imports.faults, name="import_faults"),
    path(
        "einrichtungen/einlesen/<int:number>/uebernehmen/",
        imports.carry_out,
        name="carry_out_import",
    ),
    path("einrichtungen/vorlagen/<str:file>", imports.template, name="import_template"),
    path("einrichtungen/lieferanten/", suggestions.suggest, name="suggest_suppliers"),
    path("einrichtungen/<int:number>/", facilities.facility, name="facility"),
    path("einrichtungen/<int:number>/aendern/", facilities.change, name="change_facility"),
    path("einrichtungen/<int:number>/aufgeben/", facilities.close, name="close_facility"),
    path("einrichtungen/<int:number>/bedarf/", supplies.add, name="add_supply"),
    path("einrichtungen/<int:number>/versorgungsgrad/", kritis.measures, name="measures"),
    path("einrichtungen/<int:number>/kontakte/", contacts.add, name="add_contact"),
    path("einrichtungen/<int:number>/dokumente/", contacts.add_document, name="add_document"),
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
