"""People and how they sign in."""

from typing import Any

from allauth.usersessions.apps import UserSessionsConfig
from django.apps import AppConfig


class AccountsConfig(AppConfig):
    default = True
    name = "allmende.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Listen to allauth."""
        from . import receivers  # noqa: F401


class SessionsConfig(UserSessionsConfig):  # type: ignore[misc]
    """allauth's list of sessions. Signing in only adds to it.

    allauth looks at each session of a person whenever she signs in, whether it still holds: three
    queries a session. The page that lists them does so too, and ``allmende tick`` clears the dead.
    """

    def ready(self) -> None:
        from allauth.account.signals import password_changed, password_set, user_logged_in
        from allauth.usersessions import signals

        user_logged_in.connect(_add_session, dispatch_uid="allmende.accounts.add_session")
        for signal in (password_set, password_changed):
            signal.connect(signals.on_password_changed)


def _add_session(request: Any, **_: Any) -> None:
    from allauth.usersessions.models import UserSession

    UserSession.objects.create_from_request(request)
