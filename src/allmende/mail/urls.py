"""Addresses of the mail: below a person's account, and on the operator's desk."""

from django.urls import path

from . import views

app_name = "mail"
urlpatterns = [
    path("konto/benachrichtigungen/", views.choices, name="choices"),
    path(
        "konto/benachrichtigungen/abbestellen/<str:token>/", views.unsubscribe, name="unsubscribe"
    ),
    path("betrieb/post/", views.log, name="log"),
    path("betrieb/post/liste.csv", views.log_csv, name="log_csv"),
    path("betrieb/post/<int:number>/noch-einmal/", views.retry, name="retry"),
    path("betrieb/post/<int:number>/aufgeben/", views.give_up, name="give_up"),
]
