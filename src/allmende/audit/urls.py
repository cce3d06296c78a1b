"""Addresses of the audit log."""

from django.urls import path

from . import views

app_name = "audit"
urlpatterns = [
    path("", views.log, name="log"),
    path("protokoll.csv", views.export_csv, name="csv"),
    path("protokoll.jsonl", views.export_json, name="json"),
    path("<int:number>/", views.entry, name="entry"),
]
