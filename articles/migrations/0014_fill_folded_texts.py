"""The texts that are there already are found by the list of the desk."""

from django.db import migrations

from articles.folded import fill


def fill_in(apps, schema_editor):
    fill(apps.get_model("articles", "Translation").objects, apps.get_model("articles", "FoldedText").objects)


class Migration(migrations.Migration):
    dependencies = [("articles", "0013_folded_texts")]

    operations = [migrations.RunPython(fill_in, migrations.RunPython.noop)]
