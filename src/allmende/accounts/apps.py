"""People and how they sign in."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "allmende.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Listen to allauth."""
        from . import receivers  # noqa: F401
