from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SearchConfig(AppConfig):
    name = "search"
    verbose_name = _("Searching")

    def ready(self) -> None:
        from . import checks  # noqa: F401
        from .changes import listen

        listen()
