import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("contact", "0014_channels"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="contactrequest",
            options={
                "ordering": ["-created_at"],
                "permissions": [("answer_contactrequest", "Can mark contact requests as answered")],
                "verbose_name": "contact request",
                "verbose_name_plural": "contact requests",
            },
        ),
        migrations.AddField(
            model_name="contactrequest",
            name="answered_at",
            field=models.DateTimeField(blank=True, db_index=True, null=True, verbose_name="answered at"),
        ),
        migrations.AddField(
            model_name="contactrequest",
            name="answered_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="answered by",
            ),
        ),
    ]
