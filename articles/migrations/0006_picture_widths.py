from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("articles", "0005_pausing_notices")]

    operations = [
        migrations.AddField(
            model_name="image",
            name="widths",
            field=models.JSONField(editable=False, null=True),
        ),
    ]
