from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("forum", "0002_result_started_at")]

    operations = [
        migrations.AddField(
            model_name="result",
            name="counts",
            field=models.BinaryField(
                default=bytes, help_text="gzipped JSON: votes by Land, size class and statement"
            ),
        ),
    ]
