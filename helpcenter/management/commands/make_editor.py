import os
from getpass import getpass
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = "Makes an administrator who edits; asks, or takes HELPCENTER_EDITOR and HELPCENTER_EDITOR_PASSWORD."

    def handle(self, *args: Any, **options: Any) -> None:
        name = os.environ.get("HELPCENTER_EDITOR") or input("User name: ")
        password = os.environ.get("HELPCENTER_EDITOR_PASSWORD") or getpass("Password: ")
        users = get_user_model().objects
        if not name.strip():
            raise CommandError("A user name is needed.")
        if users.filter(username=name).exists():
            raise CommandError(f"There is a user “{name}” already.")
        try:
            validate_password(password)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        user = users.create_superuser(name, password=password)
        user.groups.add(Group.objects.get(name="editor"))
        self.stdout.write(f"“{name}” may enter the admin now.")
