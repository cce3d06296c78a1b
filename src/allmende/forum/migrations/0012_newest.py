from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("forum", "0011_secrets")]

    operations = [
        migrations.AddIndex(
            "concern",
            models.Index(fields=["-created_at", "-id"], name="forum_concern_newest"),
        ),
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
                ],
                condition=models.Q(sent_at__isnull=False),
                name="forum_concern_sent",
            ),
        ),
    ]
