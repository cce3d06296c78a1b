"""Concerns, statements, votes and the opinion map."""

from django.apps import AppConfig


class ForumConfig(AppConfig):
    name = "allmende.forum"
    label = "forum"

    def ready(self) -> None:
        """Listen to the registry; let nobody change what was sealed."""
        from allmende.audit.services import keep_for_good

        from . import receivers  # noqa: F401
        from .models import SealedPosition, SealedSection

        # Who sealed it is forgotten with her account.
        keep_for_good(SealedPosition, said="sealed positions", may_change=("sealed_by_id",))
        keep_for_good(SealedSection, said="sealed sections")
