from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("rights", "0007_emergencies_apart_from_people")]

    operations = [
        migrations.AlterField(
            model_name="emergency",
            name="ref",
            field=models.CharField(default="", max_length=32),
        ),
        migrations.RemoveField(model_name="emergency", name="ref"),
        migrations.RemoveField(model_name="emergency", name="reason"),
        migrations.RemoveField(model_name="emergency", name="review"),
        migrations.AlterField(
            model_name="emergency",
            name="judgement",
            field=models.CharField(
                blank=True,
                choices=[
                    ("justified", "Justified"),
                    ("not_justified", "Not justified"),
                    ("not_reviewed", "Not reviewed"),
                ],
                default="",
                max_length=13,
            ),
        ),
    ]
