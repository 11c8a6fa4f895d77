#!/usr/bin/env python
"""Django's command line for the help center."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helpcenter.settings")
    from django.core.management import execute_from_command_line
    from django.db import OperationalError

    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        # Somebody installing us wants the sentence, not forty lines of ours above it.
        sys.exit(f"Help center: {error}")
    except OperationalError:
        from helpcenter import var

        if said := var.why_unusable():
            sys.exit(f"Help center: {said}")
        raise


if __name__ == "__main__":
    main()
