"""Addresses of scripts that are written."""

from django.urls import path

from .views import attachments, authoring, rehearsals, rows, tables, worlds

app_name = "scripts"
urlpatterns = [
    path("", authoring.drafts, name="drafts"),
    path("neu/", authoring.add, name="add"),
    path("vorlagen/<str:file>", tables.template, name="template"),
    path("<int:number>/", authoring.draft, name="draft"),
    path("<int:number>/angaben/", authoring.head, name="head"),
    path("<int:number>/meldungen/", authoring.announce, name="announce"),
    path("<int:number>/kopieren/", authoring.copy, name="copy"),
    path("<int:number>/loeschen/", authoring.remove, name="remove"),
    path("<int:number>/wiederherstellen/", authoring.restore, name="restore"),
    path("<int:number>/pruefen/", rehearsals.check, name="check"),
    path("<int:number>/probe/", rehearsals.rehearsal, name="rehearsal"),
    path("<int:number>/einlesen/", tables.choose, name="choose_table"),
    path("<int:number>/ausgeben/<str:file>", tables.export, name="export"),
    path("<int:number>/netz/", worlds.world, name="world"),
    path("<int:number>/netz/register/", worlds.take_register, name="take_register"),
    path("<int:number>/netz/zurueck/", worlds.put_back, name="put_network_back"),
    path("<int:number>/netz/ausfaelle/", worlds.hazard, name="hazard"),
    path("tabellen/<int:number>/", tables.table, name="table"),
    path("tabellen/<int:number>/uebernehmen/", tables.carry_out, name="carry_out_table"),
    path("tabellen/<int:number>/verwerfen/", tables.discard, name="discard_table"),
    path("<int:number>/dateien/neu/", attachments.add, name="add_file"),
    path("dateien/<int:number>/", attachments.of_draft, name="file"),
    path("<int:number>/verschieben/", rows.shift, name="shift"),
    path("<int:number>/schalten/", rows.switch, name="switch"),
    path("<int:number>/wahl/", rows.option, name="option"),
    path("<int:number>/zeilen/<slug:section>/", rows.rows, name="rows"),
    path("<int:number>/zeilen/<slug:section>/zeile/", rows.row, name="row"),
    path("<int:number>/zeilen/<slug:section>/kopieren/", rows.copy, name="copy_row"),
    path("<int:number>/zeilen/<slug:section>/loeschen/", rows.remove, name="remove_row"),
]
