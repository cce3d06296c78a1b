"""Who did what, when and why: append-only."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "allmende.audit"
    label = "audit"
