"""How far a long computation has come."""

import sys
from collections.abc import Mapping

import click


class Progress:
    """A bar for each step on a terminal; elsewhere one line when a step begins."""

    def __init__(self, labels: Mapping[str, str]) -> None:
        self.labels = labels
        self.step = ""
        self.live = sys.stderr.isatty()

    def __enter__(self) -> "Progress":
        return self

    def __exit__(self, *_: object) -> None:
        if self.live and self.step:
            click.echo("\r\033[K", nl=False, err=True)

    def __call__(self, step: str, done: int, total: int) -> None:
        label = self.labels.get(step, step)
        if self.live:
            filled = "█" * (24 * done // max(total, 1))
            click.echo(f"\r\033[K{label} {filled:░<24} {done}/{total}", nl=False, err=True)
        elif step != self.step:
            click.echo(f"{label} …", err=True)
        self.step = step
