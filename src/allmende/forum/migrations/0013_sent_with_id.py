from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("forum", "0012_newest")]

    operations = [
        migrations.RemoveIndex("concern", "forum_concern_sent"),
        migrations.AddIndex(
            "concern",
            models.Index(
                fields=[
                    "ministry",
                    "is_example",
                    "state",
                    "answer_due",
                    "sent_at",
                    "answered_at",
                    "id",
                ],
                condition=models.Q(sent_at__isnull=False),
                name="forum_concern_sent",
            ),
        ),
    ]
