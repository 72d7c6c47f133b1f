"""The list of events is code's, not the table's: a new event is no new migration."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_more_events")]

    operations = [
        migrations.AlterField(
            model_name="entry",
            name="event",
            field=models.CharField(max_length=40),
        ),
    ]
