from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("registry", "0006_letter_documents")]

    operations = [
        migrations.AddIndex(
            "organisation", models.Index(fields=["name"], name="organisation_name")
        ),
        migrations.AddIndex(
            "organisation", models.Index(fields=["search_key"], name="organisation_search_key")
        ),
        migrations.AddIndex(
            "mandate",
            models.Index(fields=["organisation", "since", "until"], name="mandate_held"),
        ),
    ]
