"""The worker that does what was put off, for tests that wait for it."""

from django_tasks_db.management.commands.db_worker import Worker


def work() -> None:
    """Let a worker do everything that is due."""
    Worker(
        queue_names=["default"],
        interval=0,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id="test",
        excluded_queue_names=[],
    ).run()
