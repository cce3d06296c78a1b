import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "__first__"),
        ("portal", "0001_initial"),
        ("registry", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Concern",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slug", models.SlugField(max_length=80, unique=True)),
                ("question", models.CharField(max_length=200, verbose_name="Frage")),
                ("background", models.TextField(max_length=10000, verbose_name="Hintergrund")),
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
                        db_index=True,
                        default="",
                        max_length=20,
                        verbose_name="Themenfeld",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="concerns",
                        to="registry.region",
                    ),
                ),
                (
                    "author",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Entwurf"),
                            ("open", "Offen für Aussagen und Stimmen"),
                            ("position", "Gemeinsame Position"),
                            ("sent", "Beim Ministerium"),
                            ("answered", "Beantwortet"),
                            ("pursued", "Zusagen werden verfolgt"),
                            ("closed", "Abgeschlossen"),
                        ],
                        default="draft",
                        max_length=10,
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("opened_at", models.DateTimeField(blank=True, null=True)),
                ("deadline", models.DateTimeField(verbose_name="Frist")),
                ("closed_early_at", models.DateTimeField(blank=True, null=True)),
                (
                    "is_confidential",
                    models.BooleanField(default=False, verbose_name="Vertraulich bis zur Frist"),
                ),
                (
                    "takes_personal_voices",
                    models.BooleanField(
                        default=False, verbose_name="Auch offen für persönliche Meinungen"
                    ),
                ),
                (
                    "is_example",
                    models.BooleanField(default=False, help_text="Invented: every page says so"),
                ),
                (
                    "source",
                    models.TextField(
                        blank=True, help_text="Where an imported conversation comes from"
                    ),
                ),
                (
                    "summary",
                    models.TextField(blank=True, max_length=2000, verbose_name="Kurz gefasst"),
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
                    "official",
                    models.ForeignKey(
                        blank=True,
                        help_text="Who is in charge of it in the ministry",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "quorum_at",
                    models.DateTimeField(
                        blank=True, help_text="When enough had co-signed", null=True
                    ),
                ),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                (
                    "answer_due",
                    models.DateTimeField(blank=True, null=True, verbose_name="Antwort bis"),
                ),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "merged_into",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merged",
                        to="forum.concern",
                    ),
                ),
                (
                    "rapporteurs",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Who writes the position, with its owner",
                        related_name="+",
                        to="registry.organisation",
                    ),
                ),
            ],
            options={
                "ordering": ("-created_at", "-pk"),
                "indexes": [
                    models.Index(fields=["-created_at", "-id"], name="forum_concern_newest"),
                    models.Index(fields=["state", "deadline", "id"], name="forum_concern_ending"),
                    models.Index(
                        fields=["state", "answer_due", "id"], name="forum_concern_awaited"
                    ),
                    models.Index(
                        fields=["ministry", "state", "answer_due"],
                        name="forum_conce_ministr_5f7584_idx",
                    ),
                    models.Index(
                        condition=models.Q(("sent_at__isnull", False)),
                        fields=[
                            "ministry",
                            "is_example",
                            "state",
                            "answer_due",
                            "sent_at",
                            "answered_at",
                            "id",
                        ],
                        name="forum_concern_sent",
                    ),
                    models.Index(
                        condition=models.Q(("is_confidential", True)),
                        fields=["deadline"],
                        name="forum_concern_secret",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Participant",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "concern",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="participants",
                        to="forum.concern",
                    ),
                ),
                (
                    "voices",
                    models.CharField(
                        choices=[("official", "Kommunen"), ("personal", "Persönliche Meinungen")],
                        max_length=10,
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.region",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("imported_as", models.CharField(blank=True, max_length=60)),
                ("joined_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("region__isnull", False)),
                        fields=("concern", "region"),
                        name="municipality_once_per_concern",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("user__isnull", False)),
                        fields=("concern", "user"),
                        name="person_once_per_concern",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("imported_as", ""), _negated=True),
                        fields=("concern", "imported_as"),
                        name="imported_voter_once_per_concern",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("imported_as", ""),
                                ("region__isnull", False),
                                ("user__isnull", True),
                                ("voices", "official"),
                            ),
                            models.Q(
                                ("imported_as", ""),
                                ("region__isnull", True),
                                ("user__isnull", False),
                                ("voices", "personal"),
                            ),
                            models.Q(
                                ("region__isnull", True),
                                ("user__isnull", True),
                                ("voices", "personal"),
                                models.Q(("imported_as", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="participant_is_exactly_one",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Statement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "concern",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="statements",
                        to="forum.concern",
                    ),
                ),
                (
                    "author",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="statements",
                        to="forum.participant",
                    ),
                ),
                (
                    "text",
                    models.TextField(
                        validators=[django.core.validators.MaxLengthValidator(280)],
                        verbose_name="Aussage",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("pending", "Wartet auf Prüfung"),
                            ("accepted", "Angenommen"),
                            ("rejected", "Abgelehnt"),
                            ("duplicate", "Steht schon da"),
                        ],
                        default="pending",
                        max_length=10,
                    ),
                ),
                (
                    "reason",
                    models.TextField(blank=True, max_length=1000, verbose_name="Begründung"),
                ),
                (
                    "duplicate_of",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="duplicates",
                        to="forum.statement",
                    ),
                ),
                (
                    "level",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("personal", "eine Person für sich"),
                            ("administration", "Verwaltung"),
                            ("mayor", "Bürgermeisterin oder Bürgermeister"),
                            ("committee", "Ausschuss (Beschluss)"),
                            ("council", "Rat (Beschluss)"),
                        ],
                        default="",
                        max_length=20,
                        verbose_name="Getragen von",
                    ),
                ),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("imported_as", models.CharField(blank=True, max_length=60)),
                (
                    "shown",
                    models.PositiveIntegerField(default=0, help_text="To how many participants"),
                ),
            ],
            options={
                "ordering": ("created_at", "pk"),
                "indexes": [
                    models.Index(fields=["concern", "state"], name="forum_state_concern_38015e_idx")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("duplicate_of__isnull", False), ("state", "duplicate")),
                            models.Q(
                                models.Q(("state", "duplicate"), _negated=True),
                                ("duplicate_of__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="duplicate_names_its_original",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Presentation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "statement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="forum.statement",
                    ),
                ),
                (
                    "participant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="forum.participant",
                    ),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("reason", models.CharField(max_length=40)),
                ("seed", models.BigIntegerField()),
                (
                    "exposure",
                    models.PositiveIntegerField(
                        help_text="How often it had been shown in the stratum"
                    ),
                ),
                (
                    "floor",
                    models.PositiveIntegerField(
                        help_text="How often every statement was to be shown there"
                    ),
                ),
                (
                    "tied",
                    models.PositiveIntegerField(help_text="Among how many equals the seed chose"),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("participant", "statement"), name="presented_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Exposure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "statement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="exposures",
                        to="forum.statement",
                    ),
                ),
                ("land", models.CharField(blank=True, max_length=2)),
                ("size_class", models.PositiveSmallIntegerField(default=0)),
                ("shown", models.PositiveIntegerField(default=0)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("statement", "land", "size_class"), name="one_count_per_stratum"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Section",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "concern",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sections",
                        to="forum.concern",
                    ),
                ),
                ("place", models.PositiveSmallIntegerField(help_text="Its order among the others")),
                (
                    "statement",
                    models.ForeignKey(
                        blank=True,
                        help_text="The statement that it was made of",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="forum.statement",
                    ),
                ),
                (
                    "figures",
                    models.JSONField(
                        default=dict,
                        help_text="What the result said of the statement when the section was made",
                    ),
                ),
                ("removed_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ("place", "pk"),
            },
        ),
        migrations.CreateModel(
            name="SectionVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "section",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="versions",
                        to="forum.section",
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("title", models.CharField(max_length=200, verbose_name="Überschrift")),
                ("text", models.TextField(max_length=5000, verbose_name="Text")),
                (
                    "note",
                    models.CharField(
                        blank=True, max_length=300, verbose_name="Was Sie geändert haben und warum"
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
                (
                    "mandate",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.mandate",
                    ),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "ordering": ("section", "number"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("section", "number"), name="versions_have_numbers"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SealedPosition",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "concern",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sealed_positions",
                        to="forum.concern",
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                (
                    "document",
                    models.JSONField(
                        help_text="All that it says: see docs/reference/position-json.md"
                    ),
                ),
                (
                    "hash",
                    models.CharField(
                        help_text="SHA-256 of the document, written canonically", max_length=64
                    ),
                ),
                (
                    "sealed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "mandate",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.mandate",
                    ),
                ),
                ("sealed_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "ordering": ("-number",),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("concern", "number"), name="editions_have_numbers"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SealedSection",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "position",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sections",
                        to="forum.sealedposition",
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("title", models.CharField(max_length=200)),
                ("text", models.TextField()),
                (
                    "origin",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="forum.section",
                    ),
                ),
                ("figures", models.JSONField(default=dict)),
            ],
            options={
                "ordering": ("position", "number"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("position", "number"), name="section_once_an_edition"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Word",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "position",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="words",
                        to="forum.sealedposition",
                    ),
                ),
                (
                    "section",
                    models.ForeignKey(
                        help_text="Empty: about the whole",
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="words",
                        to="forum.sealedsection",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.organisation",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("endorsement", "trägt mit"), ("dissent", "trägt nicht mit")],
                        max_length=12,
                    ),
                ),
                ("text", models.TextField(blank=True, max_length=2000, verbose_name="Begründung")),
                (
                    "given_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "mandate",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.mandate",
                    ),
                ),
                ("given_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ("given_at", "pk"),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("section__isnull", True), ("withdrawn_at__isnull", True)
                        ),
                        fields=("position", "organisation"),
                        name="one_word_about_the_whole",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("section__isnull", False), ("withdrawn_at__isnull", True)
                        ),
                        fields=("section", "organisation"),
                        name="one_word_about_a_section",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "dissent"), _negated=True),
                            models.Q(("text", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="dissent_gives_a_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Answer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "concern",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answer",
                        to="forum.concern",
                    ),
                ),
                (
                    "position",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answer",
                        to="forum.sealedposition",
                    ),
                ),
                (
                    "ministry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.organisation",
                    ),
                ),
                (
                    "summary",
                    models.TextField(
                        blank=True, max_length=1000, verbose_name="Die Antwort in drei Sätzen"
                    ),
                ),
                ("published_at", models.DateTimeField(blank=True, null=True)),
                (
                    "published_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "mandate",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.mandate",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["published_at"], name="forum_answe_publish_cbdc01_idx")
                ],
            },
        ),
        migrations.CreateModel(
            name="Extension",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "concern",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="extension",
                        to="forum.concern",
                    ),
                ),
                ("before", models.DateTimeField(verbose_name="Bisher bis")),
                ("after", models.DateTimeField(verbose_name="Neu bis")),
                ("reason", models.TextField(max_length=1000, verbose_name="Begründung")),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "extended_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "mandate",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.mandate",
                    ),
                ),
            ],
            options={
                "ordering": ("at", "pk"),
                "indexes": [models.Index(fields=["at"], name="forum_exten_at_2d3400_idx")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("after__gt", models.F("before")),
                            models.Q(("reason", ""), _negated=True),
                        ),
                        name="extended_to_a_later_day_with_a_reason",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SectionAnswer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "answer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sections",
                        to="forum.answer",
                    ),
                ),
                (
                    "section",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answer",
                        to="forum.sealedsection",
                    ),
                ),
                (
                    "disposition",
                    models.CharField(
                        choices=[
                            ("taken_up", "Wird aufgegriffen"),
                            ("partly", "Wird teilweise aufgegriffen"),
                            ("not_taken_up", "Wird nicht aufgegriffen"),
                            ("noted", "Zur Kenntnis genommen"),
                            ("other_level", "Eine andere Ebene ist zuständig"),
                        ],
                        max_length=12,
                        verbose_name="Was daraus wird",
                    ),
                ),
                (
                    "reason",
                    models.TextField(blank=True, max_length=5000, verbose_name="Begründung"),
                ),
                ("changed_at", models.DateTimeField(default=django.utils.timezone.now)),
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
                "ordering": ("section__number",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("disposition", "taken_up"),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="answer_gives_a_reason",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Series",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="Name")),
                ("slug", models.SlugField(max_length=80, unique=True)),
                (
                    "months",
                    models.PositiveSmallIntegerField(
                        default=6,
                        help_text="6 heißt: zweimal im Jahr.",
                        verbose_name="Abstand in Monaten",
                    ),
                ),
                (
                    "host",
                    models.ForeignKey(
                        help_text="Whose people invite and keep the minutes",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.organisation",
                    ),
                ),
                ("is_example", models.BooleanField(default=False)),
                (
                    "members",
                    models.ManyToManyField(
                        blank=True, related_name="+", to="registry.organisation"
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "series",
                "ordering": ("name",),
            },
        ),
        migrations.CreateModel(
            name="Sitting",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "series",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sittings",
                        to="forum.series",
                    ),
                ),
                ("title", models.CharField(max_length=200, verbose_name="Titel")),
                ("starts_at", models.DateTimeField(verbose_name="Beginn")),
                ("ends_at", models.DateTimeField(verbose_name="Ende")),
                ("place", models.CharField(blank=True, max_length=300, verbose_name="Ort")),
                (
                    "link",
                    models.URLField(
                        blank=True, max_length=500, verbose_name="Adresse der Videokonferenz"
                    ),
                ),
                (
                    "answer_by",
                    models.DateField(blank=True, null=True, verbose_name="Zu- oder Absage bis"),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("planned", "Geplant"),
                            ("invited", "Eingeladen"),
                            ("running", "Läuft"),
                            ("held", "Gehalten"),
                            ("cancelled", "Abgesagt"),
                        ],
                        default="planned",
                        max_length=10,
                    ),
                ),
                (
                    "uid",
                    models.UUIDField(
                        default=uuid.uuid4, help_text="Its name in calendars", unique=True
                    ),
                ),
                (
                    "sequence",
                    models.PositiveSmallIntegerField(
                        default=0, help_text="Counts the changes that calendars have to learn of"
                    ),
                ),
                (
                    "edition",
                    models.PositiveIntegerField(
                        default=0, help_text="Counts the changes of date, place and link"
                    ),
                ),
                ("changed_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("invited_at", models.DateTimeField(blank=True, null=True)),
                (
                    "cancel_reason",
                    models.CharField(blank=True, max_length=500, verbose_name="Warum sie ausfällt"),
                ),
                (
                    "minutes_at",
                    models.DateTimeField(
                        blank=True, help_text="When its minutes were closed", null=True
                    ),
                ),
            ],
            options={
                "ordering": ("-starts_at", "-pk"),
                "indexes": [
                    models.Index(fields=["state", "starts_at"], name="forum_sitti_state_9eeace_idx")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                        name="sitting_ends_after_it_begins",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AgendaItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "sitting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="agenda",
                        to="forum.sitting",
                    ),
                ),
                ("place", models.PositiveSmallIntegerField(help_text="Its order on the agenda")),
                ("title", models.CharField(max_length=300, verbose_name="Gegenstand")),
                (
                    "concern",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="agenda_items",
                        to="forum.concern",
                    ),
                ),
                (
                    "minutes",
                    models.TextField(
                        blank=True, max_length=10000, verbose_name="Was besprochen wurde"
                    ),
                ),
                (
                    "decision",
                    models.TextField(blank=True, max_length=2000, verbose_name="Beschluss"),
                ),
                ("edition", models.PositiveIntegerField(default=0, help_text="Counts the changes")),
                (
                    "written_at",
                    models.DateTimeField(
                        blank=True, help_text="When its minutes changed", null=True
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "Vorgeschlagen"),
                            ("accepted", "Aufgenommen"),
                            ("declined", "Nicht aufgenommen"),
                        ],
                        default="accepted",
                        max_length=10,
                    ),
                ),
                (
                    "proposer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.organisation",
                    ),
                ),
                (
                    "why",
                    models.CharField(
                        blank=True, max_length=500, verbose_name="Warum auf die Tagesordnung"
                    ),
                ),
                (
                    "reason",
                    models.CharField(blank=True, max_length=500, verbose_name="Warum nicht"),
                ),
            ],
            options={
                "ordering": ("place", "pk"),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "declined"), _negated=True),
                        fields=("sitting", "concern"),
                        name="concern_once_on_an_agenda",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Attendance",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "sitting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="attendances",
                        to="forum.sitting",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.organisation",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "who",
                    models.CharField(
                        blank=True,
                        help_text="Somebody without an account",
                        max_length=200,
                        verbose_name="Wer kommt",
                    ),
                ),
                (
                    "presence",
                    models.CharField(
                        choices=[
                            ("invited", "Eingeladen"),
                            ("coming", "Zugesagt"),
                            ("not_coming", "Abgesagt"),
                            ("present", "Anwesend"),
                            ("absent", "Nicht erschienen"),
                        ],
                        default="invited",
                        max_length=10,
                    ),
                ),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ("organisation__name", "pk"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("sitting", "organisation"), name="organisation_once_a_sitting"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Addendum",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "sitting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="addenda",
                        to="forum.sitting",
                    ),
                ),
                ("text", models.TextField(max_length=5000, verbose_name="Nachtrag")),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "written_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "mandate",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.mandate",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "addenda",
                "ordering": ("at", "pk"),
            },
        ),
        migrations.CreateModel(
            name="Commitment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "concern",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="commitments",
                        to="forum.concern",
                    ),
                ),
                (
                    "answer",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="commitments",
                        to="forum.sectionanswer",
                    ),
                ),
                (
                    "decision",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="commitments",
                        to="forum.agendaitem",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        help_text="Who promises it",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.organisation",
                    ),
                ),
                ("what", models.CharField(max_length=300, verbose_name="Was zugesagt wird")),
                (
                    "who",
                    models.CharField(
                        help_text="Zum Beispiel „Referat H III 2“",
                        max_length=200,
                        verbose_name="Wer es macht",
                    ),
                ),
                ("due_on", models.DateField(verbose_name="Bis wann")),
                (
                    "sign",
                    models.CharField(
                        max_length=300, verbose_name="Woran man erkennt, dass es eingehalten ist"
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("kept", "Eingehalten"),
                            ("partly", "Teilweise eingehalten"),
                            ("not_kept", "Nicht eingehalten"),
                        ],
                        default="",
                        max_length=10,
                        verbose_name="Was daraus wurde",
                    ),
                ),
                (
                    "outcome_text",
                    models.TextField(blank=True, max_length=2000, verbose_name="Erläuterung"),
                ),
                ("outcome_at", models.DateTimeField(blank=True, null=True)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("due_on", "pk"),
                "indexes": [
                    models.Index(
                        fields=["outcome", "due_on"], name="forum_commi_outcome_45bbc1_idx"
                    ),
                    models.Index(fields=["outcome_at"], name="forum_commi_outcome_9ebf2b_idx"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answer__isnull", False), ("decision__isnull", True)),
                            models.Q(("answer__isnull", True), ("decision__isnull", False)),
                            _connector="OR",
                        ),
                        name="commitment_has_one_origin",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Postponement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "commitment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="postponements",
                        to="forum.commitment",
                    ),
                ),
                ("before", models.DateField(verbose_name="Bisher bis")),
                ("after", models.DateField(verbose_name="Neu bis")),
                ("reason", models.TextField(max_length=1000, verbose_name="Begründung")),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
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
                    "mandate",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.mandate",
                    ),
                ),
            ],
            options={
                "ordering": ("at", "pk"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("before", models.F("after")), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                        ),
                        name="postponed_to_another_day_with_a_reason",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Milestone",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "commitment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="milestones",
                        to="forum.commitment",
                    ),
                ),
                ("title", models.CharField(max_length=200, verbose_name="Etappe")),
                ("due_on", models.DateField(verbose_name="Bis wann")),
                ("reached_on", models.DateField(blank=True, null=True, verbose_name="Erreicht am")),
            ],
            options={
                "ordering": ("due_on", "pk"),
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
                    "commitment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reports",
                        to="forum.commitment",
                    ),
                ),
                (
                    "text",
                    models.TextField(
                        max_length=5000, verbose_name="Was seit dem letzten Bericht geschehen ist"
                    ),
                ),
                (
                    "link",
                    models.URLField(blank=True, max_length=500, verbose_name="Nachweis im Netz"),
                ),
                (
                    "upload",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="portal.upload",
                    ),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "reported_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "mandate",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.mandate",
                    ),
                ),
            ],
            options={
                "ordering": ("-at", "-pk"),
                "indexes": [models.Index(fields=["at"], name="forum_repor_at_2e86a1_idx")],
            },
        ),
        migrations.CreateModel(
            name="Verdict",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "commitment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="verdicts",
                        to="forum.commitment",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.organisation",
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("kept", "Eingehalten"),
                            ("partly", "Teilweise eingehalten"),
                            ("not_kept", "Nicht eingehalten"),
                        ],
                        max_length=10,
                        verbose_name="Aus Ihrer Sicht",
                    ),
                ),
                ("text", models.TextField(blank=True, max_length=1000, verbose_name="Warum")),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "given_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "mandate",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.mandate",
                    ),
                ),
            ],
            options={
                "ordering": ("at", "pk"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("commitment", "organisation"), name="one_verdict_per_organisation"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Contribution",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "concern",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="contributions",
                        to="forum.concern",
                    ),
                ),
                (
                    "statement",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="contributions",
                        to="forum.statement",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="answers",
                        to="forum.contribution",
                    ),
                ),
                (
                    "author",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "mandate",
                    models.ForeignKey(
                        help_text="In which office",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.mandate",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.organisation",
                    ),
                ),
                ("text", models.TextField(max_length=3000, verbose_name="Ihr Beitrag")),
                ("written_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("edited_at", models.DateTimeField(blank=True, null=True)),
                ("removed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "removed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "removal_reason",
                    models.TextField(blank=True, max_length=1000, verbose_name="Begründung"),
                ),
                (
                    "mentions",
                    models.ManyToManyField(
                        blank=True, related_name="+", to="registry.organisation"
                    ),
                ),
            ],
            options={
                "ordering": ("written_at", "pk"),
                "indexes": [
                    models.Index(
                        fields=["concern", "statement", "parent"],
                        name="forum_contr_concern_d0b8e9_idx",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("mandate__isnull", True), ("organisation__isnull", True)),
                            models.Q(("mandate__isnull", False), ("organisation__isnull", False)),
                            _connector="OR",
                        ),
                        name="contribution_by_an_office_or_a_person",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("removed_at__isnull", True),
                            models.Q(("removal_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="taken_down_with_a_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Attachment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "contribution",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="attachments",
                        to="forum.contribution",
                    ),
                ),
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
                "ordering": ("pk",),
            },
        ),
        migrations.CreateModel(
            name="Complaint",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "contribution",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="complaints",
                        to="forum.contribution",
                    ),
                ),
                (
                    "reason",
                    models.TextField(
                        max_length=1000, verbose_name="Was ist daran nicht in Ordnung?"
                    ),
                ),
                (
                    "reported_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("reported_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "settled_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("settled_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ("reported_at", "pk"),
                "indexes": [
                    models.Index(fields=["settled_at"], name="forum_compl_settled_715659_idx")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("reported_by__isnull", False), ("settled_at__isnull", True)
                        ),
                        fields=("contribution", "reported_by"),
                        name="one_open_complaint_a_person",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Boilerplate",
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
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="registry.organisation",
                    ),
                ),
                ("title", models.CharField(max_length=100, verbose_name="Name")),
                ("text", models.TextField(max_length=5000, verbose_name="Text")),
            ],
            options={
                "ordering": ("title", "pk"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organisation", "title"), name="boilerplate_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SavedFilter",
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
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="Name")),
                (
                    "wishes",
                    models.JSONField(default=dict, help_text="As the form of the queue has them"),
                ),
                (
                    "is_default",
                    models.BooleanField(default=False, help_text="What the queue shows at first"),
                ),
            ],
            options={
                "ordering": ("name", "pk"),
                "constraints": [
                    models.UniqueConstraint(fields=("user", "name"), name="filter_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("is_default", True)),
                        fields=("user",),
                        name="one_filter_at_first",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OParlServer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("host", models.CharField(max_length=253, unique=True, verbose_name="Server")),
                ("note", models.CharField(max_length=200, verbose_name="Wessen")),
                ("added_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "ordering": ("host",),
            },
        ),
        migrations.CreateModel(
            name="Evidence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "participant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="evidence",
                        to="forum.participant",
                    ),
                ),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("council", "Rat (Beschluss)"),
                            ("committee", "Ausschuss (Beschluss)"),
                        ],
                        max_length=20,
                        verbose_name="Beschlossen von",
                    ),
                ),
                ("decided_on", models.DateField(verbose_name="Beschlossen am")),
                ("title", models.CharField(max_length=300, verbose_name="Gegenstand")),
                (
                    "reference",
                    models.CharField(blank=True, max_length=60, verbose_name="Drucksache"),
                ),
                (
                    "upload",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="portal.upload",
                    ),
                ),
                ("oparl_url", models.URLField(blank=True, max_length=500)),
                ("snapshot", models.JSONField(null=True)),
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
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ("-decided_on", "-pk"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("oparl_url", ""),
                                ("snapshot__isnull", True),
                                ("upload__isnull", False),
                            ),
                            models.Q(
                                ("snapshot__isnull", False),
                                ("upload__isnull", True),
                                models.Q(("oparl_url", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="evidence_is_a_file_or_an_address",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Vote",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "statement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="votes",
                        to="forum.statement",
                    ),
                ),
                (
                    "participant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="votes",
                        to="forum.participant",
                    ),
                ),
                (
                    "stand",
                    models.SmallIntegerField(
                        choices=[(1, "Stimme zu"), (-1, "Lehne ab"), (0, "Übergehe")]
                    ),
                ),
                (
                    "level",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("personal", "eine Person für sich"),
                            ("administration", "Verwaltung"),
                            ("mayor", "Bürgermeisterin oder Bürgermeister"),
                            ("committee", "Ausschuss (Beschluss)"),
                            ("council", "Rat (Beschluss)"),
                        ],
                        default="",
                        max_length=20,
                        verbose_name="Getragen von",
                    ),
                ),
                (
                    "answered_by",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.organisation",
                    ),
                ),
                (
                    "evidence",
                    models.ForeignKey(
                        help_text="Of the decision behind it, where one is",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="votes",
                        to="forum.evidence",
                    ),
                ),
                ("cast_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("answered_by__isnull", False)),
                        fields=["answered_by"],
                        name="forum_vote_of_agent",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("participant", "statement"), name="one_vote_per_statement"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("stand__in", (-1, 0, 1))), name="vote_is_a_stand"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Ballot",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "statement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="forum.statement",
                    ),
                ),
                (
                    "participant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="ballots",
                        to="forum.participant",
                    ),
                ),
                (
                    "stand",
                    models.SmallIntegerField(
                        choices=[(1, "Stimme zu"), (-1, "Lehne ab"), (0, "Übergehe")]
                    ),
                ),
                (
                    "level",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("personal", "eine Person für sich"),
                            ("administration", "Verwaltung"),
                            ("mayor", "Bürgermeisterin oder Bürgermeister"),
                            ("committee", "Ausschuss (Beschluss)"),
                            ("council", "Rat (Beschluss)"),
                        ],
                        default="",
                        max_length=20,
                        verbose_name="Getragen von",
                    ),
                ),
                ("cast_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "cast_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "mandate",
                    models.ForeignKey(
                        help_text="In which mandate it was cast or released; that of the agent's where one answered",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.mandate",
                    ),
                ),
                (
                    "answered_by",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.organisation",
                    ),
                ),
            ],
            options={
                "ordering": ("pk",),
                "indexes": [
                    models.Index(
                        condition=models.Q(("answered_by__isnull", False)),
                        fields=["answered_by"],
                        name="forum_ballot_of_agent",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Draft",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "concern",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="drafts",
                        to="forum.concern",
                    ),
                ),
                (
                    "participant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="drafts",
                        to="forum.participant",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        help_text="Who may release it",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.organisation",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("vote", "Stimme"),
                            ("statement", "Aussage"),
                            ("opening", "Öffnen des Anliegens"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "statement",
                    models.ForeignKey(
                        help_text="On which it votes, or which it became",
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="drafts",
                        to="forum.statement",
                    ),
                ),
                (
                    "stand",
                    models.SmallIntegerField(
                        choices=[(1, "Stimme zu"), (-1, "Lehne ab"), (0, "Übergehe")], null=True
                    ),
                ),
                ("text", models.TextField(blank=True)),
                (
                    "drafted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "mandate",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.mandate",
                    ),
                ),
                ("drafted_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Entwurf, wartet auf Freigabe"),
                            ("returned", "Kam zurück"),
                            ("released", "Freigegeben"),
                            ("withdrawn", "Zurückgezogen"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "decided_mandate",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.mandate",
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True)),
                ("reason", models.TextField(blank=True, max_length=1000)),
            ],
            options={
                "ordering": ("pk",),
                "indexes": [
                    models.Index(
                        fields=["organisation", "state"], name="forum_draft_organis_19cb7a_idx"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("kind", "vote"), ("state__in", ("waiting", "returned"))
                        ),
                        fields=("participant", "statement"),
                        name="one_current_draft_per_statement",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("kind", "opening"), ("state__in", ("waiting", "returned"))
                        ),
                        fields=("concern",),
                        name="one_current_draft_to_open",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("kind", "vote"),
                                ("stand__in", (-1, 0, 1)),
                                ("statement__isnull", False),
                            ),
                            models.Q(
                                ("kind", "statement"),
                                ("stand__isnull", True),
                                models.Q(("text", ""), _negated=True),
                            ),
                            models.Q(
                                ("kind", "opening"),
                                ("stand__isnull", True),
                                ("statement__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="draft_has_what_its_kind_needs",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Result",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "concern",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="results",
                        to="forum.concern",
                    ),
                ),
                (
                    "voices",
                    models.CharField(
                        choices=[("official", "Kommunen"), ("personal", "Persönliche Meinungen")],
                        max_length=10,
                    ),
                ),
                ("requested_at", models.DateTimeField(blank=True, null=True)),
                ("started_at", models.DateTimeField(blank=True, null=True)),
                ("computed_at", models.DateTimeField(blank=True, null=True)),
                ("seconds", models.FloatField(blank=True, null=True)),
                ("input_hash", models.CharField(blank=True, max_length=64)),
                ("seed", models.BigIntegerField(default=0)),
                ("version", models.CharField(blank=True, max_length=20)),
                (
                    "is_final",
                    models.BooleanField(
                        default=False, help_text="Computed after the end of voting"
                    ),
                ),
                (
                    "document",
                    models.BinaryField(
                        default=bytes, help_text="gzipped JSON, docs/reference/opinion-json.md"
                    ),
                ),
                (
                    "counts",
                    models.BinaryField(
                        default=bytes,
                        help_text="gzipped JSON: votes by Land, size class and statement",
                    ),
                ),
                (
                    "routing",
                    models.JSONField(
                        default=dict,
                        help_text="What the choice of the next statement needs: statements with share of agreement and loadings, spread and noise of the map",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("concern", "voices"), name="one_result_per_voices"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Step",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "concern",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="steps",
                        to="forum.concern",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Entwurf"),
                            ("open", "Offen für Aussagen und Stimmen"),
                            ("position", "Gemeinsame Position"),
                            ("sent", "Beim Ministerium"),
                            ("answered", "Beantwortet"),
                            ("pursued", "Zusagen werden verfolgt"),
                            ("closed", "Abgeschlossen"),
                        ],
                        max_length=10,
                    ),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "actor",
                    models.ForeignKey(
                        help_text="Empty where a deadline or the quorum did it",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "mandate",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.mandate",
                    ),
                ),
                ("reason", models.TextField(blank=True, max_length=1000)),
            ],
            options={
                "ordering": ("at", "pk"),
                "indexes": [models.Index(fields=["at"], name="forum_step_at_7e1791_idx")],
            },
        ),
        migrations.CreateModel(
            name="Terms",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "quorum_municipalities",
                    models.PositiveIntegerField(
                        default=50,
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="Kommunen, die mitzeichnen",
                    ),
                ),
                (
                    "quorum_laender",
                    models.PositiveSmallIntegerField(
                        default=4,
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="aus so vielen Ländern",
                    ),
                ),
                (
                    "quorum_associations",
                    models.PositiveSmallIntegerField(
                        default=1,
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="oder so viele kommunale Verbände",
                    ),
                ),
                (
                    "answer_weeks",
                    models.PositiveSmallIntegerField(
                        default=8,
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="Wochen bis zur Antwort",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("pk", 1)), name="one_row_of_terms")
                ],
            },
        ),
        migrations.CreateModel(
            name="Responsibility",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "topic",
                    models.CharField(
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
                        max_length=20,
                        unique=True,
                        verbose_name="Themenfeld",
                    ),
                ),
                (
                    "ministry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.organisation",
                    ),
                ),
            ],
            options={
                "ordering": ("topic",),
            },
        ),
        migrations.CreateModel(
            name="Support",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "concern",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="supports",
                        to="forum.concern",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.organisation",
                    ),
                ),
                (
                    "signed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "mandate",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.mandate",
                    ),
                ),
                ("signed_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ("signed_at", "pk"),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("withdrawn_at__isnull", True)),
                        fields=("concern", "organisation"),
                        name="one_support_per_organisation",
                    )
                ],
            },
        ),
    ]
