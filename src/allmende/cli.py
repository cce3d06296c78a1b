"""The command line: ``allmende …``, for operators and analysts.

Messages are German. Exit codes: 0 done, 1 failed, 2 bad input. Commands live in
``allmende.commands``; what needs Django or numpy is imported when its command runs, so that
``allmende --help`` answers at once.
"""

import os

import click

CONTEXT = {"help_option_names": ["--help", "-h"], "max_content_width": 100}


@click.group(context_settings=CONTEXT)
@click.version_option(package_name="allmende", prog_name="allmende")
def main() -> None:
    """Allmende: der gemeinsame Grund der Kommunen und des Bundes."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "allmende.settings")


if __name__ == "__main__":
    main()
