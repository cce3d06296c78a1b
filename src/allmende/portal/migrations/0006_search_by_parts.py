from importlib import import_module

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

COLUMNS = ("title_words", "text_words")


def remove_whole_words(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Trigrams find whole words, too: with the spaces around them."""
    if schema_editor.connection.vendor == "postgresql":
        for column in COLUMNS:
            schema_editor.execute(f"ALTER TABLE portal_searchentry DROP COLUMN {column}")


def add_whole_words(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """As 0005 made them."""
    if schema_editor.connection.vendor == "postgresql":
        for column in COLUMNS:
            key = column.replace("words", "key")
            schema_editor.execute(
                f"ALTER TABLE portal_searchentry ADD COLUMN {column} tsvector "
                f"GENERATED ALWAYS AS (to_tsvector('simple', {key})) STORED"
            )
            schema_editor.execute(
                f"CREATE INDEX portal_searchentry_{column} ON portal_searchentry USING gin ({column})"
            )


def add_triggers(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """SQLite has made the table anew, without those that keep the trigrams up to date."""
    if schema_editor.connection.vendor != "postgresql":
        for statement in import_module("allmende.portal.migrations.0005_search").SQLITE[1:]:
            schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("portal", "0005_search")]

    operations = [
        migrations.RunPython(migrations.RunPython.noop, add_triggers),
        migrations.AlterField(
            "searchentry",
            "about",
            models.BigIntegerField(
                default=0,
                help_text="The key of what decides who may see it, such as its concern; or 0",
            ),
        ),
        migrations.RunPython(add_triggers, migrations.RunPython.noop),
        migrations.RunPython(remove_whole_words, add_whole_words),
        migrations.AddIndex(
            "searchentry", models.Index(fields=["ars"], name="portal_searchentry_ars")
        ),
        migrations.AddIndex(
            "searchentry", models.Index(fields=["at"], name="portal_searchentry_at")
        ),
    ]
