"""Addresses of the frame."""

from django.urls import path

from . import views

urlpatterns = [
    path("", views.start, name="start"),
    path("suche/", views.search, name="search"),
    path("quellen/", views.sources, name="sources"),
    path("gesund/", views.health, name="health"),
]
