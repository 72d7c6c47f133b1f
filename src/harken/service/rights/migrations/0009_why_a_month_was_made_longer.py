import datetime as dt

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

MONTHS = dt.timedelta(days=45)
"""More than a month and a long weekend, less than three months."""


def mark(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Those extended before: the one reason that their button named."""
    rows = apps.get_model("rights", "Request")
    for row in rows.objects.iterator():
        stood = dt.timedelta(days=row.paused_days)
        if row.due_on - row.received_at.date() - stood > MONTHS:
            rows.objects.filter(pk=row.pk).update(longer="complex")


class Migration(migrations.Migration):
    dependencies = [("rights", "0008_emergencies_name_nobody")]

    operations = [
        migrations.AddField(
            model_name="request",
            name="longer",
            field=models.CharField(
                blank=True,
                choices=[
                    ("complex", "what was asked is complex"),
                    ("many", "this person has asked for many things"),
                ],
                default="",
                max_length=7,
            ),
        ),
        migrations.RunPython(mark, migrations.RunPython.noop),
    ]
