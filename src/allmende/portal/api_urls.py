"""Addresses of the interface for programs."""

from django.urls import path

from .api.build import the_api
from .views import api

urlpatterns = [
    path("", api.root, name="api_root"),
    path("docs/", api.docs, name="api_docs"),
    path("openapi.json", api.schema, name="api_schema"),
    path("", the_api().urls),
]
