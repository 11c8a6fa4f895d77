import django.db.models.deletion
from django.db import migrations, models


def as_they_were_shown(apps, schema_editor):
    """Each topic keeps the order that its remedies had so far, which was that of all remedies."""
    TopicRemedy = apps.get_model("flows", "TopicRemedy")
    places = {}
    for row in TopicRemedy.objects.order_by("topic", "remedy__position", "remedy"):
        row.position = places[row.topic_id] = places.get(row.topic_id, -1) + 1
        row.save(update_fields=["position"])


class Migration(migrations.Migration):
    dependencies = [
        ("flows", "0013_old_slugs"),
    ]

    operations = [
        # The table is there already: Django made it for the plain relation.
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="TopicRemedy",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "topic",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="topic_remedies",
                                to="flows.topic",
                            ),
                        ),
                        (
                            "remedy",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="topic_remedies",
                                to="flows.remedy",
                                verbose_name="remedy",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "remedy of the topic",
                        "verbose_name_plural": "remedies of the topic",
                        "db_table": "flows_topic_remedies",
                        "ordering": ["position", "pk"],
                        "unique_together": {("topic", "remedy")},
                    },
                ),
                migrations.AlterField(
                    model_name="topic",
                    name="remedies",
                    field=models.ManyToManyField(
                        blank=True,
                        related_name="topics",
                        through="flows.TopicRemedy",
                        to="flows.remedy",
                        verbose_name="remedies",
                    ),
                ),
            ],
            database_operations=[],
        ),
        migrations.AddField(
            model_name="topicremedy",
            name="position",
            field=models.PositiveIntegerField(default=0, verbose_name="position"),
        ),
        migrations.RunPython(as_they_were_shown, migrations.RunPython.noop, elidable=True),
    ]
