"""PostgreSQL's planner keeps samples of columns, and keeps them after the rows are gone.

Of sealed rows and references it keeps none.
"""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

SILENT = {"vault_sealed": ("ref", "blob"), "vault_recontactconsent": ("ref",)}


def silence(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Set the statistics target of each column to nothing."""
    if schema_editor.connection.vendor != "postgresql":
        return
    for table, columns in SILENT.items():
        for column in columns:
            schema_editor.execute(
                f"ALTER TABLE {table} ALTER COLUMN {column} SET STATISTICS 0"
            )


class Migration(migrations.Migration):
    """No table changes."""

    dependencies = [("vault", "0001_sealed_and_commitments")]
    operations = [migrations.RunPython(silence, migrations.RunPython.noop)]
