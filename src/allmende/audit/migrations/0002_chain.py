"""Entries get their numbers and hashes; people's names leave them.

What was recorded before there was a chain stays as it was, in its order, but for two names of objects in
which people were named: an account becomes „Konto 12“, a mandate keeps for whom it speaks.
"""

from typing import Any

import django.db.models.deletion
from django.apps.registry import Apps
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from allmende.audit.chain import Link, digest
from allmende.audit.protection import lifted

BATCH = 1_000


def chain_entries(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    Entry = apps.get_model("audit", "Entry")
    with lifted():  # it is up where somebody has migrated back and forth
        _chain(Entry)


def _chain(Entry: Any) -> None:
    number, previous_hash, done = 0, "", 0
    while batch := list(Entry.objects.filter(pk__gt=done).order_by("pk")[:BATCH]):
        for entry in batch:
            number += 1
            entry.number, entry.previous_hash = number, previous_hash
            entry.object_name = _without_person(entry)
            entry.hash = previous_hash = digest(
                Link(
                    number=number,
                    at=entry.at,
                    actor=entry.actor_id,
                    mandate="",
                    capacity="",
                    deed=entry.deed,
                    object_kind=entry.object_kind,
                    object_key=entry.object_key,
                    object_name=entry.object_name,
                    reason=entry.reason,
                    details=entry.details,
                    previous_hash=entry.previous_hash,
                )
            )
        Entry.objects.bulk_update(batch, ["number", "previous_hash", "hash", "object_name"])
        done = batch[-1].pk


def _without_person(entry: Any) -> str:
    if entry.object_kind == "accounts.User":
        return f"Konto {entry.object_key}"
    if entry.object_kind == "registry.Mandate":
        return f"Mandat {entry.object_key}: {entry.object_name.rpartition(' für ')[2]}"
    return str(entry.object_name)


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [
        migrations.AlterModelOptions("entry", {"ordering": ("-number",)}),
        migrations.AlterField("entry", "at", models.DateTimeField(db_index=True)),
        migrations.AlterField(
            "entry",
            "actor",
            models.ForeignKey(
                db_constraint=False,
                help_text="Empty where the system itself acted",
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField("entry", "number", models.PositiveBigIntegerField(null=True)),
        migrations.AddField(
            "entry", "mandate_key", models.CharField(blank=True, default="", max_length=60), False
        ),
        migrations.AddField(
            "entry",
            "capacity",
            models.CharField(
                blank=True,
                default="",
                help_text="In which mandate, in words; empty where in none",
                max_length=300,
            ),
            False,
        ),
        migrations.AddField(
            "entry",
            "previous_hash",
            models.CharField(
                blank=True, default="", help_text="Empty in the first", max_length=64
            ),
            False,
        ),
        migrations.AddField("entry", "hash", models.CharField(default="", max_length=64), False),
        migrations.RunPython(chain_entries, migrations.RunPython.noop),
    ]
