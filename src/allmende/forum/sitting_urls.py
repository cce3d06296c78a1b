"""Addresses of sittings."""

from django.urls import path

from allmende.portal.tables import as_json

from .views import agendas, minutes, series, sittings

app_name = "sittings"
urlpatterns = [
    path("", sittings.sitting_list, name="sittings"),
    path("sitzungen.csv", sittings.sitting_csv, name="sittings_csv"),
    path("sitzungen.json", as_json(sittings.sitting_csv), name="sittings_json"),
    path("neu/", series.add, name="add_series"),
    path("<slug:slug>.ics", series.feed, name="feed"),
    path("reihen/<slug:slug>/", series.series, name="series"),
    path("reihen/<slug:slug>/aendern/", series.change, name="change_series"),
    path("reihen/<slug:slug>/planen/", sittings.plan, name="plan"),
    path("reihen/<slug:slug>/mitglieder.csv", series.members_csv, name="members_csv"),
    path("reihen/<slug:slug>/mitglieder.json", as_json(series.members_csv), name="members_json"),
    path("reihen/<slug:slug>/mitglieder/", series.members, name="members"),
    path("reihen/<slug:slug>/mitglieder/aufnehmen/", series.add_member, name="add_member"),
    path("reihen/<slug:slug>/mitglieder/viele/", series.add_many, name="add_many"),
    path("reihen/<slug:slug>/mitglieder/entfernen/", series.remove_member, name="remove_member"),
    path("<int:number>/", sittings.sitting, name="sitting"),
    path("<int:number>/sitzung.ics", sittings.calendar, name="calendar"),
    path("<int:number>/aendern/", sittings.change, name="change"),
    path("<int:number>/einladen/", sittings.invite, name="invite"),
    path("<int:number>/nachladen/", sittings.invite_more, name="invite_more"),
    path("<int:number>/beginnen/", sittings.begin, name="begin"),
    path("<int:number>/absagen/", sittings.cancel, name="cancel"),
    path("einladungen/<int:number>/", sittings.answer, name="answer"),
    path("<int:number>/tagesordnung/", agendas.agenda, name="agenda"),
    path("<int:number>/tagesordnung/aufnehmen/", agendas.add, name="add_item"),
    path("<int:number>/vorschlagen/", agendas.propose, name="propose"),
    path("punkte/<int:number>/verschieben/", agendas.move, name="move_item"),
    path("punkte/<int:number>/entfernen/", agendas.remove, name="remove_item"),
    path("punkte/<int:number>/entscheiden/", agendas.decide, name="decide_item"),
    path("<int:number>/protokoll/", minutes.minutes, name="minutes"),
    path("<int:number>/protokoll.pdf", minutes.pdf, name="minutes_pdf"),
    path("<int:number>/protokoll/schliessen/", minutes.close, name="close_minutes"),
    path("<int:number>/anwesenheit/", minutes.attendance, name="attendance"),
    path("<int:number>/nachtrag/", minutes.addendum, name="addendum"),
    path("punkte/<int:number>/protokoll/", minutes.write, name="write"),
    path("punkte/<int:number>/zusage/", minutes.promise, name="promise"),
]
