"""Addresses of the operator's letters."""

from django.urls import path

from .views import letters

app_name = "letters"
urlpatterns = [
    path("", letters.batches, name="batches"),
    path("neu/", letters.choose, name="choose"),
    path("<int:number>/", letters.batch, name="batch"),
    path("<int:number>/briefe.csv", letters.batch_csv, name="batch_csv"),
    path("<int:number>/datei/", letters.fetch, name="fetch"),
    path("<int:number>/widerrufen/", letters.revoke, name="revoke"),
]
