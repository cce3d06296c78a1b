"""Addresses of the registry."""

from django.urls import path, re_path

from . import views

app_name = "registry"
urlpatterns = [
    path("", views.search, name="search"),
    path("kommunen/", views.municipality_list, name="municipalities"),
    path("kommunen.csv", views.municipality_csv, name="municipalities_csv"),
    path("karte/", views.map_, name="map"),
    path("aenderungen/", views.changes, name="changes"),
    path("aenderungen.csv", views.changes_csv, name="changes_csv"),
    re_path(r"^(?P<key>bund|[0-9]{2,12})\.csv$", views.parts_csv, name="parts_csv"),
    re_path(r"^(?P<key>bund|[0-9]{2,12})/$", views.region, name="region"),
]
