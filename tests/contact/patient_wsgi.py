"""The control as a web server: everybody may wait for a lock at the same time."""

import os
import threading

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
application = get_wsgi_application()

from contact import trouble  # noqa: E402

trouble.PLACES = threading.BoundedSemaphore(1000)
