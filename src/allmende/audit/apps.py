"""Who did what, in which mandate, when and why: append-only and chained."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AuditConfig(AppConfig):
    name = "allmende.audit"
    label = "audit"

    def ready(self) -> None:
        from .protection import protect

        post_migrate.connect(protect, sender=self)
