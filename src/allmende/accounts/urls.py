"""German addresses for allauth's views. Their names are allauth's own."""

from allauth.account import views
from django.urls import path, re_path

urlpatterns = [
    path("anmelden/", views.login, name="account_login"),
    path("abmelden/", views.logout, name="account_logout"),
    path("neu/", views.signup, name="account_signup"),
    path("gesperrt/", views.account_inactive, name="account_inactive"),
    path("bestaetigen/", views.reauthenticate, name="account_reauthenticate"),
    path("e-mail/", views.email, name="account_email"),
    path("e-mail/gesendet/", views.email_verification_sent, name="account_email_verification_sent"),
    path("e-mail/<str:key>/", views.confirm_email, name="account_confirm_email"),
    path("passwort/", views.password_change, name="account_change_password"),
    path("passwort/setzen/", views.password_set, name="account_set_password"),
    path("passwort/vergessen/", views.password_reset, name="account_reset_password"),
    path(
        "passwort/vergessen/gesendet/",
        views.password_reset_done,
        name="account_reset_password_done",
    ),
    re_path(  # both parts may hold hyphens; the first one divides them
        r"^passwort/neu/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "passwort/neu/fertig/",
        views.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
]
