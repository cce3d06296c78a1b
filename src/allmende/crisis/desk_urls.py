"""Addresses of thresholds and reporting offices on the operator's desk."""

from django.urls import path

from .views import kritis

app_name = "crisis_desk"
urlpatterns = [
    path("schwellenwerte/", kritis.desk, name="thresholds"),
    path("meldestellen/", kritis.offices, name="offices"),
]
