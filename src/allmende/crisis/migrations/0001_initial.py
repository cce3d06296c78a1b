import uuid

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "__first__"),
        ("forum", "0001_initial"),
        ("portal", "0001_initial"),
        ("registry", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="ScriptDraft",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "host",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="script_drafts",
                        to="registry.organisation",
                        verbose_name="Wer übt",
                    ),
                ),
                ("title", models.CharField(max_length=300, verbose_name="Titel")),
                ("script", models.JSONField(help_text="docs/reference/exercise-json.md")),
                (
                    "replaced",
                    models.JSONField(
                        blank=True,
                        help_text="The network that the register's took the place of, to be put back; stand is that of the new one",
                        null=True,
                    ),
                ),
                ("revision", models.PositiveIntegerField(default=1, help_text="Counts changes")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "changed_at",
                    models.DateTimeField(auto_now=True, verbose_name="Zuletzt geändert"),
                ),
                (
                    "changed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "removed_at",
                    models.DateTimeField(
                        blank=True, help_text="Until it is cleared, it can be put back", null=True
                    ),
                ),
                (
                    "is_example",
                    models.BooleanField(default=False, help_text="Invented for example data"),
                ),
            ],
            options={
                "ordering": ("-changed_at", "-pk"),
            },
        ),
        migrations.CreateModel(
            name="InjectTable",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "draft",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tables",
                        to="crisis.scriptdraft",
                    ),
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
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("file_name", models.CharField(max_length=200)),
                ("cells", models.JSONField(help_text="headings, and rows of line and cells")),
                ("carried_out_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ("-pk",),
            },
        ),
        migrations.CreateModel(
            name="Exercise",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(max_length=200, verbose_name="Titel")),
                (
                    "host",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="exercises",
                        to="registry.organisation",
                        verbose_name="Wer übt",
                    ),
                ),
                ("script", models.JSONField(help_text="docs/reference/exercise-json.md")),
                (
                    "script_hash",
                    models.CharField(
                        help_text="SHA-256: what was computed from it is kept by it", max_length=64
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("vorbereitet", "in Vorbereitung"),
                            ("laeuft", "läuft"),
                            ("beendet", "beendet"),
                        ],
                        default="vorbereitet",
                        max_length=20,
                        verbose_name="Stand",
                    ),
                ),
                (
                    "token",
                    models.CharField(
                        help_text="Of the link by which people join", max_length=64, unique=True
                    ),
                ),
                (
                    "spectator_token",
                    models.CharField(
                        help_text="Of the link by which people only look on",
                        max_length=64,
                        unique=True,
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "started_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="Begonnen"),
                ),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="Beendet")),
                (
                    "next_wall",
                    models.BigIntegerField(
                        blank=True,
                        help_text="When something may be due next, unless somebody acts",
                        null=True,
                    ),
                ),
                (
                    "revision",
                    models.PositiveIntegerField(
                        default=0,
                        help_text="Counts what players see change: pages ask whether it did",
                    ),
                ),
                (
                    "observed",
                    models.PositiveIntegerField(
                        default=0, help_text="Counts what observers see change beyond that"
                    ),
                ),
                (
                    "is_example",
                    models.BooleanField(default=False, help_text="Invented for example data"),
                ),
            ],
            options={
                "ordering": ("-created_at", "-pk"),
            },
        ),
        migrations.CreateModel(
            name="ClockChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "exercise",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="clock_changes",
                        to="crisis.exercise",
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("wall", models.BigIntegerField()),
                ("at", models.BigIntegerField()),
                ("speed", models.PositiveIntegerField()),
                ("runs", models.BooleanField()),
                (
                    "changed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("exercise", "number"),
                "constraints": [
                    models.UniqueConstraint(fields=("exercise", "number"), name="one_clock_change")
                ],
            },
        ),
        migrations.CreateModel(
            name="Part",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "exercise",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="parts",
                        to="crisis.exercise",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("leitung", "Übungsleitung"),
                            ("spiel", "spielt mit"),
                            ("beobachtung", "beobachtet"),
                            ("zuschauen", "schaut zu"),
                        ],
                        max_length=20,
                        verbose_name="Aufgabe",
                    ),
                ),
                ("role", models.CharField(blank=True, max_length=60, verbose_name="Rolle")),
                ("joined_at", models.DateTimeField(auto_now_add=True)),
                (
                    "has_answered",
                    models.BooleanField(
                        default=False,
                        help_text="The questionnaire; what is not known (models/observing.py)",
                    ),
                ),
            ],
            options={
                "ordering": ("kind", "role", "pk"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("exercise", "user"), name="one_part_per_person"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "spiel"), models.Q(("role", ""), _negated=True)),
                            models.Q(models.Q(("kind", "spiel"), _negated=True), ("role", "")),
                            _connector="OR",
                        ),
                        name="players_have_a_role",
                    ),
                ],
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
                    "exercise",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deliveries",
                        to="crisis.exercise",
                    ),
                ),
                ("inject", models.CharField(max_length=300)),
                ("recipient", models.CharField(max_length=60)),
                ("attempt", models.PositiveSmallIntegerField()),
                ("due", models.BigIntegerField()),
                ("wall", models.BigIntegerField()),
                ("channel", models.CharField(max_length=20)),
                ("sender", models.CharField(max_length=200, verbose_name="Von")),
                ("title", models.CharField(max_length=300, verbose_name="Betreff")),
                ("text", models.TextField(blank=True, verbose_name="Text")),
                (
                    "seen_wall",
                    models.BigIntegerField(
                        blank=True, help_text="When its role opened it", null=True
                    ),
                ),
            ],
            options={
                "ordering": ("due", "pk"),
                "indexes": [
                    models.Index(fields=["exercise", "recipient", "due"], name="delivered_to")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("exercise", "inject", "recipient", "attempt"),
                        name="inject_delivered_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Order",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "exercise",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="orders",
                        to="crisis.exercise",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("trigger", "jetzt einspielen"),
                            ("skip", "auslassen"),
                            ("again", "noch einmal einspielen"),
                        ],
                        max_length=10,
                    ),
                ),
                ("inject", models.CharField(max_length=300)),
                ("attempt", models.PositiveSmallIntegerField(default=1)),
                ("at", models.BigIntegerField()),
                (
                    "given_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("at", "pk"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("exercise", "kind", "inject", "attempt"), name="ordered_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Choice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "exercise",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="choices",
                        to="crisis.exercise",
                    ),
                ),
                ("key", models.UUIDField()),
                ("at", models.BigIntegerField()),
                ("wall", models.BigIntegerField()),
                ("role", models.CharField(max_length=60)),
                ("decision", models.CharField(max_length=60)),
                ("option", models.CharField(max_length=60)),
                (
                    "reason",
                    models.TextField(blank=True, max_length=2000, verbose_name="Begründung"),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("at", "pk"),
                "constraints": [
                    models.UniqueConstraint(fields=("exercise", "key"), name="choice_once"),
                    models.UniqueConstraint(fields=("exercise", "at"), name="one_choice_at_a_time"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Note",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "exercise",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notes",
                        to="crisis.exercise",
                    ),
                ),
                ("key", models.UUIDField()),
                ("at", models.BigIntegerField()),
                ("wall", models.BigIntegerField()),
                ("sender", models.CharField(max_length=60)),
                ("recipient", models.CharField(max_length=60)),
                (
                    "outside",
                    models.CharField(blank=True, max_length=200, verbose_name="Im Namen von"),
                ),
                ("text", models.TextField(max_length=4000, verbose_name="Nachricht")),
                (
                    "sent_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("pk",),
                "indexes": [models.Index(fields=["exercise", "recipient"], name="note_to")],
                "constraints": [
                    models.UniqueConstraint(fields=("exercise", "key"), name="note_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="ScriptFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "draft",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="files",
                        to="crisis.scriptdraft",
                    ),
                ),
                ("name", models.CharField(max_length=80)),
                (
                    "upload",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="portal.upload",
                    ),
                ),
            ],
            options={
                "ordering": ("name",),
                "constraints": [
                    models.UniqueConstraint(fields=("draft", "name"), name="script_file_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="ExerciseFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "exercise",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="files",
                        to="crisis.exercise",
                    ),
                ),
                ("name", models.CharField(max_length=80)),
                (
                    "upload",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="portal.upload",
                    ),
                ),
            ],
            options={
                "ordering": ("name",),
                "constraints": [
                    models.UniqueConstraint(fields=("exercise", "name"), name="exercise_file_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Facility",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="Name")),
                (
                    "service",
                    models.CharField(
                        choices=[
                            ("strom", "Strom"),
                            ("gas", "Gas"),
                            ("fernwaerme", "Fernwärme"),
                            ("kraftstoff", "Kraftstoff und Heizöl"),
                            ("trinkwasser", "Trinkwasser"),
                            ("abwasser", "Abwasser"),
                            ("krankenhaus", "Krankenhaus"),
                            ("rettung", "Rettungsdienst und Leitstelle"),
                            ("pflege", "Pflege"),
                            ("arzneimittel", "Arzneimittel und Labor"),
                            ("lebensmittel", "Lebensmittel"),
                            ("telekommunikation", "Telefon und Internet"),
                            ("rechenzentrum", "Rechenzentrum"),
                            ("nahverkehr", "Bus und Bahn"),
                            ("strassen", "Straßen, Brücken, Wasserwege, Flughäfen"),
                            ("bargeld", "Bargeld und Zahlungen"),
                            ("leistungen", "Sozialleistungen"),
                            ("bodenstation", "Bodenstationen für Satelliten"),
                            ("abfall", "Abfall"),
                        ],
                        max_length=20,
                        verbose_name="Leistung",
                    ),
                ),
                (
                    "provider",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="facilities",
                        to="registry.organisation",
                        verbose_name="Betreiber",
                    ),
                ),
                (
                    "provider_name",
                    models.CharField(blank=True, max_length=200, verbose_name="Betreiber"),
                ),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="facilities",
                        to="registry.region",
                        verbose_name="Gemeinde",
                    ),
                ),
                (
                    "place",
                    models.CharField(
                        blank=True, max_length=300, verbose_name="Anschrift oder Lage"
                    ),
                ),
                (
                    "lon",
                    models.FloatField(
                        blank=True,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(-180),
                            django.core.validators.MaxValueValidator(180),
                        ],
                        verbose_name="Geografische Länge",
                    ),
                ),
                (
                    "lat",
                    models.FloatField(
                        blank=True,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(-90),
                            django.core.validators.MaxValueValidator(90),
                        ],
                        verbose_name="Geografische Breite",
                    ),
                ),
                (
                    "served",
                    models.PositiveIntegerField(
                        default=0,
                        validators=[django.core.validators.MaxValueValidator(100000000)],
                        verbose_name="Versorgte Menschen",
                    ),
                ),
                (
                    "repair_hours",
                    models.FloatField(
                        default=24,
                        help_text="Median",
                        validators=[
                            django.core.validators.MinValueValidator(0.1),
                            django.core.validators.MaxValueValidator(8760),
                        ],
                        verbose_name="Reparatur dauert meist (Stunden)",
                    ),
                ),
                (
                    "repair_spread",
                    models.FloatField(
                        default=0.5,
                        help_text="σ of its logarithm",
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(3),
                        ],
                        verbose_name="Streuung der Reparaturzeit",
                    ),
                ),
                (
                    "repair_rank",
                    models.PositiveSmallIntegerField(
                        default=5,
                        validators=[django.core.validators.MaxValueValidator(99)],
                        verbose_name="Rang bei der Reparatur",
                    ),
                ),
                (
                    "starts_alone",
                    models.BooleanField(
                        default=True, verbose_name="Kann ohne fremde Hilfe wieder anfahren"
                    ),
                ),
                (
                    "vendor",
                    models.CharField(
                        blank=True, max_length=100, verbose_name="Hersteller der Steuerung"
                    ),
                ),
                (
                    "feed_in_kw",
                    models.PositiveIntegerField(
                        blank=True,
                        null=True,
                        verbose_name="Anschluss für ein mobiles Notstromaggregat (kW)",
                    ),
                ),
                ("note", models.TextField(blank=True, max_length=4000, verbose_name="Bemerkung")),
                (
                    "group",
                    models.CharField(
                        blank=True,
                        help_text="Facilities of one provider with the same words here count together",
                        max_length=100,
                        verbose_name="Enger betrieblicher Zusammenhang",
                    ),
                ),
                (
                    "voluntary_since",
                    models.DateField(
                        blank=True,
                        help_text="Duties that the law does not ask for are done all the same",
                        null=True,
                    ),
                ),
                (
                    "version",
                    models.PositiveIntegerField(
                        default=1, help_text="Counts changes, see services"
                    ),
                ),
                (
                    "closed_on",
                    models.DateField(blank=True, null=True, verbose_name="Aufgegeben am"),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "is_example",
                    models.BooleanField(default=False, help_text="Invented for example data"),
                ),
            ],
            options={
                "ordering": ("name", "pk"),
                "indexes": [
                    models.Index(fields=["region", "service"], name="facility_of_region"),
                    models.Index(fields=["name", "id"], name="facility_by_name"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("provider__isnull", False),
                            models.Q(("provider_name", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="facility_names_its_provider",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("lat__isnull", True), ("lon__isnull", True)),
                            models.Q(("lat__isnull", False), ("lon__isnull", False)),
                            _connector="OR",
                        ),
                        name="facility_lies_at_a_point_or_nowhere",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Share",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "facility",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="shares",
                        to="crisis.facility",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.region",
                    ),
                ),
                (
                    "persons",
                    models.PositiveIntegerField(
                        validators=[django.core.validators.MaxValueValidator(100000000)],
                        verbose_name="Versorgte Menschen",
                    ),
                ),
            ],
            options={
                "ordering": (models.OrderBy(models.F("persons"), descending=True), "pk"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("facility", "region"), name="one_share_per_region"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Contact",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "facility",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="contacts",
                        to="crisis.facility",
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        help_text="Eine Funktion genügt, etwa „Bereitschaft Wasserwerk“.",
                        max_length=120,
                        verbose_name="Name oder Funktion",
                    ),
                ),
                ("telephone", models.CharField(blank=True, max_length=60, verbose_name="Telefon")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="E-Mail")),
                (
                    "reachable",
                    models.CharField(
                        blank=True,
                        help_text="Etwa „rund um die Uhr“.",
                        max_length=120,
                        verbose_name="Wann erreichbar",
                    ),
                ),
                (
                    "confirmed_on",
                    models.DateField(help_text="When somebody last said that this is so"),
                ),
            ],
            options={
                "ordering": ("pk",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("telephone", ""), _negated=True),
                            models.Q(("email", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="contact_can_be_reached",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Document",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "facility",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="documents",
                        to="crisis.facility",
                    ),
                ),
                ("title", models.CharField(max_length=200, verbose_name="Was es ist")),
                (
                    "upload",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="portal.upload",
                    ),
                ),
                (
                    "added_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("added_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "ordering": ("title", "pk"),
            },
        ),
        migrations.CreateModel(
            name="Fulfilment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "facility",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="fulfilments",
                        to="crisis.facility",
                    ),
                ),
                ("duty", models.SlugField(max_length=40)),
                ("done_on", models.DateField(verbose_name="Erledigt am")),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="Bemerkung")),
                (
                    "upload",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="portal.upload",
                    ),
                ),
                (
                    "added_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("-done_on", "-pk"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("facility", "duty", "done_on"), name="one_fulfilment_a_day"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ImportCheck",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
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
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("file_name", models.CharField(max_length=200)),
                (
                    "plan",
                    models.JSONField(
                        default=dict, help_text="What would be done, see services.imports"
                    ),
                ),
                (
                    "counts",
                    models.JSONField(
                        default=dict, help_text="How many are new, changed, unchanged"
                    ),
                ),
                ("shown", models.JSONField(default=list, help_text="The first changes in words")),
                (
                    "faults",
                    models.JSONField(
                        default=list, help_text="Table, line, column and reason of each"
                    ),
                ),
                ("fault_count", models.PositiveIntegerField(default=0)),
                ("carried_out_at", models.DateTimeField(blank=True, null=True)),
                (
                    "wanted_at",
                    models.DateTimeField(
                        blank=True,
                        help_text="When somebody said that a worker is to carry it out",
                        null=True,
                    ),
                ),
                (
                    "started_at",
                    models.DateTimeField(
                        blank=True, help_text="When a worker began, the last time", null=True
                    ),
                ),
                (
                    "problem",
                    models.CharField(
                        blank=True, help_text="Why a worker has not carried it out", max_length=500
                    ),
                ),
            ],
            options={
                "ordering": ("-pk",),
            },
        ),
        migrations.CreateModel(
            name="Incident",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "facility",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="incidents",
                        to="crisis.facility",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("entwurf", "Entwurf"),
                            ("gemeldet", "gemeldet"),
                            ("abgeschlossen", "abgeschlossen"),
                        ],
                        default="entwurf",
                        max_length=20,
                    ),
                ),
                (
                    "what",
                    models.CharField(
                        help_text="Ein Satz, etwa „Kein Druck im Netz, Pumpwerk ohne Strom“.",
                        max_length=300,
                        verbose_name="Was ist gestört oder ausgefallen?",
                    ),
                ),
                ("began_at", models.DateTimeField(verbose_name="Seit wann")),
                (
                    "known_at",
                    models.DateTimeField(
                        help_text="Ab dann zählen die 24 Stunden.",
                        verbose_name="Seit wann wissen Sie davon?",
                    ),
                ),
                (
                    "ended_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="Vorbei seit"),
                ),
                (
                    "expected_until",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="Voraussichtlich vorbei"
                    ),
                ),
                (
                    "affected",
                    models.PositiveIntegerField(
                        blank=True,
                        null=True,
                        validators=[django.core.validators.MaxValueValidator(100000000)],
                        verbose_name="Wie viele Menschen sind betroffen?",
                    ),
                ),
                (
                    "area",
                    models.TextField(
                        blank=True, max_length=2000, verbose_name="In welchem Gebiet?"
                    ),
                ),
                (
                    "cause",
                    models.TextField(
                        blank=True, max_length=4000, verbose_name="Ursache, soweit bekannt"
                    ),
                ),
                (
                    "other_states",
                    models.CharField(
                        blank=True,
                        max_length=300,
                        verbose_name="Andere Mitgliedstaaten der EU, die es trifft",
                    ),
                ),
                (
                    "contact_name",
                    models.CharField(
                        blank=True, max_length=120, verbose_name="Kontakt: Name oder Funktion"
                    ),
                ),
                (
                    "contact_telephone",
                    models.CharField(blank=True, max_length=60, verbose_name="Kontakt: Telefon"),
                ),
                (
                    "contact_email",
                    models.EmailField(blank=True, max_length=254, verbose_name="Kontakt: E-Mail"),
                ),
                (
                    "version",
                    models.PositiveIntegerField(
                        default=1, help_text="Counts changes, see services"
                    ),
                ),
                (
                    "added_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("added_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "ordering": ("-known_at", "-pk"),
                "indexes": [
                    models.Index(fields=["facility", "state"], name="incident_of_facility")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("known_at__gte", models.F("began_at"))),
                        name="incident_is_known_after_it_began",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_at", None),
                            ("ended_at__gte", models.F("began_at")),
                            _connector="OR",
                        ),
                        name="incident_ends_after_it_began",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HandedIn",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="handed_in",
                        to="crisis.incident",
                    ),
                ),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("erst", "Erstmeldung"),
                            ("folge", "Folgemeldung"),
                            ("abschluss", "Ausführliche Meldung"),
                        ],
                        max_length=10,
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="Abgegeben am")),
                ("to", models.CharField(max_length=200, verbose_name="An wen")),
                ("said", models.JSONField()),
                (
                    "added_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("pk",),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("stage", "folge"), _negated=True),
                        fields=("incident", "stage"),
                        name="one_first_and_one_final_report",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Threshold",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.SlugField(max_length=40, verbose_name="Kennung")),
                (
                    "sector",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("energie", "Energie"),
                            ("verkehr", "Transport und Verkehr"),
                            ("finanzwesen", "Finanzwesen"),
                            ("soziales", "Sozialversicherung und Grundsicherung"),
                            ("gesundheit", "Gesundheitswesen"),
                            ("wasser", "Wasser"),
                            ("ernaehrung", "Ernährung"),
                            ("digitales", "Informationstechnik und Telekommunikation"),
                            ("weltraum", "Weltraum"),
                            ("entsorgung", "Siedlungsabfallentsorgung"),
                        ],
                        max_length=20,
                        verbose_name="Sektor",
                    ),
                ),
                ("category", models.CharField(max_length=120, verbose_name="Kategorie")),
                ("criterion", models.CharField(max_length=120, verbose_name="Bemessungskriterium")),
                ("unit", models.CharField(max_length=40, verbose_name="Einheit")),
                (
                    "amount",
                    models.DecimalField(
                        decimal_places=3,
                        max_digits=18,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="Schwellenwert",
                    ),
                ),
                (
                    "per_person",
                    models.DecimalField(
                        blank=True,
                        decimal_places=6,
                        max_digits=18,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="Wert je Mensch",
                    ),
                ),
                (
                    "level",
                    models.CharField(
                        choices=[("bund", "Bund"), ("land", "Land")],
                        max_length=5,
                        verbose_name="Wer ihn setzt",
                    ),
                ),
                (
                    "land",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("01", "Schleswig-Holstein"),
                            ("02", "Hamburg"),
                            ("03", "Niedersachsen"),
                            ("04", "Bremen"),
                            ("05", "Nordrhein-Westfalen"),
                            ("06", "Hessen"),
                            ("07", "Rheinland-Pfalz"),
                            ("08", "Baden-Württemberg"),
                            ("09", "Bayern"),
                            ("10", "Saarland"),
                            ("11", "Berlin"),
                            ("12", "Brandenburg"),
                            ("13", "Mecklenburg-Vorpommern"),
                            ("14", "Sachsen"),
                            ("15", "Sachsen-Anhalt"),
                            ("16", "Thüringen"),
                        ],
                        max_length=2,
                        verbose_name="Land",
                    ),
                ),
                ("valid_from", models.DateField(verbose_name="Gilt ab")),
                (
                    "valid_until",
                    models.DateField(blank=True, null=True, verbose_name="Gilt bis vor"),
                ),
                ("source", models.CharField(max_length=300, verbose_name="Quelle")),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="Bemerkung")),
                (
                    "is_checked",
                    models.BooleanField(default=False, verbose_name="An der Quelle geprüft"),
                ),
                (
                    "added_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("sector", "category", "criterion", "-valid_from", "pk"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("key", "level", "land", "valid_from"), name="one_threshold_a_day"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("level", "land"), models.Q(("land", ""), _negated=True)),
                            models.Q(("land", ""), ("level", "bund")),
                            _connector="OR",
                        ),
                        name="threshold_of_a_land_names_it",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("amount__gt", 0),
                            models.Q(("per_person", None), ("per_person__gt", 0), _connector="OR"),
                        ),
                        name="threshold_asks_for_something",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Measure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "facility",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="measures",
                        to="crisis.facility",
                    ),
                ),
                (
                    "key",
                    models.SlugField(
                        help_text="That of a threshold", max_length=40, verbose_name="Kategorie"
                    ),
                ),
                (
                    "year",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(2015),
                            django.core.validators.MaxValueValidator(2100),
                        ],
                        verbose_name="Jahr",
                    ),
                ),
                (
                    "value",
                    models.DecimalField(
                        decimal_places=3,
                        max_digits=18,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="Wert",
                    ),
                ),
            ],
            options={
                "ordering": ("-year", "key"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("facility", "key", "year"), name="one_measure_a_year"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ReportingOffice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "land",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("01", "Schleswig-Holstein"),
                            ("02", "Hamburg"),
                            ("03", "Niedersachsen"),
                            ("04", "Bremen"),
                            ("05", "Nordrhein-Westfalen"),
                            ("06", "Hessen"),
                            ("07", "Rheinland-Pfalz"),
                            ("08", "Baden-Württemberg"),
                            ("09", "Bayern"),
                            ("10", "Saarland"),
                            ("11", "Berlin"),
                            ("12", "Brandenburg"),
                            ("13", "Mecklenburg-Vorpommern"),
                            ("14", "Sachsen"),
                            ("15", "Sachsen-Anhalt"),
                            ("16", "Thüringen"),
                        ],
                        max_length=2,
                        unique=True,
                        verbose_name="Land",
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="Name")),
                ("how", models.TextField(max_length=1000, verbose_name="Wie man sie erreicht")),
                ("changed_on", models.DateField(auto_now=True)),
            ],
            options={
                "ordering": ("land",),
            },
        ),
        migrations.CreateModel(
            name="Observation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "exercise",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="observations",
                        to="crisis.exercise",
                    ),
                ),
                ("key", models.UUIDField(default=uuid.uuid4)),
                ("inject", models.CharField(blank=True, max_length=300)),
                ("role", models.CharField(blank=True, max_length=60, verbose_name="Rolle")),
                (
                    "mark",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("erledigt", "erledigt"),
                            ("teilweise", "teilweise"),
                            ("nicht-erledigt", "nicht erledigt"),
                            ("nicht-beobachtet", "nicht beobachtet"),
                        ],
                        max_length=20,
                    ),
                ),
                ("text", models.TextField(blank=True, max_length=4000, verbose_name="Beobachtung")),
                (
                    "at",
                    models.BigIntegerField(help_text="Exercise time of the mark, or of the note"),
                ),
                ("wall", models.BigIntegerField()),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("pk",),
                "constraints": [
                    models.UniqueConstraint(fields=("exercise", "key"), name="observation_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("inject", ""), _negated=True),
                        fields=("exercise", "inject", "role", "made_by"),
                        name="one_mark_of_each",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                models.Q(("inject", ""), _negated=True),
                                models.Q(("role", ""), _negated=True),
                                models.Q(("mark", ""), _negated=True),
                            ),
                            models.Q(
                                ("inject", ""), ("mark", ""), models.Q(("text", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="task_is_marked_or_note_says_something",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Questionnaire",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "exercise",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="questionnaire",
                        to="crisis.exercise",
                    ),
                ),
                ("answered", models.PositiveIntegerField(default=0)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Tally",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "questionnaire",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tallies",
                        to="crisis.questionnaire",
                    ),
                ),
                ("question", models.CharField(max_length=100)),
                ("score", models.PositiveSmallIntegerField()),
                ("count", models.PositiveIntegerField(default=0)),
            ],
            options={
                "ordering": ("question", "score"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("questionnaire", "question", "score"), name="one_tally"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("score__range", (1, 5))), name="score_on_scale"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Remark",
            fields=[
                ("key", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                (
                    "questionnaire",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="remarks",
                        to="crisis.questionnaire",
                    ),
                ),
                ("question", models.CharField(max_length=100)),
                ("text", models.TextField(max_length=4000)),
            ],
            options={
                "ordering": ("key",),
            },
        ),
        migrations.CreateModel(
            name="Report",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "exercise",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="report",
                        to="crisis.exercise",
                    ),
                ),
                ("is_shared", models.BooleanField(default=False)),
                (
                    "closed_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="Abgeschlossen"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Passage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "exercise",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="passages",
                        to="crisis.exercise",
                    ),
                ),
                ("section", models.CharField(max_length=100)),
                ("number", models.PositiveIntegerField()),
                ("text", models.TextField(blank=True, max_length=10000, verbose_name="Text")),
                (
                    "rating",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("P", "ohne Einschränkung erreicht"),
                            ("S", "mit kleinen Einschränkungen erreicht"),
                            ("M", "mit großen Einschränkungen erreicht"),
                            ("U", "nicht durchgeführt"),
                        ],
                        max_length=1,
                        verbose_name="Bewertung",
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "ordering": ("exercise", "section", "number"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("exercise", "section", "number"), name="one_passage_of_a_number"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Yardstick",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("script_hash", models.CharField(max_length=64, unique=True)),
                ("found", models.JSONField(null=True)),
                ("wanted_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="Improvement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "exercise",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="improvements",
                        to="crisis.exercise",
                    ),
                ),
                ("goal", models.CharField(blank=True, max_length=60, verbose_name="Ziel")),
                (
                    "lesson",
                    models.TextField(max_length=2000, verbose_name="Was haben Sie gelernt?"),
                ),
                ("what", models.CharField(max_length=300, verbose_name="Maßnahme")),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="Wer es tut",
                    ),
                ),
                (
                    "organisation",
                    models.CharField(blank=True, max_length=200, verbose_name="Oder Organisation"),
                ),
                (
                    "person",
                    models.CharField(
                        blank=True, max_length=200, verbose_name="Name oder Funktion dort"
                    ),
                ),
                ("due_on", models.DateField(verbose_name="Bis wann")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("offen", "offen"),
                            ("begonnen", "begonnen"),
                            ("erledigt", "erledigt"),
                            ("verworfen", "verworfen"),
                        ],
                        default="offen",
                        max_length=10,
                        verbose_name="Stand",
                    ),
                ),
                ("state_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("edition", models.PositiveIntegerField(default=1)),
                (
                    "concern",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="forum.concern",
                    ),
                ),
            ],
            options={
                "ordering": ("due_on", "pk"),
                "indexes": [
                    models.Index(fields=["owner", "state", "due_on"], name="improvement_owned")
                ],
            },
        ),
        migrations.CreateModel(
            name="ImprovementStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "improvement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="steps",
                        to="crisis.improvement",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("offen", "offen"),
                            ("begonnen", "begonnen"),
                            ("erledigt", "erledigt"),
                            ("verworfen", "verworfen"),
                        ],
                        max_length=10,
                    ),
                ),
                ("note", models.TextField(blank=True, max_length=1000, verbose_name="Bemerkung")),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "taken_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("-at", "-pk"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "verworfen"), _negated=True),
                            models.Q(("note", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="dropping_says_why",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Seat",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "mandate",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="seat",
                        to="registry.mandate",
                    ),
                ),
                (
                    "function",
                    models.CharField(
                        choices=[
                            ("leitung", "Leitung des Krisenstabs"),
                            ("s1", "S1 Personal und Innerer Dienst"),
                            ("s2", "S2 Lage"),
                            ("s3", "S3 Einsatz"),
                            ("s4", "S4 Versorgung"),
                            ("s5", "S5 Presse und Medien"),
                            ("s6", "S6 Information und Kommunikation"),
                            ("beratung", "Fachberatung oder Verbindungsperson"),
                        ],
                        max_length=10,
                        verbose_name="Aufgabe im Krisenstab",
                    ),
                ),
                (
                    "given_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("given_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "ordering": ("pk",),
            },
        ),
        migrations.CreateModel(
            name="Insight",
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
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="insights",
                        to="registry.organisation",
                        verbose_name="Behörde",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.region",
                        verbose_name="Gebiet",
                    ),
                ),
                (
                    "sector",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("energie", "Energie"),
                            ("verkehr", "Transport und Verkehr"),
                            ("finanzwesen", "Finanzwesen"),
                            ("soziales", "Sozialversicherung und Grundsicherung"),
                            ("gesundheit", "Gesundheitswesen"),
                            ("wasser", "Wasser"),
                            ("ernaehrung", "Ernährung"),
                            ("digitales", "Informationstechnik und Telekommunikation"),
                            ("weltraum", "Weltraum"),
                            ("entsorgung", "Siedlungsabfallentsorgung"),
                        ],
                        help_text="Empty: all",
                        max_length=20,
                        verbose_name="Sektor",
                    ),
                ),
                (
                    "given_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("given_at", models.DateTimeField(auto_now_add=True)),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ("organisation__name", "pk"),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("revoked_at__isnull", True)),
                        fields=("organisation", "region", "sector"),
                        name="one_current_insight",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Supply",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "facility",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="supplies",
                        to="crisis.facility",
                    ),
                ),
                (
                    "service",
                    models.CharField(
                        choices=[
                            ("strom", "Strom"),
                            ("gas", "Gas"),
                            ("fernwaerme", "Fernwärme"),
                            ("kraftstoff", "Kraftstoff und Heizöl"),
                            ("trinkwasser", "Trinkwasser"),
                            ("abwasser", "Abwasser"),
                            ("krankenhaus", "Krankenhaus"),
                            ("rettung", "Rettungsdienst und Leitstelle"),
                            ("pflege", "Pflege"),
                            ("arzneimittel", "Arzneimittel und Labor"),
                            ("lebensmittel", "Lebensmittel"),
                            ("telekommunikation", "Telefon und Internet"),
                            ("rechenzentrum", "Rechenzentrum"),
                            ("nahverkehr", "Bus und Bahn"),
                            ("strassen", "Straßen, Brücken, Wasserwege, Flughäfen"),
                            ("bargeld", "Bargeld und Zahlungen"),
                            ("leistungen", "Sozialleistungen"),
                            ("bodenstation", "Bodenstationen für Satelliten"),
                            ("abfall", "Abfall"),
                        ],
                        max_length=20,
                        verbose_name="Was gebraucht wird",
                    ),
                ),
                (
                    "needed",
                    models.PositiveSmallIntegerField(
                        default=1,
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="So viele davon genügen",
                    ),
                ),
                (
                    "buffer_hours",
                    models.FloatField(
                        default=0,
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(8760),
                        ],
                        verbose_name="Vorrat oder Notbetrieb (Stunden)",
                    ),
                ),
                (
                    "recharge",
                    models.FloatField(
                        default=1,
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(1000),
                        ],
                        verbose_name="Vorrat füllt sich um (Stunden je Stunde)",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="Bemerkung")),
            ],
            options={
                "ordering": ("facility", "pk"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("needed__gte", 1)), name="supply_needs_somebody"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("buffer_hours__gte", 0), ("recharge__gte", 0)),
                        name="supply_has_hours_in_store",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Supplier",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "supply",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rows",
                        to="crisis.supply",
                    ),
                ),
                (
                    "facility",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="supplier_rows",
                        to="crisis.facility",
                    ),
                ),
            ],
            options={
                "ordering": (models.F("facility__name"), "pk"),
                "constraints": [
                    models.UniqueConstraint(fields=("supply", "facility"), name="supplier_once")
                ],
            },
        ),
        migrations.AddField(
            model_name="Supply",
            name="suppliers",
            field=models.ManyToManyField(
                related_name="supplied",
                through="crisis.Supplier",
                to="crisis.facility",
                verbose_name="Lieferanten",
            ),
        ),
    ]
