"""What every policy fact says so far is the beginning of its history; since when, nobody has written down."""

from django.db import migrations
from django.utils import timezone


def write_down(apps, schema_editor):
    PolicyFact, FactValue = apps.get_model("articles", "PolicyFact"), apps.get_model("articles", "FactValue")
    now = timezone.now()
    FactValue.objects.bulk_create(
        FactValue(fact=fact, number=fact.number, phrase=fact.phrase, settled_at=now, made_at=now)
        for fact in PolicyFact.objects.all()
    )


class Migration(migrations.Migration):
    dependencies = [("articles", "0009_fact_values")]

    operations = [migrations.RunPython(write_down, migrations.RunPython.noop)]
