"""What the worker does for the forum."""

from django_tasks import task

from .models import Voices


@task()
def recompute(concern_id: int) -> None:
    """Compute a concern's results that are still wanted; see ``services.request_result``."""
    from .services.results import compute_result

    for voices in Voices:
        compute_result(concern_id=concern_id, voices=voices)


@task()
def invite(sitting_id: int) -> None:
    """Write to all who are invited to a sitting; see ``services.sittings.send_invitations``."""
    from .services.sittings import send_invitations

    send_invitations(sitting_id)


@task()
def tell_minutes(sitting_id: int) -> None:
    """Tell members that the minutes are there; see ``services.sittings.tell_of_minutes``."""
    from .services.sittings import tell_of_minutes

    tell_of_minutes(sitting_id)
