"""Addresses of the forum on the operator's desk."""

from django.urls import path

from .views import complaints, moderation, servers, terms

app_name = "forum_desk"
urlpatterns = [
    path("aussagen/", moderation.queue, name="moderation"),
    path("aussagen/liste.csv", moderation.queue_csv, name="moderation_csv"),
    path("beitraege/", complaints.queue, name="complaints"),
    path("beitraege/liste.csv", complaints.queue_csv, name="complaints_csv"),
    path("regeln/", terms.terms, name="terms"),
    path("ratsinformation/", servers.servers, name="servers"),
    path("ratsinformation/<int:number>/entfernen/", servers.remove, name="remove"),
]
