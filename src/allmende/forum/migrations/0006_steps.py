"""Concerns whose voting has ended go on to their position; every concern gets the steps of its way."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def add_steps(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    Concern, Step = apps.get_model("forum", "Concern"), apps.get_model("forum", "Step")
    # Conversations that were imported have no owner, and end with their result.
    Concern.objects.filter(state="closed", owner__isnull=False).update(state="position")
    steps = []
    for concern in Concern.objects.order_by("pk").iterator():
        steps.append(Step(concern=concern, state="draft", at=concern.created_at))
        if concern.opened_at:
            steps.append(Step(concern=concern, state="open", at=concern.opened_at))
        if concern.state not in ("draft", "open"):
            ended = concern.closed_early_at or concern.deadline
            steps.append(Step(concern=concern, state=concern.state, at=ended))
    Step.objects.bulk_create(steps, batch_size=1_000)


def end_voting(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    Concern = apps.get_model("forum", "Concern")
    Concern.objects.exclude(state__in=("draft", "open")).update(state="closed")


class Migration(migrations.Migration):
    dependencies = (("forum", "0005_alliance"),)
    operations = (migrations.RunPython(add_steps, end_voting),)
