"""The web server with a clock that runs thirty times as fast; and the control, which waits for ever."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

from helpcenter import slow
from helpcenter.wsgi import application, django_application

slow.LONGEST, slow.LOOK = slow.LONGEST / 30, slow.LOOK / 30
waits_for_ever = django_application
__all__ = ["application", "waits_for_ever"]
