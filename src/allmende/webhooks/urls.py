"""Addresses of the pages about webhooks."""

from django.urls import path

from . import views

app_name = "webhooks"
urlpatterns = [
    path("", views.webhook_list, name="webhooks"),
    path("neu/", views.add, name="add"),
    path("<int:number>/", views.webhook, name="webhook"),
    path("<int:number>/protokoll.csv", views.log_csv, name="log_csv"),
    path("<int:number>/aendern/", views.change, name="change"),
    path("<int:number>/geheimnis/", views.renew, name="renew"),
    path("<int:number>/testen/", views.test, name="test"),
    path("<int:number>/schalten/", views.switch, name="switch"),
    path("<int:number>/entfernen/", views.remove, name="remove"),
    path("<int:number>/zustellungen/<int:delivery>/", views.repeat, name="repeat"),
]
