"""German addresses for allauth's views, whose names are allauth's own, and for our pages beside them."""

from allauth.account import views as account
from allauth.mfa.base import views as factor
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from allauth.socialaccount import views as directories
from allauth.usersessions import views as sessions
from django.urls import include, path, re_path

from . import token_views, views

sign_in = [
    path("anmelden/", account.login, name="account_login"),
    path("anmelden/code/", factor.authenticate, name="mfa_authenticate"),
    path("anmelden/passkey/", passkeys.login_webauthn, name="mfa_login_webauthn"),
    path("abmelden/", account.logout, name="account_logout"),
    path("neu/", account.signup, name="account_signup"),
    path("gesperrt/", account.account_inactive, name="account_inactive"),
    path("bestaetigen/", account.reauthenticate, name="account_reauthenticate"),
    path("bestaetigen/code/", factor.reauthenticate, name="mfa_reauthenticate"),
    path(
        "bestaetigen/passkey/",
        passkeys.reauthenticate_webauthn,
        name="mfa_reauthenticate_webauthn",
    ),
]
addresses = [
    path("", account.email, name="account_email"),
    path("gesendet/", account.email_verification_sent, name="account_email_verification_sent"),
    path("<str:key>/", account.confirm_email, name="account_confirm_email"),
]
password = [
    path("", account.password_change, name="account_change_password"),
    path("setzen/", account.password_set, name="account_set_password"),
    path("vergessen/", account.password_reset, name="account_reset_password"),
    path("vergessen/gesendet/", account.password_reset_done, name="account_reset_password_done"),
    re_path(  # both parts may hold hyphens; the first one divides them
        r"^neu/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "neu/fertig/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
]
second_factor = [
    path("", factor.index, name="mfa_index"),
    path("app/", totp.activate_totp, name="mfa_activate_totp"),
    path("app/entfernen/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("ersatzcodes/", recovery_codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "ersatzcodes/neu/",
        recovery_codes.generate_recovery_codes,
        name="mfa_generate_recovery_codes",
    ),
    path(
        "ersatzcodes/datei/",
        recovery_codes.download_recovery_codes,
        name="mfa_download_recovery_codes",
    ),
    path("passkeys/", passkeys.list_webauthn, name="mfa_list_webauthn"),
    path("passkeys/neu/", passkeys.add_webauthn, name="mfa_add_webauthn"),
    path("passkeys/<int:pk>/", passkeys.edit_webauthn, name="mfa_edit_webauthn"),
    path("passkeys/<int:pk>/entfernen/", passkeys.remove_webauthn, name="mfa_remove_webauthn"),
]
with_directories = [
    path("", directories.connections, name="socialaccount_connections"),
    path("abgebrochen/", directories.login_cancelled, name="socialaccount_login_cancelled"),
    path("fehler/", directories.login_error, name="socialaccount_login_error"),
    path("neu/", directories.signup, name="socialaccount_signup"),
    path("<slug:provider_id>/", views.enter_directory, name="openid_connect_login"),
    path(
        "<slug:provider_id>/zurueck/", views.return_from_directory, name="openid_connect_callback"
    ),
]

urlpatterns = [
    path("", views.account, name="account"),
    path("", include(sign_in)),
    path("e-mail/", include(addresses)),
    path("passwort/", include(password)),
    path("zweiter-faktor/", include(second_factor)),
    path("sitzungen/", sessions.list_usersessions, name="usersessions_list"),
    path("sitzungen/<int:number>/beenden/", views.end_session, name="account_end_session"),
    path("name/", views.change_name, name="account_name"),
    path("sprache/", views.language, name="account_language"),
    path("schluessel/", token_views.tokens, name="account_tokens"),
    path("schluessel/neu/", token_views.make, name="account_make_token"),
    path("schluessel/<int:number>/widerrufen/", token_views.revoke, name="account_revoke_token"),
    path("einwilligungen/", views.consents, name="account_consents"),
    path("daten/", views.data, name="account_data"),
    path("daten/allmende-meine-daten.json", views.data_json, name="account_data_json"),
    path("daten/allmende-meine-daten.html", views.data_html, name="account_data_html"),
    path("loeschen/", views.delete, name="account_delete"),
    path("dienste/", include(with_directories)),
]
