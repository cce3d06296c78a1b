"""What finds words and parts of words; Django knows nothing of virtual tables and triggers.

Whoever lets Django make ``portal_searchentry`` anew on SQLite has to add the triggers again.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

SQLITE = (
    """
    CREATE VIRTUAL TABLE IF NOT EXISTS portal_searchindex USING fts5(
        title_key, text_key,
        content='portal_searchentry', content_rowid='id', tokenize='trigram case_sensitive 1'
    )
    """,
    """
    CREATE TRIGGER IF NOT EXISTS portal_searchentry_added AFTER INSERT ON portal_searchentry BEGIN
        INSERT INTO portal_searchindex(rowid, title_key, text_key)
        VALUES (new.id, new.title_key, new.text_key);
    END
    """,
    """
    CREATE TRIGGER IF NOT EXISTS portal_searchentry_removed AFTER DELETE ON portal_searchentry BEGIN
        INSERT INTO portal_searchindex(portal_searchindex, rowid, title_key, text_key)
        VALUES ('delete', old.id, old.title_key, old.text_key);
    END
    """,
    """
    CREATE TRIGGER IF NOT EXISTS portal_searchentry_changed AFTER UPDATE OF title_key, text_key ON portal_searchentry
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
    "CREATE INDEX IF NOT EXISTS portal_searchentry_title ON portal_searchentry USING gin (title_key gin_trgm_ops)",
    "CREATE INDEX IF NOT EXISTS portal_searchentry_text ON portal_searchentry USING gin (text_key gin_trgm_ops)",
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
    dependencies = [("portal", "0001_initial")]

    operations = [migrations.RunPython(add_index, remove_index)]
