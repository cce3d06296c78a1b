"""What the worker does for the mail."""

from django_tasks import task


@task()
def deliver() -> None:
    """Gather what people want to hear at once, and deliver what is due; again while more is."""
    from . import services

    services.gather_digests()
    if not services.deliver_due():
        services.deliver_soon()
