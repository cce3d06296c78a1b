"""Addresses of commitments and of how ministries keep them."""

from django.urls import path

from allmende.portal.tables import as_json

from .views import commitments, ministry_figures, pursuit

app_name = "commitments"
urlpatterns = [
    path("", commitments.commitments, name="commitments"),
    path("zusagen.csv", commitments.commitments_csv, name="commitments_csv"),
    path("ministerien/", ministry_figures.ministries, name="ministries"),
    path("ministerien/ministerien.csv", ministry_figures.ministries_csv, name="ministries_csv"),
    path("zusagen.json", as_json(commitments.commitments_csv), name="commitments_json"),
    path(
        "ministerien/ministerien.json",
        as_json(ministry_figures.ministries_csv),
        name="ministries_json",
    ),
    path("<int:number>/", commitments.commitment, name="commitment"),
    path("<int:number>/bericht/", pursuit.report, name="report"),
    path("<int:number>/berichte/<int:report>/", commitments.document, name="document"),
    path("<int:number>/etappen/<int:step>/", pursuit.milestone, name="milestone"),
    path("<int:number>/ergebnis/", pursuit.settle, name="settle"),
    path("<int:number>/frist/", pursuit.postpone, name="postpone"),
    path("<int:number>/bewerten/", pursuit.judge, name="judge"),
    path("<int:number>/bewertungen/", commitments.verdicts, name="verdicts"),
    path("<int:number>/bewertungen/bewertungen.csv", commitments.verdicts_csv, name="verdicts_csv"),
    path(
        "<int:number>/bewertungen/bewertungen.json",
        as_json(commitments.verdicts_csv),
        name="verdicts_json",
    ),
]
