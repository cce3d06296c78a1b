import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("crisis", "0003_letting_in"),
        ("registry", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Particulars",
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
                    "legal_form",
                    models.CharField(
                        blank=True, max_length=120, verbose_name="Rechtsform"
                    ),
                ),
                (
                    "register_court",
                    models.CharField(
                        blank=True, max_length=120, verbose_name="Registergericht"
                    ),
                ),
                (
                    "register_number",
                    models.CharField(
                        blank=True, max_length=60, verbose_name="Registernummer"
                    ),
                ),
                (
                    "address",
                    models.TextField(
                        blank=True, max_length=500, verbose_name="Anschrift"
                    ),
                ),
                (
                    "contact_name",
                    models.CharField(
                        blank=True,
                        max_length=120,
                        verbose_name="Jederzeit erreichbar: Name oder Funktion",
                    ),
                ),
                (
                    "contact_telephone",
                    models.CharField(blank=True, max_length=60, verbose_name="Telefon"),
                ),
                (
                    "contact_email",
                    models.EmailField(
                        blank=True, max_length=254, verbose_name="E-Mail"
                    ),
                ),
                (
                    "eu_states",
                    models.CharField(
                        blank=True,
                        max_length=300,
                        verbose_name="Weitere Mitgliedstaaten der EU, die versorgt werden",
                    ),
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
                    "organisation",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="particulars",
                        to="registry.organisation",
                    ),
                ),
            ],
            options={
                "ordering": ("organisation",),
            },
        ),
    ]
