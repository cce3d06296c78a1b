import allmende.webhooks.models
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "__first__"),
        ("registry", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Webhook",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        help_text="Whose managers keep it; empty: the operators'",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.organisation",
                    ),
                ),
                ("url", models.CharField(max_length=500, verbose_name="Adresse")),
                (
                    "events",
                    models.JSONField(default=list, help_text="Which of ``Event``; empty: all"),
                ),
                (
                    "ags",
                    models.CharField(
                        blank=True,
                        help_text="Beginning of a key",
                        max_length=8,
                        verbose_name="Region",
                    ),
                ),
                (
                    "topic",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("finanzen", "Finanzen und Förderung"),
                            ("verwaltung", "Verwaltung, Recht und Personal"),
                            ("digitales", "Digitales"),
                            ("demokratie", "Ehrenamt, Demokratie und Schutz im Amt"),
                            ("sicherheit", "Sicherheit und Bevölkerungsschutz"),
                            ("migration", "Migration und Integration"),
                            ("soziales", "Soziales, Kinder und Jugend"),
                            ("bildung", "Bildung, Kultur und Sport"),
                            ("gesundheit", "Gesundheit und Pflege"),
                            ("bauen", "Bauen, Wohnen und Planung"),
                            ("klima", "Klima, Energie und Umwelt"),
                            ("verkehr", "Verkehr und Mobilität"),
                            ("wirtschaft", "Wirtschaft und Landwirtschaft"),
                            ("lebensverhaeltnisse", "Gleichwertige Lebensverhältnisse"),
                        ],
                        default="",
                        max_length=20,
                        verbose_name="Themenfeld",
                    ),
                ),
                (
                    "ministry",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.organisation",
                    ),
                ),
                (
                    "salt",
                    models.CharField(default=allmende.webhooks.models.new_salt, max_length=32),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("failing_since", models.DateTimeField(blank=True, null=True)),
                ("disabled_at", models.DateTimeField(blank=True, null=True)),
                ("disabled_why", models.CharField(blank=True, max_length=300)),
            ],
            options={
                "ordering": ("-created_at", "-pk"),
            },
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "webhook",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deliveries",
                        to="webhooks.webhook",
                    ),
                ),
                (
                    "key",
                    models.CharField(
                        help_text="The event: told twice, it is one delivery", max_length=80
                    ),
                ),
                ("event", models.CharField(max_length=30)),
                ("body", models.TextField(help_text="The JSON that is sent, byte for byte")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "Wartet"),
                            ("sending", "Wird zugestellt"),
                            ("delivered", "Zugestellt"),
                            ("failed", "Gescheitert"),
                        ],
                        default="queued",
                        max_length=10,
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                (
                    "created_at",
                    models.DateTimeField(db_index=True, default=django.utils.timezone.now),
                ),
                ("next_try_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("claimed_at", models.DateTimeField(blank=True, null=True)),
                ("delivered_at", models.DateTimeField(blank=True, null=True)),
                ("status", models.PositiveSmallIntegerField(blank=True, null=True)),
                (
                    "answer",
                    models.CharField(
                        blank=True, help_text="Its beginning, or what failed", max_length=500
                    ),
                ),
            ],
            options={
                "ordering": ("-pk",),
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "queued")),
                        fields=["next_try_at"],
                        name="webhooks_next_delivery",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("webhook", "key"), name="delivered_once")
                ],
            },
        ),
    ]
