"""What the worker does for the frame."""

from contextlib import suppress

from django_tasks import task


@task()
def dump_open_data() -> None:
    """Write tonight's dump of the open data, unless another task has done so or is at it."""
    from .open_data import dumps, nightly

    if nightly.is_due():
        with suppress(dumps.BusyError):
            dumps.make_dump()
