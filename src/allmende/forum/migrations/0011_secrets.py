from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("forum", "0010_ministry_desk")]

    operations = [
        migrations.AddIndex(
            model_name="concern",
            index=models.Index(
                condition=models.Q(("is_confidential", True)),
                fields=["deadline"],
                name="forum_concern_secret",
            ),
        ),
    ]
