from typing import Any

from django.db import migrations, models


def forget_open_disputes(apps: Any, schema_editor: Any) -> None:
    """Files that wait for a decision on whole facilities: they are decided value by value now."""
    checks = apps.get_model("crisis", "ImportCheck").objects.filter(carried_out_at=None)
    numbers = [check.pk for check in checks.iterator() if check.counts.get("disputed")]
    checks.filter(pk__in=numbers).delete()


class Migration(migrations.Migration):
    dependencies = [("crisis", "0007_news_by_role")]

    operations = [
        migrations.RemoveIndex(model_name="facility", name="facility_of_region"),
        migrations.AddIndex(
            model_name="facility",
            index=models.Index(
                fields=["region", "service", "is_example", "closed_on"], name="facility_of_region"
            ),
        ),
        migrations.RunPython(forget_open_disputes, migrations.RunPython.noop),
    ]
