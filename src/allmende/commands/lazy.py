"""Groups of commands that are imported when they are called for.

So ``allmende --help`` and a typing error are answered at once, without Django or numpy.
"""

from importlib import import_module
from typing import Any

import click


class LazyGroup(click.Group):
    """A group whose commands stand in a table: name, ``module:attribute``, summary."""

    def __init__(self, *args: Any, table: dict[str, tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.table = table
        self.subcommand_metavar = "BEFEHL …"
        self.options_metavar = "[OPTIONEN]"

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.table)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.table:
            return None
        module, _, attribute = self.table[cmd_name][0].partition(":")
        command: click.Command = getattr(import_module(module), attribute)
        command.name = cmd_name
        command.options_metavar = "[OPTIONEN]"
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Befehle"):
            formatter.write_dl([(name, summary) for name, (_, summary) in self.table.items()])
