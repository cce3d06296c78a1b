"""Addresses of the register of critical facilities."""

from django.urls import path

from .views import exports, facilities, imports, staff, suggestions, supplies

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
    path("bedarf/<int:number>/", supplies.change, name="change_supply"),
    path("bedarf/<int:number>/loeschen/", supplies.remove, name="remove_supply"),
    path("krisenstab/<slug:slug>/", staff.staff, name="staff"),
    path("krisenstab/<slug:slug>/berufen/", staff.appoint, name="appoint"),
    path("krisenstab/<slug:slug>/einsicht/", staff.give_insight, name="give_insight"),
    path("plaetze/<int:number>/entfernen/", staff.dismiss, name="dismiss"),
    path("einsicht/<int:number>/entziehen/", staff.revoke_insight, name="revoke_insight"),
]
