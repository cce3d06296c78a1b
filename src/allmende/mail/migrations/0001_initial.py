import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="Message",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "key",
                    models.CharField(
                        help_text="Queued twice, it is one message", max_length=160, unique=True
                    ),
                ),
                (
                    "message_id",
                    models.CharField(
                        help_text="Fixed when queued: a repeated delivery is recognised by it",
                        max_length=200,
                    ),
                ),
                (
                    "priority",
                    models.SmallIntegerField(
                        choices=[(0, "Sofort"), (1, "Der Reihe nach")], default=0
                    ),
                ),
                ("sender", models.CharField(blank=True, max_length=320)),
                ("recipient", models.CharField(db_index=True, max_length=320, verbose_name="An")),
                ("subject", models.CharField(max_length=250, verbose_name="Betreff")),
                ("text", models.TextField(blank=True)),
                (
                    "html",
                    models.TextField(blank=True, help_text="Where empty, it is made of the text"),
                ),
                ("language", models.CharField(default="de", max_length=10)),
                ("headers", models.JSONField(blank=True, default=dict)),
                (
                    "calendar",
                    models.TextField(
                        blank=True,
                        help_text="An invitation as iCalendar, which mail programs offer to take over",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "Wartet"),
                            ("sending", "Wird gesendet"),
                            ("sent", "Gesendet"),
                            ("failed", "Gescheitert"),
                            ("given_up", "Aufgegeben"),
                        ],
                        default="queued",
                        max_length=10,
                        verbose_name="Stand",
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="Versuche")),
                (
                    "created_at",
                    models.DateTimeField(
                        db_index=True, default=django.utils.timezone.now, verbose_name="Eingereiht"
                    ),
                ),
                (
                    "next_try_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="Nächster Versuch"
                    ),
                ),
                ("claimed_at", models.DateTimeField(blank=True, null=True)),
                ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="Gesendet")),
                ("error", models.CharField(blank=True, max_length=500, verbose_name="Fehler")),
            ],
            options={
                "ordering": ("-pk",),
                "indexes": [
                    models.Index(
                        fields=["state", "priority", "next_try_at"], name="mail_message_next"
                    ),
                    models.Index(fields=["state", "-id"], name="mail_message_by_state"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notices",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "topic",
                    models.CharField(
                        help_text="app.word, named in the app's Offer.notices", max_length=60
                    ),
                ),
                (
                    "key",
                    models.CharField(
                        help_text="Told twice, it is one notice a person", max_length=120
                    ),
                ),
                ("title", models.CharField(max_length=250)),
                ("text", models.CharField(blank=True, max_length=500)),
                ("url", models.CharField(max_length=500)),
                (
                    "created_at",
                    models.DateTimeField(db_index=True, default=django.utils.timezone.now),
                ),
                (
                    "told_at",
                    models.DateTimeField(
                        blank=True,
                        help_text="When it went into a mail, or was passed over by her wish",
                        null=True,
                    ),
                ),
            ],
            options={
                "ordering": ("pk",),
                "indexes": [
                    models.Index(
                        condition=models.Q(("told_at__isnull", True)),
                        fields=["user", "id"],
                        name="mail_notice_untold",
                    )
                ],
                "constraints": [models.UniqueConstraint(fields=("key", "user"), name="told_once")],
            },
        ),
        migrations.CreateModel(
            name="NoticeChoice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notice_choices",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("topic", models.CharField(blank=True, max_length=60)),
                (
                    "frequency",
                    models.CharField(
                        choices=[
                            ("immediately", "Sofort"),
                            ("daily", "Täglich in einer Mail"),
                            ("weekly", "Montags in einer Mail"),
                            ("never", "Nie"),
                        ],
                        max_length=12,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("user", "topic"), name="one_choice_per_topic")
                ],
            },
        ),
    ]
