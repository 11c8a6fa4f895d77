"""Settings of real worker processes: the test's own database, and what the test says in their environment."""

import json
import os

from tests.settings import *  # noqa: F403
from tests.settings import DATABASES

DATABASES["default"]["NAME"] = os.environ["WORKER_DATABASE"]
DATABASES["default"]["CONN_MAX_AGE"] = 60
WORKER_DUTIES = ["contact.outbox.deliver_due"]
EMAIL_BACKEND = "contact.mailservers.SmtpBackend"
DELIVERY_LANES = 4
EMAIL_HOST = "127.0.0.1"
globals().update(json.loads(os.environ["WORKER_SETTINGS"]))
