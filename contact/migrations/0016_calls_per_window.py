import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("contact", "0015_answered"),
    ]

    operations = [
        migrations.AddField(
            model_name="channel",
            name="calls_per_window",
            field=models.PositiveSmallIntegerField(
                blank=True,
                help_text="Callback: a window with so many calls is not offered any more. Empty: as many as are asked for.",
                null=True,
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(1000),
                ],
                verbose_name="calls per window",
            ),
        ),
    ]
