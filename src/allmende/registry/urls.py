"""Addresses of the registry."""

from django.urls import path, re_path

from .views import codes, organisations, regions

app_name = "registry"
urlpatterns = [
    path("", regions.search, name="search"),
    path("kommunen/", regions.municipality_list, name="municipalities"),
    path("kommunen.csv", regions.municipality_csv, name="municipalities_csv"),
    path("karte/", regions.map_, name="map"),
    path("aenderungen/", regions.changes, name="changes"),
    path("aenderungen.csv", regions.changes_csv, name="changes_csv"),
    path("organisationen/", organisations.organisation_list, name="organisations"),
    path("organisationen.csv", organisations.organisation_csv, name="organisations_csv"),
    path("organisationen/<slug:slug>/", organisations.organisation, name="organisation"),
    path("brief/", codes.enter, name="letter"),
    path("brief/amt/", codes.redeem, name="redeem"),
    re_path(r"^(?P<key>bund|[0-9]{2,12})\.csv$", regions.parts_csv, name="parts_csv"),
    re_path(r"^(?P<key>bund|[0-9]{2,12})/$", regions.region, name="region"),
]
