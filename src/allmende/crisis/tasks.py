"""What the worker does for critical facilities."""

from django_tasks import task


@task()
def carry_out(check_id: int) -> None:
    """Carry out a large file; see ``services.imports.later``."""
    from .services import carry_out_wanted

    carry_out_wanted(check_id)


@task()
def hold_against(script_hash: str) -> None:
    """Compute what play of a script is held against; see ``services.exercises.yardsticks``."""
    from .services.exercises import compute_yardstick

    compute_yardstick(script_hash)
