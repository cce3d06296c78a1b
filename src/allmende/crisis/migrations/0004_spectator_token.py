"""A link of their own for those who only look on."""

import secrets
from typing import Any

from django.db import migrations, models


def fill(apps: Any, _schema: Any) -> None:
    """Each exercise gets a token of its own: a default would be the same for all."""
    for exercise in apps.get_model("crisis", "Exercise").objects.only("pk"):
        exercise.spectator_token = secrets.token_urlsafe(24)
        exercise.save(update_fields=["spectator_token"])


class Migration(migrations.Migration):
    dependencies = (("crisis", "0003_drafts"),)
    operations = (
        migrations.AddField("exercise", "spectator_token", models.CharField(max_length=64, null=True)),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
        migrations.AlterField(
            "exercise",
            "spectator_token",
            models.CharField(
                help_text="Of the link by which people only look on", max_length=64, unique=True
            ),
        ),
    )
