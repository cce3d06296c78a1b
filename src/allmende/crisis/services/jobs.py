"""Jobs that a worker is to do."""

from typing import Any

from django_tasks.base import Task
from django_tasks_db.models import DBTaskResult


def waiting(task: "Task[..., Any]") -> set[Any]:
    """What jobs of a kind are about that no worker has taken yet."""
    jobs = DBTaskResult.objects.ready().filter(task_path=task.module_path)
    return {about for said in jobs.values_list("args_kwargs", flat=True) for about in said["args"]}
