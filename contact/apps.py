from importlib import import_module

from django.apps import AppConfig


class ContactConfig(AppConfig):
    name = "contact"
    verbose_name = "Contact"

    def ready(self) -> None:
        import_module("contact.checks")
