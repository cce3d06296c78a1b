"""What the worker does for webhooks."""

from django_tasks import task


@task()
def deliver() -> None:
    """Deliver what is due; again while more is."""
    from . import services
    from .services.events import deliver_soon

    if not services.deliver_due():
        deliver_soon()
