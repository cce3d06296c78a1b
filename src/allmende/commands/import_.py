"""``allmende import``: official registers and conversations from files."""

import click

from .lazy import LazyGroup


@click.group(
    cls=LazyGroup,
    table={
        "municipalities": (
            "allmende.commands.import_municipalities:municipalities",
            "Gemeindeverzeichnis und Änderungslisten von Destatis.",
        ),
        "invitations": (
            "allmende.commands.import_invitations:invitations",
            "Eine Liste von Menschen, die ihre Organisation verwalten sollen.",
        ),
        "votes": ("allmende.commands.import_votes:votes", "Ein Gespräch aus Polis als Anliegen."),
    },
)
def import_group() -> None:
    """Liest amtliche Verzeichnisse, Gespräche und Listen von Einladungen ein."""
