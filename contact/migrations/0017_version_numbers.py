from collections import Counter

from django.db import migrations, models


def number(apps, schema_editor):
    counts = Counter()
    versions = apps.get_model("contact", "LaterVersion").objects.order_by("created_at", "pk")
    for version in versions.only("pk", "request_id"):
        counts[version.request_id] += 1
        versions.filter(pk=version.pk).update(number=counts[version.request_id])


class Migration(migrations.Migration):
    dependencies = [
        ("contact", "0016_calls_per_window"),
    ]

    operations = [
        migrations.AddField(
            model_name="laterversion",
            name="number",
            field=models.PositiveSmallIntegerField(default=0, editable=False),
            preserve_default=False,
        ),
        migrations.RunPython(number, migrations.RunPython.noop, elidable=True),
        migrations.RemoveConstraint(model_name="laterversion", name="one_later_version_per_digest"),
        migrations.AlterModelOptions(
            name="laterversion",
            options={
                "ordering": ["number"],
                "verbose_name": "later version",
                "verbose_name_plural": "later versions",
            },
        ),
        migrations.AddConstraint(
            model_name="laterversion",
            constraint=models.UniqueConstraint(fields=("request", "number"), name="one_later_version_per_number"),
        ),
    ]
