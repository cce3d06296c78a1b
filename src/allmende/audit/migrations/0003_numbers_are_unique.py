"""Of its own: PostgreSQL does not alter a table in the transaction that has changed its rows."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_chain")]

    operations = [
        migrations.AlterField(
            "entry",
            "number",
            models.PositiveBigIntegerField(help_text="1, 2, 3 and on without gaps", unique=True),
        ),
    ]
