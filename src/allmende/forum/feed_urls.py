"""Addresses of what is new, as feeds."""

from django.urls import path, re_path

from .views import feeds

app_name = "feeds"
urlpatterns = [
    path("", feeds.feeds, name="feeds"),
    path("alles.atom", feeds.everything, name="everything"),
    path("auswahl/", feeds.selection, name="selection"),
    path("auswahl.atom", feeds.selection_atom, name="selection_atom"),
    re_path(r"^gebiete/(?P<key>[0-9]{2,12})\.atom$", feeds.region, name="region"),
    re_path(r"^themen/(?P<topic>[a-z]+)\.atom$", feeds.topic, name="topic"),
    re_path(r"^ministerien/(?P<slug>[\w-]+)\.atom$", feeds.ministry, name="ministry"),
]
