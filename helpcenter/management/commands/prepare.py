from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.executor import MigrationExecutor

from articles.models import Article
from helpcenter import var
from helpcenter.content import import_folder


class Command(BaseCommand):
    help = "Makes the database ready, and loads the demo help center when it holds no articles."

    def handle(self, *args: Any, **options: Any) -> None:
        var.make_folder()
        executor = MigrationExecutor(connections[DEFAULT_DB_ALIAS])
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            call_command("migrate", verbosity=0, interactive=False)
        if not Article.objects.exists():
            if mistakes := import_folder(settings.BASE_DIR / "fixtures" / "demo"):
                raise CommandError("\n".join(map(str, mistakes)))
            call_command("worker", "--once")
