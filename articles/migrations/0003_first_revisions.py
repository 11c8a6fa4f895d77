"""Each text that is there becomes its revision 1, made from the source as it is now."""

from django.db import migrations

TEXT = ("title", "slug", "summary", "body", "keywords")


def make_first_revisions(apps, schema_editor):
    Article = apps.get_model("articles", "Article")
    Revision = apps.get_model("articles", "Revision")
    for article in Article.objects.prefetch_related("translations").iterator(chunk_size=200):
        translations = sorted(article.translations.all(), key=lambda found: found.created_at)
        if translations and article.source_language not in {found.language for found in translations}:
            article.source_language = translations[0].language
            article.save(update_fields=["source_language"])
        source = None
        for found in sorted(translations, key=lambda found: found.language != article.source_language):
            revision = Revision.objects.create(
                translation=found,
                number=1,
                significance="minor",
                made_from=source,
                created_at=found.changed_at,
                applied_at=found.changed_at,
                **{name: getattr(found, name) for name in TEXT},
            )
            source = source or revision
            found.applied = revision
            found.save(update_fields=["applied"])


class Migration(migrations.Migration):
    dependencies = [("articles", "0002_revisions")]
    operations = [migrations.RunPython(make_first_revisions, migrations.RunPython.noop)]
