"""Settings of the tests: the site's own, with a place of their own to write to."""

import os
import tempfile
from pathlib import Path

os.environ.setdefault("HELPCENTER_SECRET_KEY", "only-for-tests-" + "k" * 40)
os.environ["HELPCENTER_VAR"] = os.environ.get("HELPCENTER_TEST_VAR") or tempfile.mkdtemp(prefix="helpcenter-")

from helpcenter.settings import *  # noqa: F403
from helpcenter.settings import DATABASES, STORAGES, VAR_DIR

# A file, not memory: several threads and processes of one test must see the same database.
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["TEST"] = {"NAME": str(Path(VAR_DIR) / "test.sqlite3")}
DATABASES["default"]["CONN_MAX_AGE"] = 0

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
ALLOWED_HOSTS = ["*"]
# Here customers are fast, and all of them are Ana; the tests of the guards set what a site has.
FASTEST_REQUEST = 0.0
REQUESTS_PER_EMAIL = 10_000
WORST_KEPT = 0
BRAND_KEPT = 3600.0  # each test begins with a brand that is known, as a page of a busy site does
DELIVERY_LANES = 1  # in the test's own thread, so that it sees the test's transaction
CHECK_LINKS = False  # no test asks the internet; those of the link check ask servers of their own
LINK_LANES = 1
