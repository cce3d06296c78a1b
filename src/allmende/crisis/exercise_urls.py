"""Addresses of exercises."""

from django.urls import path

from allmende.portal.tables import as_json

from .views import asking, control, exercises, improvements, observing, playing, reports, told

app_name = "exercises"
urlpatterns = [
    path("", exercises.exercises, name="exercises"),
    path("neu/", exercises.add, name="add"),
    path("mitmachen/<str:token>/", exercises.join, name="join"),
    path("zuschauen/<str:token>/", exercises.watch, name="watch"),
    path("<int:number>/", playing.exercise, name="exercise"),
    path("<int:number>/uhr/", playing.clock, name="clock"),
    path("<int:number>/neues/", playing.news, name="news"),
    path("<int:number>/lage/", playing.situation, name="situation"),
    path("<int:number>/schreiben/", playing.write, name="write"),
    path("<int:number>/entscheiden/<str:decision>/", playing.decide, name="decide"),
    path("einlagen/<int:number>/gelesen/", playing.seen, name="seen"),
    path("<int:number>/einlagen/", told.deliveries, name="deliveries"),
    path("<int:number>/nachrichten/", told.notes, name="notes"),
    path("<int:number>/beobachten/", observing.observe, name="observe"),
    path("<int:number>/beobachtungen.csv", observing.observations_csv, name="observations_csv"),
    path(
        "<int:number>/beobachtungen.json",
        as_json(observing.observations_csv),
        name="observations_json",
    ),
    path("einlagen/<int:number>/beobachten/", observing.task, name="task"),
    path("einlagen/<int:number>/beobachtet/", observing.mark, name="mark"),
    path("beobachtungen/<int:number>/loeschen/", observing.remove, name="remove_observation"),
    path("<int:number>/fragebogen/", asking.questionnaire, name="questionnaire"),
    path("<int:number>/fragebogen/ergebnis/", asking.results, name="results"),
    path("<int:number>/fragebogen/schliessen/", asking.close, name="close_questionnaire"),
    path("<int:number>/leitung/", control.control, name="control"),
    path("<int:number>/beginnen/", control.start, name="start"),
    path("<int:number>/beenden/", control.end, name="end"),
    path("<int:number>/stellen/", control.change_clock, name="change_clock"),
    path("<int:number>/einlage/", control.order, name="order"),
    path("<int:number>/drehbuch/", exercises.replace_script, name="replace_script"),
    path("<int:number>/loeschen/", exercises.remove, name="remove"),
    path("<int:number>/teilnahme/", exercises.parts, name="parts"),
    path("teilnahme/<int:number>/", exercises.change_part, name="change_part"),
    path("teilnahme/<int:number>/entfernen/", exercises.remove_part, name="remove_part"),
    path("<int:number>/bericht/", reports.report, name="report"),
    path("<int:number>/bericht/stand/", reports.settle, name="settle_report"),
    path("<int:number>/bericht/abschnitte/<slug:section>/", reports.write, name="write_report"),
    path(
        "<int:number>/bericht/abschnitte/<slug:section>/versionen/",
        reports.versions,
        name="report_versions",
    ),
    path("<int:number>/bericht.pdf", reports.as_pdf, name="report_pdf"),
    path("<int:number>/bericht.docx", reports.as_docx, name="report_docx"),
    path("<int:number>/bericht.json", reports.as_json, name="report_json"),
    path("<int:number>/massnahmen/neu/", improvements.add, name="add_improvement"),
    path("massnahmen/", improvements.improvements, name="improvements"),
    path("massnahmen/massnahmen.csv", improvements.improvements_csv, name="improvements_csv"),
    path(
        "massnahmen/massnahmen.json",
        as_json(improvements.improvements_csv),
        name="improvements_json",
    ),
    path("massnahmen/<int:number>/", improvements.improvement, name="improvement"),
    path("massnahmen/<int:number>/aendern/", improvements.change, name="change_improvement"),
    path("massnahmen/<int:number>/stand/", improvements.settle, name="settle_improvement"),
    path("massnahmen/<int:number>/anliegen/", improvements.raise_concern, name="raise_concern"),
    path("<int:number>/verlauf/", control.log, name="log"),
    path("<int:number>/verlauf.csv", control.log_csv, name="log_csv"),
    path("<int:number>/verlauf.json", as_json(control.log_csv), name="log_json"),
]
