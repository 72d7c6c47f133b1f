"""Who spoke for a person goes into the sealed interview, and out of the open attempt."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("contact", "0003_who_spoke"),
    ]

    operations = [
        migrations.RemoveField(model_name="attempt", name="speaker"),
    ]
