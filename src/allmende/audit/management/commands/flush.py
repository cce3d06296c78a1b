"""Django's ``flush``, which empties a whole database: tests do so after each that commits."""

from typing import Any

from django.core.management.commands import flush

from ...protection import lifted


class Command(flush.Command):
    """Empties the audit log with everything else."""

    def handle(self, **options: Any) -> None:
        with lifted():
            super().handle(**options)
