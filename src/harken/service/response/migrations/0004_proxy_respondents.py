"""Whether somebody else answered for the person travels with the response (SAF-15)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("response", "0003_traces_of_pages"),
    ]

    operations = [
        migrations.AddField(
            model_name="response",
            name="proxy",
            field=models.BooleanField(default=False),
        ),
    ]
