"""Addresses of the frame, of the legal pages, and of the operator's desk."""

from django.urls import path, re_path

from .tables import as_json
from .views import desk, frame, legal, open_data, search, start

urlpatterns = [
    path("", start.start, name="start"),
    path("ueberblick/", start.overview, name="overview"),
    path("aufgaben/", start.tasks, name="tasks"),
    path("aufgaben/aufgaben.csv", start.tasks_csv, name="tasks_csv"),
    path("suche/", search.search, name="search"),
    path("suche/suche.csv", search.search_csv, name="search_csv"),
    path("suche/suche.json", as_json(search.search_csv), name="search_json"),
    path("quellen/", frame.sources, name="sources"),
    path("daten/", open_data.datasets, name="open_data"),
    path("daten/katalog.jsonld", open_data.catalogue, name="open_data_catalogue"),
    re_path(r"^daten/(?P<name>[a-z-]+)\.csv$", open_data.dataset_csv, name="open_data_csv"),
    re_path(r"^daten/(?P<name>[a-z-]+)\.json$", open_data.dataset_json, name="open_data_json"),
    path("daten/<slug:name>/", open_data.dataset, name="open_data_set"),
    path("daten/<str:file>", open_data.newest_file, name="open_data_file"),
    path("daten/<str:dump>/<str:file>", open_data.kept_file, name="open_data_kept"),
    path("gesund/", frame.health, name="health"),
    path("impressum/", legal.imprint, name="legal_imprint"),
    path("datenschutz/", legal.privacy, name="legal_privacy"),
    path("barrierefreiheit/", legal.accessibility, name="legal_accessibility"),
    path("barrierefreiheit/rueckmeldung/", legal.report, name="legal_report"),
    path("leichte-sprache/", legal.easy_language, name="legal_easy_language"),
    path("betrieb/", desk.desk, name="desk"),
    path("betrieb/auftraege/", desk.jobs, name="desk_jobs"),
    path("betrieb/auftraege/auftraege.csv", desk.jobs_csv, name="desk_jobs_csv"),
    path("betrieb/auftraege/<uuid:job>/wiederholen/", desk.repeat_job, name="desk_repeat_job"),
    path("betrieb/loeschen/", desk.retention, name="desk_retention"),
    path("betrieb/loeschen/laeufe.csv", desk.runs_csv, name="desk_runs_csv"),
    path("betrieb/rueckmeldungen/", desk.reports, name="desk_reports"),
    path("betrieb/rueckmeldungen/rueckmeldungen.csv", desk.reports_csv, name="desk_reports_csv"),
    path("betrieb/rueckmeldungen/<int:number>/erledigt/", desk.settle, name="desk_settle"),
    path("betrieb/seiten/", desk.pages, name="desk_pages"),
    path("betrieb/seiten/<slug:slug>/", legal.edit, name="desk_page"),
    path("betrieb/seiten/<slug:slug>/<int:number>/", legal.version, name="desk_page_version"),
]
