from django.db import migrations, models


class Migration(migrations.Migration):
    """A row for each request that counts, instead of a count for each hour or day.

    What was counted before is not carried over: nobody is refused for it, at most twice the limit pass once.
    """

    dependencies = [("contact", "0001_initial")]

    operations = [
        migrations.DeleteModel(name="Allowance"),
        migrations.CreateModel(
            name="Allowance",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=64)),
                ("ends_at", models.DateTimeField(db_index=True)),
            ],
            options={"indexes": [models.Index(fields=["key", "ends_at"], name="allowance_counting")]},
        ),
    ]
