from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

SQLITE = (
    """
    CREATE VIRTUAL TABLE portal_searchindex USING fts5(
        title_key, text_key,
        content='portal_searchentry', content_rowid='id', tokenize='trigram case_sensitive 1'
    )
    """,
    """
    CREATE TRIGGER portal_searchentry_added AFTER INSERT ON portal_searchentry BEGIN
        INSERT INTO portal_searchindex(rowid, title_key, text_key)
        VALUES (new.id, new.title_key, new.text_key);
    END
    """,
    """
    CREATE TRIGGER portal_searchentry_removed AFTER DELETE ON portal_searchentry BEGIN
        INSERT INTO portal_searchindex(portal_searchindex, rowid, title_key, text_key)
        VALUES ('delete', old.id, old.title_key, old.text_key);
    END
    """,
    """
    CREATE TRIGGER portal_searchentry_changed AFTER UPDATE OF title_key, text_key ON portal_searchentry
    WHEN old.title_key <> new.title_key OR old.text_key <> new.text_key BEGIN
        INSERT INTO portal_searchindex(portal_searchindex, rowid, title_key, text_key)
        VALUES ('delete', old.id, old.title_key, old.text_key);
        INSERT INTO portal_searchindex(rowid, title_key, text_key)
        VALUES (new.id, new.title_key, new.text_key);
    END
    """,
)
POSTGRESQL = (
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    "CREATE INDEX portal_searchentry_title ON portal_searchentry USING gin (title_key gin_trgm_ops)",
    "CREATE INDEX portal_searchentry_text ON portal_searchentry USING gin (text_key gin_trgm_ops)",
    """
    ALTER TABLE portal_searchentry
        ADD COLUMN title_words tsvector GENERATED ALWAYS AS (to_tsvector('simple', title_key)) STORED,
        ADD COLUMN text_words tsvector GENERATED ALWAYS AS (to_tsvector('simple', text_key)) STORED
    """,
    "CREATE INDEX portal_searchentry_title_words ON portal_searchentry USING gin (title_words)",
    "CREATE INDEX portal_searchentry_text_words ON portal_searchentry USING gin (text_words)",
)


def add_index(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """What finds words and parts of words."""
    vendor = schema_editor.connection.vendor
    for statement in POSTGRESQL if vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)


def remove_index(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """All but the virtual table goes with the table itself."""
    if schema_editor.connection.vendor != "postgresql":
        schema_editor.execute("DROP TABLE portal_searchindex")


class Migration(migrations.Migration):
    dependencies = [("portal", "0004_repeatable_requests")]

    operations = [
        migrations.CreateModel(
            name="SearchEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(help_text="Of a findable: app.word", max_length=30)),
                ("key", models.BigIntegerField(help_text="The thing's own key")),
                (
                    "about",
                    models.BigIntegerField(
                        help_text="The key of what decides who may see it, such as its concern",
                        null=True,
                    ),
                ),
                ("is_public", models.BooleanField(default=True)),
                ("title_key", models.TextField(blank=True)),
                ("text_key", models.TextField(blank=True, help_text="The title and all else")),
                ("ars", models.CharField(blank=True, max_length=12)),
                ("topic", models.CharField(blank=True, max_length=20)),
                ("state", models.CharField(blank=True, max_length=10)),
                ("at", models.DateTimeField(null=True)),
                ("weight", models.PositiveIntegerField(default=0)),
            ],
            options={
                "verbose_name_plural": "search entries",
                "indexes": [
                    models.Index(fields=["kind", "about"], name="portal_searchentry_about")
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "key"), name="entry_once")
                ],
            },
        ),
        migrations.RunPython(add_index, remove_index),
    ]
