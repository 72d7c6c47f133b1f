from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def set_apart(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Whom each was about, and the words, into the table that is swept."""
    rows = apps.get_model("rights", "Emergency")
    cases = apps.get_model("rights", "EmergencyCase")
    cases.objects.bulk_create(
        cases(emergency=row, ref=row.ref, reason=row.reason, review=row.review)
        for row in rows.objects.iterator()
    )


def bring_back(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """The way back; of whom is swept, nothing comes."""
    rows = apps.get_model("rights", "Emergency")
    cases = apps.get_model("rights", "EmergencyCase")
    for case in cases.objects.iterator():
        rows.objects.filter(pk=case.emergency_id).update(
            ref=case.ref, reason=case.reason, review=case.review
        )


class Migration(migrations.Migration):
    dependencies = [("rights", "0006_clocks_stand_still")]

    operations = [
        migrations.CreateModel(
            name="EmergencyCase",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("ref", models.CharField(max_length=32)),
                ("reason", models.BinaryField(default=b"")),
                ("review", models.BinaryField(default=b"")),
                (
                    "emergency",
                    models.OneToOneField(
                        on_delete=models.deletion.CASCADE,
                        related_name="whom",
                        to="rights.emergency",
                    ),
                ),
            ],
        ),
        migrations.RunPython(set_apart, bring_back),
    ]
