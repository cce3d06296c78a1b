import django.core.validators
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("crisis", "0004_particulars"),
        ("registry", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Generator",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        help_text="Etwa „Aggregat Bauhof“ oder „NEA 2“.",
                        max_length=120,
                        verbose_name="Name",
                    ),
                ),
                (
                    "owner_name",
                    models.CharField(
                        blank=True, max_length=200, verbose_name="Anderer Halter"
                    ),
                ),
                (
                    "is_mobile",
                    models.BooleanField(
                        default=False, verbose_name="Mobil, etwa auf einem Anhänger"
                    ),
                ),
                (
                    "power_kw",
                    models.PositiveIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(100000),
                        ],
                        verbose_name="Leistung (kW)",
                    ),
                ),
                (
                    "fuel",
                    models.CharField(
                        choices=[
                            ("diesel", "Diesel oder Heizöl"),
                            ("benzin", "Benzin"),
                            ("gas", "Gas"),
                            ("batterie", "Batterie"),
                            ("anderes", "Anderes"),
                        ],
                        default="diesel",
                        max_length=10,
                        verbose_name="Kraftstoff",
                    ),
                ),
                (
                    "fuel_hours",
                    models.FloatField(
                        blank=True,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(8760),
                        ],
                        verbose_name="Tank reicht bei Volllast (Stunden)",
                    ),
                ),
                (
                    "place",
                    models.CharField(
                        blank=True, max_length=200, verbose_name="Wo sie steht"
                    ),
                ),
                (
                    "release_name",
                    models.CharField(
                        blank=True,
                        max_length=120,
                        verbose_name="Wer sie freigibt: Name oder Funktion",
                    ),
                ),
                (
                    "release_telephone",
                    models.CharField(blank=True, max_length=60, verbose_name="Telefon"),
                ),
                (
                    "confirmed_on",
                    models.DateField(
                        help_text="When somebody last said that this is so"
                    ),
                ),
                (
                    "version",
                    models.PositiveIntegerField(
                        default=1, help_text="Counts changes, see services"
                    ),
                ),
                (
                    "facility",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="generators",
                        to="crisis.facility",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="generators",
                        to="registry.organisation",
                        verbose_name="Halter auf dieser Plattform",
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
            ],
            options={
                "ordering": ("name", "pk"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("facility__isnull", False),
                                ("owner", None),
                                ("owner_name", ""),
                                ("region", None),
                            ),
                            models.Q(
                                ("facility", None),
                                ("region__isnull", False),
                                models.Q(
                                    ("owner__isnull", False),
                                    models.Q(("owner_name", ""), _negated=True),
                                    _connector="OR",
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="generator_of_a_facility_or_of_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("power_kw__gte", 1)),
                        name="generator_gives_something",
                    ),
                ],
            },
        ),
    ]
