"""Concerns, statements, votes and the opinion map."""

from django.apps import AppConfig


class ForumConfig(AppConfig):
    name = "allmende.forum"
    label = "forum"

    def ready(self) -> None:
        """Listen to the registry."""
        from . import receivers  # noqa: F401
