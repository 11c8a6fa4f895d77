import os
import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from helpcenter.serving import run_together


class Command(BaseCommand):
    help = "Serves the site with gunicorn and runs the worker beside it; Ctrl-C stops both."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--reload", action="store_true", help="the development server, reloading on change")

    def handle(self, *args: Any, host: str, port: int, reload: bool, **options: Any) -> None:
        call_command("prepare", verbosity=0)
        address = f"{host}:{port}"
        # The worker writes mails and sees no request: it is told where their links lead.
        os.environ.setdefault("HELPCENTER_SITE_URL", f"http://{address}")
        self.stdout.write(self._greeting(f"http://{address}"))
        self.stdout.flush()
        manage = [sys.executable, sys.argv[0]]
        web = [*manage, "runserver", address] if reload else self._gunicorn(address)
        sys.exit(run_together([web, [*manage, "worker"]]))

    def _gunicorn(self, address: str) -> list[str]:
        # Two processes so that one slow request holds up nobody; threads, since we wait for disk, not for CPU.
        return [
            *(sys.executable, "-m", "gunicorn", "helpcenter.wsgi", "--bind", address),
            *("--worker-class", "gthread", "--workers", "2", "--threads", "4"),
            *("--graceful-timeout", "25", "--log-level", "warning", "--no-control-socket"),
        ]

    def _greeting(self, site: str) -> str:
        mail = settings.EMAIL_FILE_PATH if "Folder" in settings.EMAIL_BACKEND else settings.EMAIL_HOST
        return (
            f"\n  Help center   {site}/\n"
            f"  Admin         {site}/admin/   (make editor: makes somebody who may enter)\n"
            f"  Sent mail     {mail}\n\n  Ctrl-C stops it.\n"
        )
