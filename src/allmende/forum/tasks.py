"""What the worker does for the forum."""

from django_tasks import task

from .models import Voices


@task()
def recompute(concern_id: int) -> None:
    """Compute a concern's results that are still wanted; see ``services.request_result``."""
    from .services.results import compute_result

    for voices in Voices:
        compute_result(concern_id=concern_id, voices=voices)
