import allmende.portal.models
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
            name="Upload",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "file",
                    models.FileField(unique=True, upload_to=allmende.portal.models.random_path),
                ),
                (
                    "name",
                    models.CharField(
                        help_text="As the sender called it, made safe", max_length=120
                    ),
                ),
                ("media_type", models.CharField(help_text="Found in the content", max_length=80)),
                ("size", models.PositiveIntegerField(help_text="Bytes")),
                ("sha256", models.CharField(max_length=64)),
                (
                    "width",
                    models.PositiveIntegerField(
                        help_text="Pixels, where it is an image", null=True
                    ),
                ),
                ("height", models.PositiveIntegerField(null=True)),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("uploaded_at", models.DateTimeField(auto_now_add=True, db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name="RetentionRun",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(help_text="app.kind", max_length=60)),
                ("day", models.DateField()),
                ("started_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(null=True)),
                ("removed", models.PositiveIntegerField(default=0)),
                ("error", models.TextField(blank=True)),
            ],
            options={
                "ordering": ("-started_at", "-pk"),
                "constraints": [
                    models.UniqueConstraint(fields=("key", "day"), name="retention_once_a_day")
                ],
            },
        ),
        migrations.CreateModel(
            name="PageVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slug", models.CharField(max_length=40)),
                ("number", models.PositiveIntegerField()),
                ("title", models.CharField(max_length=120)),
                ("text", models.TextField(help_text="Markdown")),
                ("saved_at", models.DateTimeField(auto_now_add=True)),
                (
                    "saved_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("slug", "-number"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("slug", "number"), name="one_text_per_page_version"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="BarrierReport",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("page", models.CharField(blank=True, max_length=300)),
                ("text", models.TextField()),
                (
                    "email",
                    models.EmailField(
                        blank=True, help_text="Where she wants an answer", max_length=254
                    ),
                ),
                ("sent_at", models.DateTimeField(auto_now_add=True, db_index=True)),
                ("settled_at", models.DateTimeField(null=True)),
                (
                    "settled_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("-sent_at", "-pk"),
            },
        ),
        migrations.CreateModel(
            name="CacheEntry",
            fields=[
                ("cache_key", models.CharField(max_length=255, primary_key=True, serialize=False)),
                ("value", models.TextField()),
                ("expires", models.DateTimeField(db_index=True)),
            ],
            options={
                "db_table": "portal_cache",
            },
        ),
        migrations.CreateModel(
            name="RepeatableRequest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "sent_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("key", models.CharField(max_length=100)),
                (
                    "fingerprint",
                    models.CharField(
                        help_text="SHA-256 of method, address and body", max_length=64
                    ),
                ),
                ("status", models.PositiveSmallIntegerField(null=True)),
                ("content_type", models.CharField(blank=True, max_length=80)),
                ("body", models.BinaryField(default=bytes)),
                ("at", models.DateTimeField(auto_now_add=True, db_index=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("sent_by", "key"), name="one_request_per_key")
                ],
            },
        ),
        migrations.CreateModel(
            name="SearchEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(help_text="Of a findable: app.word", max_length=30)),
                ("key", models.BigIntegerField(help_text="The thing's own key")),
                (
                    "about",
                    models.BigIntegerField(
                        default=0,
                        help_text="The key of what decides who may see it, such as its concern; or 0",
                    ),
                ),
                ("is_public", models.BooleanField(default=True)),
                ("title_key", models.TextField(blank=True)),
                ("text_key", models.TextField(blank=True, help_text="The title and all else")),
                ("ars", models.CharField(blank=True, max_length=12)),
                ("topic", models.CharField(blank=True, max_length=20)),
                ("state", models.CharField(blank=True, max_length=10)),
                ("at", models.DateTimeField(null=True)),
                ("weight", models.PositiveIntegerField(default=0)),
            ],
            options={
                "verbose_name_plural": "search entries",
                "indexes": [
                    models.Index(fields=["kind", "about"], name="portal_searchentry_about"),
                    models.Index(fields=["ars"], name="portal_searchentry_ars"),
                    models.Index(fields=["at"], name="portal_searchentry_at"),
                ],
                "constraints": [models.UniqueConstraint(fields=("kind", "key"), name="entry_once")],
            },
        ),
    ]
