"""Addresses of the forum on the operator's desk."""

from django.urls import path

from .views import servers

app_name = "oparl"
urlpatterns = [
    path("", servers.servers, name="servers"),
    path("<int:number>/entfernen/", servers.remove, name="remove"),
]
