import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "__first__"),
        ("portal", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="InvitationList",
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
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("file_name", models.CharField(max_length=200)),
                (
                    "rows",
                    models.JSONField(
                        default=list, help_text="What may be invited, see services.lists"
                    ),
                ),
                (
                    "faults",
                    models.JSONField(
                        default=list, help_text="Line, column and reason of each fault"
                    ),
                ),
                ("skipped", models.PositiveIntegerField(default=0, help_text="Invited already")),
                ("invited", models.PositiveIntegerField(default=0)),
                ("carried_out_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ("-pk",),
            },
        ),
        migrations.CreateModel(
            name="LetterBatch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("note", models.CharField(max_length=200, verbose_name="Bezeichnung")),
                (
                    "requested_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now,
                        help_text="When its pages were last asked for",
                    ),
                ),
                ("printed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "fetched_at",
                    models.DateTimeField(blank=True, help_text="First download", null=True),
                ),
                (
                    "document",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="portal.upload",
                    ),
                ),
            ],
            options={
                "ordering": ("-pk",),
            },
        ),
        migrations.CreateModel(
            name="RegisterImport",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "source",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (1, "Gemeindeverzeichnis (Auszug)"),
                            (2, "Gemeindeverzeichnis GV100AD"),
                            (3, "Namens- und Gebietsänderungen"),
                            (4, "Offene Daten ohne amtliches Verzeichnis"),
                        ],
                        verbose_name="Quelle",
                    ),
                ),
                ("file_name", models.CharField(max_length=200, verbose_name="Datei")),
                ("sha256", models.CharField(max_length=64, unique=True)),
                ("status_date", models.DateField(db_index=True, verbose_name="Gebietsstand")),
                (
                    "population_date",
                    models.DateField(blank=True, null=True, verbose_name="Einwohner am"),
                ),
                ("attribution", models.TextField(verbose_name="Quellenangabe")),
                ("counts", models.JSONField(default=dict)),
                (
                    "actor",
                    models.ForeignKey(
                        blank=True,
                        help_text="Empty for the command line",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("at", models.DateTimeField(auto_now_add=True, verbose_name="Eingelesen")),
            ],
            options={
                "ordering": ("-status_date", "-pk"),
            },
        ),
        migrations.CreateModel(
            name="Region",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "level",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (0, "Bund"),
                            (1, "Land"),
                            (2, "Regierungsbezirk"),
                            (3, "Kreis"),
                            (4, "Gemeindeverband"),
                            (5, "Gemeinde"),
                        ],
                        verbose_name="Ebene",
                    ),
                ),
                ("ars", models.CharField(max_length=12, verbose_name="Regionalschlüssel")),
                (
                    "ags",
                    models.CharField(blank=True, max_length=8, verbose_name="Gemeindeschlüssel"),
                ),
                ("name", models.CharField(max_length=200, verbose_name="Name")),
                (
                    "former_names",
                    models.TextField(
                        blank=True, help_text="One a line", verbose_name="Frühere Namen"
                    ),
                ),
                (
                    "search_key",
                    models.TextField(editable=False, help_text="Folded names, see names.py"),
                ),
                (
                    "kind",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="Textkennzeichen"
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="registry.region",
                    ),
                ),
                (
                    "land",
                    models.CharField(
                        blank=True,
                        help_text="First two digits of the key",
                        max_length=2,
                        verbose_name="Land",
                    ),
                ),
                (
                    "kreis",
                    models.CharField(
                        blank=True,
                        help_text="First five digits of the key",
                        max_length=5,
                        verbose_name="Kreis",
                    ),
                ),
                (
                    "population",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="Einwohner"),
                ),
                (
                    "population_on",
                    models.DateField(blank=True, null=True, verbose_name="Einwohner am"),
                ),
                (
                    "area_km2",
                    models.FloatField(blank=True, null=True, verbose_name="Fläche in km²"),
                ),
                ("lon", models.FloatField(blank=True, null=True)),
                ("lat", models.FloatField(blank=True, null=True)),
                (
                    "postcode",
                    models.CharField(blank=True, max_length=5, verbose_name="Postleitzahl"),
                ),
                (
                    "size_class",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        choices=[
                            (1, "Große Großstadt (ab 500.000)"),
                            (2, "Kleine Großstadt (100.000 bis 499.999)"),
                            (3, "Größere Mittelstadt (50.000 bis 99.999)"),
                            (4, "Kleinere Mittelstadt (20.000 bis 49.999)"),
                            (5, "Größere Kleinstadt (10.000 bis 19.999)"),
                            (6, "Kleinere Kleinstadt (5.000 bis 9.999)"),
                            (7, "Landgemeinde (unter 5.000)"),
                        ],
                        null=True,
                        verbose_name="Größenklasse",
                    ),
                ),
                ("valid_from", models.DateField(blank=True, null=True, verbose_name="Gültig ab")),
                (
                    "valid_until",
                    models.DateField(
                        blank=True,
                        help_text="First day on which it is no more",
                        null=True,
                        verbose_name="Gültig bis",
                    ),
                ),
                (
                    "valid_until_exact",
                    models.BooleanField(
                        default=False,
                        help_text="From an official list; otherwise the latest day possible",
                    ),
                ),
                (
                    "first_seen",
                    models.DateField(
                        blank=True,
                        help_text="Status date of the oldest register that names it",
                        null=True,
                    ),
                ),
                (
                    "last_seen",
                    models.DateField(
                        blank=True,
                        help_text="Status date of the newest register that names it",
                        null=True,
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="regions",
                        to="registry.registerimport",
                    ),
                ),
                (
                    "invented",
                    models.BooleanField(
                        default=False, help_text="Made up for example data; never counted"
                    ),
                ),
                (
                    "successors",
                    models.ManyToManyField(related_name="predecessors", to="registry.region"),
                ),
            ],
            options={
                "ordering": ("name", "ars"),
                "indexes": [
                    models.Index(
                        fields=["level", "land", "size_class"], name="registry_re_level_1de4bf_idx"
                    ),
                    models.Index(fields=["level", "kreis"], name="registry_re_level_7bdd99_idx"),
                    models.Index(fields=["ars"], name="registry_re_ars_f9132b_idx"),
                    models.Index(fields=["ags"], name="registry_re_ags_a53ae2_idx"),
                    models.Index(fields=["postcode"], name="registry_re_postcod_9a8c9f_idx"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("valid_until__isnull", True)),
                        fields=("ars",),
                        name="one_current_region_per_key",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Interest",
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
                    "region",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="registry.region",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("region__isnull", False), ("topic", "")),
                            models.Q(
                                models.Q(("topic", ""), _negated=True), ("region__isnull", True)
                            ),
                            _connector="OR",
                        ),
                        name="interest_in_a_topic_or_a_region",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("topic", ""), _negated=True),
                        fields=("user", "topic"),
                        name="topic_once_per_person",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("region__isnull", False)),
                        fields=("user", "region"),
                        name="region_once_per_person",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Organisation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("gemeinde", "Gemeinde oder Stadt"),
                            ("verband", "Gemeindeverband"),
                            ("kreis", "Landkreis"),
                            ("land", "Land"),
                            ("ministerium", "Bundesministerium"),
                            ("spitzenverband", "Kommunaler Verband"),
                            ("netzwerk", "Netzwerk"),
                            ("zivilgesellschaft", "Zivilgesellschaft"),
                            ("betreiber", "Betreiber kritischer Einrichtungen"),
                        ],
                        max_length=20,
                        verbose_name="Art",
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="Name")),
                ("slug", models.SlugField(max_length=80, unique=True)),
                (
                    "search_key",
                    models.TextField(editable=False, help_text="Folded name, see names.py"),
                ),
                (
                    "region",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="organisation",
                        to="registry.region",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        help_text="The association that a Land branch belongs to",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="branches",
                        to="registry.organisation",
                    ),
                ),
                (
                    "four_eyes",
                    models.BooleanField(
                        default=False,
                        help_text="What staff says officially waits for whoever may release it",
                        verbose_name="Vier-Augen-Prinzip",
                    ),
                ),
                (
                    "is_example",
                    models.BooleanField(default=False, help_text="Invented for example data"),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "dissolved_on",
                    models.DateField(blank=True, null=True, verbose_name="Aufgelöst am"),
                ),
            ],
            options={
                "ordering": ("name", "slug"),
                "indexes": [
                    models.Index(fields=["kind", "name"], name="registry_or_kind_7262bb_idx"),
                    models.Index(fields=["name"], name="organisation_name"),
                    models.Index(fields=["search_key"], name="organisation_search_key"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("kind__in", ("gemeinde", "verband", "kreis", "land")),
                                ("region__isnull", False),
                            ),
                            models.Q(
                                models.Q(
                                    ("kind__in", ("gemeinde", "verband", "kreis", "land")),
                                    _negated=True,
                                ),
                                ("region__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="regional_kinds_have_a_region",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="EmailDomain",
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
                        related_name="domains",
                        to="registry.organisation",
                    ),
                ),
                ("domain", models.CharField(max_length=253, verbose_name="Domain")),
            ],
            options={
                "indexes": [models.Index(fields=["domain"], name="registry_em_domain_9ba450_idx")],
                "constraints": [
                    models.UniqueConstraint(fields=("organisation", "domain"), name="domain_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Proxy",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="proxies_given",
                        to="registry.organisation",
                    ),
                ),
                (
                    "agent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="proxies_held",
                        to="registry.organisation",
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
                        verbose_name="Themenfeld",
                    ),
                ),
                (
                    "granted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("granted_at", models.DateTimeField(auto_now_add=True)),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("revoked_at__isnull", True)),
                        fields=("member", "agent", "topic"),
                        name="one_current_proxy_per_topic",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("member", models.F("agent")), _negated=True),
                        name="nobody_is_her_own_proxy",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Mandate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "may_contribute",
                    models.BooleanField(
                        default=False, verbose_name="Beiträge entwerfen und Aussagen schreiben"
                    ),
                ),
                (
                    "may_vote",
                    models.BooleanField(
                        default=False, verbose_name="Für die Organisation abstimmen"
                    ),
                ),
                (
                    "may_release",
                    models.BooleanField(
                        default=False, verbose_name="Im Namen der Organisation freigeben"
                    ),
                ),
                (
                    "may_manage",
                    models.BooleanField(
                        default=False, verbose_name="Menschen der Organisation verwalten"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="mandates",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="mandates",
                        to="registry.organisation",
                    ),
                ),
                (
                    "office",
                    models.CharField(
                        choices=[
                            ("mayor", "Bürgermeisterin oder Bürgermeister"),
                            ("district_head", "Landrätin oder Landrat"),
                            ("union_head", "Leitung des Gemeindeverbands"),
                            ("council", "Mitglied des Rates"),
                            ("administration", "Verwaltung"),
                            ("leadership", "Leitung"),
                            ("desk", "Referat"),
                            ("board", "Vorstand"),
                            ("secretariat", "Geschäftsstelle"),
                            ("member", "Mitglied"),
                        ],
                        max_length=20,
                        verbose_name="Amt",
                    ),
                ),
                (
                    "title",
                    models.CharField(
                        blank=True,
                        help_text="Zum Beispiel „Referat H III 2“ oder „Fraktion Bürgerliste“.",
                        max_length=100,
                        verbose_name="Genauer",
                    ),
                ),
                (
                    "since",
                    models.DateField(default=django.utils.timezone.localdate, verbose_name="Seit"),
                ),
                (
                    "until",
                    models.DateField(
                        blank=True,
                        help_text="Letzter Tag, etwa das Ende der Wahlperiode.",
                        null=True,
                        verbose_name="Bis",
                    ),
                ),
                (
                    "confirmation",
                    models.CharField(
                        choices=[
                            ("operator", "vom Betrieb dieser Plattform"),
                            ("manager", "von der Organisation selbst"),
                            ("letter", "mit einem Code, der per Brief an die Organisation ging"),
                            (
                                "domain",
                                "mit einer dienstlichen E-Mail-Adresse und von der Organisation selbst",
                            ),
                        ],
                        default="operator",
                        max_length=10,
                        verbose_name="Bestätigt",
                    ),
                ),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        blank=True,
                        help_text="Empty where a letter or the command line confirmed it",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("confirmed_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "warned_at",
                    models.DateTimeField(
                        blank=True, help_text="When it was told that it ends soon", null=True
                    ),
                ),
            ],
            options={
                "ordering": ("organisation__name", "office", "pk"),
                "indexes": [
                    models.Index(fields=["until"], name="registry_ma_until_088945_idx"),
                    models.Index(fields=["organisation", "since", "until"], name="mandate_held"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("user", "organisation", "office", "since"), name="mandate_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "may_contribute",
                    models.BooleanField(
                        default=False, verbose_name="Beiträge entwerfen und Aussagen schreiben"
                    ),
                ),
                (
                    "may_vote",
                    models.BooleanField(
                        default=False, verbose_name="Für die Organisation abstimmen"
                    ),
                ),
                (
                    "may_release",
                    models.BooleanField(
                        default=False, verbose_name="Im Namen der Organisation freigeben"
                    ),
                ),
                (
                    "may_manage",
                    models.BooleanField(
                        default=False, verbose_name="Menschen der Organisation verwalten"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="invitations",
                        to="registry.organisation",
                    ),
                ),
                ("email", models.EmailField(max_length=254, verbose_name="E-Mail-Adresse")),
                ("name", models.CharField(blank=True, max_length=150, verbose_name="Name")),
                (
                    "office",
                    models.CharField(
                        choices=[
                            ("mayor", "Bürgermeisterin oder Bürgermeister"),
                            ("district_head", "Landrätin oder Landrat"),
                            ("union_head", "Leitung des Gemeindeverbands"),
                            ("council", "Mitglied des Rates"),
                            ("administration", "Verwaltung"),
                            ("leadership", "Leitung"),
                            ("desk", "Referat"),
                            ("board", "Vorstand"),
                            ("secretariat", "Geschäftsstelle"),
                            ("member", "Mitglied"),
                        ],
                        max_length=20,
                        verbose_name="Amt",
                    ),
                ),
                ("title", models.CharField(blank=True, max_length=100, verbose_name="Genauer")),
                ("until", models.DateField(blank=True, null=True, verbose_name="Mandat bis")),
                (
                    "confirmation",
                    models.CharField(
                        choices=[
                            ("operator", "vom Betrieb dieser Plattform"),
                            ("manager", "von der Organisation selbst"),
                            ("letter", "mit einem Code, der per Brief an die Organisation ging"),
                            (
                                "domain",
                                "mit einer dienstlichen E-Mail-Adresse und von der Organisation selbst",
                            ),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "token_hash",
                    models.CharField(
                        help_text="SHA-256 of the link's token", max_length=64, unique=True
                    ),
                ),
                (
                    "invited_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("expires_at", models.DateTimeField()),
                (
                    "mailed_at",
                    models.DateTimeField(
                        blank=True, help_text="When its mail was put into the queue", null=True
                    ),
                ),
                (
                    "revoked_at",
                    models.DateTimeField(
                        blank=True, help_text="By whoever may, or declined", null=True
                    ),
                ),
                (
                    "declined",
                    models.BooleanField(default=False, help_text="By the person who was invited"),
                ),
                ("accepted_at", models.DateTimeField(blank=True, null=True)),
                (
                    "mandate",
                    models.ForeignKey(
                        blank=True,
                        help_text="What came of it; a later invitation may renew the same mandate",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="invitations",
                        to="registry.mandate",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="invitations",
                        to="registry.invitationlist",
                    ),
                ),
            ],
            options={
                "ordering": ("-created_at", "-pk"),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("accepted_at__isnull", True), ("revoked_at__isnull", True)
                        ),
                        fields=("organisation", "email", "office"),
                        name="one_open_invitation_per_address_and_office",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="MandateRequest",
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
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="mandate_requests",
                        to="registry.organisation",
                    ),
                ),
                (
                    "email",
                    models.EmailField(max_length=254, verbose_name="Dienstliche E-Mail-Adresse"),
                ),
                (
                    "office",
                    models.CharField(
                        choices=[
                            ("mayor", "Bürgermeisterin oder Bürgermeister"),
                            ("district_head", "Landrätin oder Landrat"),
                            ("union_head", "Leitung des Gemeindeverbands"),
                            ("council", "Mitglied des Rates"),
                            ("administration", "Verwaltung"),
                            ("leadership", "Leitung"),
                            ("desk", "Referat"),
                            ("board", "Vorstand"),
                            ("secretariat", "Geschäftsstelle"),
                            ("member", "Mitglied"),
                        ],
                        max_length=20,
                        verbose_name="Amt",
                    ),
                ),
                ("title", models.CharField(blank=True, max_length=100, verbose_name="Genauer")),
                ("note", models.TextField(blank=True, max_length=1000, verbose_name="Nachricht")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "reason",
                    models.TextField(blank=True, max_length=1000, verbose_name="Begründung"),
                ),
                (
                    "mandate",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="request",
                        to="registry.mandate",
                    ),
                ),
            ],
            options={
                "ordering": ("created_at", "pk"),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("decided_at__isnull", True)),
                        fields=("user", "organisation"),
                        name="one_open_request_per_person",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Letter",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="letters",
                        to="registry.letterbatch",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="letters",
                        to="registry.organisation",
                    ),
                ),
                ("serial", models.CharField(max_length=8, unique=True, verbose_name="Nummer")),
                ("secret_hash", models.CharField(blank=True, max_length=200)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("expires_at", models.DateTimeField()),
                ("wrong_tries", models.PositiveSmallIntegerField(default=0)),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                ("used_at", models.DateTimeField(blank=True, null=True)),
                (
                    "mandate",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="letter",
                        to="registry.mandate",
                    ),
                ),
            ],
            options={
                "ordering": ("batch", "pk"),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("revoked_at__isnull", True), ("used_at__isnull", True)),
                        fields=("organisation",),
                        name="one_unused_letter_per_organisation",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RegisterChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (1, "Auflösung"),
                            (2, "Gebietsabgabe"),
                            (3, "Schlüsseländerung"),
                            (4, "Namensänderung"),
                        ]
                    ),
                ),
                (
                    "level",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (0, "Bund"),
                            (1, "Land"),
                            (2, "Regierungsbezirk"),
                            (3, "Kreis"),
                            (4, "Gemeindeverband"),
                            (5, "Gemeinde"),
                        ]
                    ),
                ),
                ("old_key", models.CharField(max_length=12)),
                ("old_name", models.CharField(max_length=200)),
                ("new_key", models.CharField(max_length=12)),
                ("new_name", models.CharField(max_length=200)),
                ("area_km2", models.FloatField(null=True)),
                ("population", models.PositiveIntegerField(null=True)),
                ("effective_on", models.DateField(help_text="Empty where only noticed", null=True)),
                (
                    "noticed_on",
                    models.DateField(help_text="Status date of the register or list that tells it"),
                ),
                (
                    "reference",
                    models.CharField(blank=True, max_length=20, verbose_name="Kennziffer"),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="changes",
                        to="registry.registerimport",
                    ),
                ),
            ],
            options={
                "ordering": ("-noticed_on", "reference", "pk"),
                "indexes": [
                    models.Index(fields=["old_key"], name="registry_re_old_key_64d1b0_idx"),
                    models.Index(fields=["new_key"], name="registry_re_new_key_bbb106_idx"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("reference", "kind", "level", "old_key", "new_key", "new_name"),
                        name="one_row_per_change",
                    )
                ],
            },
        ),
    ]
