from typing import Any

from django.core.management.commands import migrate

from helpcenter import var


class Command(migrate.Command):
    """Django's own, which also makes the folder that an embedded database is to lie in."""

    def execute(self, *args: Any, **options: Any) -> Any:
        var.make_folder()  # not in handle(): the checks before it look at the database already
        return super().execute(*args, **options)
