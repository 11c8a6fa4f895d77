from django.apps import AppConfig
from django.db.models.signals import post_migrate


class HelpcenterConfig(AppConfig):
    name = "helpcenter"
    verbose_name = "Help Center"

    def ready(self) -> None:
        from .roles import make_groups

        post_migrate.connect(make_groups, dispatch_uid="helpcenter.roles")
