import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="Entry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "number",
                    models.PositiveBigIntegerField(
                        help_text="1, 2, 3 and on without gaps", unique=True
                    ),
                ),
                ("at", models.DateTimeField(db_index=True)),
                (
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
                ("mandate_key", models.CharField(blank=True, max_length=60)),
                (
                    "capacity",
                    models.CharField(
                        blank=True,
                        help_text="In which mandate, in words; empty where in none",
                        max_length=300,
                    ),
                ),
                (
                    "deed",
                    models.CharField(
                        help_text="app.verb_object, such as forum.open_concern", max_length=60
                    ),
                ),
                ("object_kind", models.CharField(help_text="app.Model", max_length=60)),
                ("object_key", models.CharField(max_length=60)),
                ("object_name", models.CharField(max_length=300)),
                ("reason", models.TextField(blank=True)),
                ("details", models.JSONField(default=dict)),
                (
                    "previous_hash",
                    models.CharField(blank=True, help_text="Empty in the first", max_length=64),
                ),
                ("hash", models.CharField(max_length=64)),
            ],
            options={
                "ordering": ("-number",),
                "indexes": [
                    models.Index(
                        fields=["object_kind", "object_key"], name="audit_entry_object__8ac48c_idx"
                    )
                ],
            },
        ),
    ]
