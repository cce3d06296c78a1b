"""What the worker does for the forum."""

from django_tasks import task

from .models import Voices


@task()
def recompute(concern_id: int, voices: str) -> None:
    """Compute a concern's result if it is still wanted; see ``services.request_result``."""
    from .services.results import compute_result

    compute_result(concern_id=concern_id, voices=Voices(voices))
