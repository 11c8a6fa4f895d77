"""The one settings file: every difference between places is a HELPCENTER_… environment variable.

docs/deploying.md lists them.  What cannot be right stops the start with one sentence.
"""

from pathlib import Path
from zoneinfo import ZoneInfo

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from environs import Env, EnvError, validate

from articles.checklist import read_weights
from flows.waiting import read_hours

BASE_DIR = Path(__file__).resolve().parent.parent

SITE = validate.Regexp(r"https?://[^\s/?#]+[^\s?#]*$", error="It must be like https://help.example.org.")


def known_zone(name: str) -> str:
    try:
        return ZoneInfo(name).key
    except (KeyError, ValueError, OSError) as error:
        raise ValueError(f"HELPCENTER_TIME_ZONE: there is no time zone {name!r}") from error


env = Env(prefix="HELPCENTER_")
try:
    DEBUG = env.bool("DEBUG", False)
    VAR_DIR = env.path("VAR", BASE_DIR / "var")
    ALLOWED_HOSTS = env.list("HOSTS", ["127.0.0.1", "localhost", "[::1]"], subcast=str.strip)
    SECRET_KEY = env.str("SECRET_KEY", "")
    # Whether a kept connection still stands is asked once a request: a restarted database has closed them all.
    KEPT = {"conn_max_age": 60, "conn_health_checks": True}
    DATABASE = env.dj_db_url("DATABASE_URL", f"sqlite:///{VAR_DIR / 'db.sqlite3'}", **KEPT)
    EMAIL = env.dj_email_url("EMAIL_URL") if env.str("EMAIL_URL", "") else None
    if EMAIL and not EMAIL["EMAIL_HOST"]:
        raise ValueError(
            "HELPCENTER_EMAIL_URL names no mail server; it is like submission://USER:PASSWORD@HOST:587"
        )
    IS_HTTPS = env.bool("HTTPS", False)
    LANGUAGE_CODE = env.str("LANGUAGE", "en")
    REQUIRED_LANGUAGES = env.list("REQUIRED_LANGUAGES", ["en", "es"], subcast=str.strip)
    TIME_ZONE = known_zone(env.str("TIME_ZONE", "Europe/Madrid"))
    # Whether somebody other than its author looks at a text before it is published.
    REVIEW = env.str("REVIEW", "advised", validate=validate.OneOf(["off", "advised", "required"]))
    # What is looked at before a text is published: whether a finding blocks, advises, or is not looked for.
    CHECKS = read_weights(env.dict("CHECKS", {}))
    # Whether the worker asks if links to other sites still answer, and which private hosts it may ask (HOST:PORT).
    CHECK_LINKS = env.bool("CHECK_LINKS", True)
    LINK_HOSTS: list[str] = env.list("LINK_HOSTS", [], subcast=str.strip)
    # When contacting us makes sense (wait rules): holidays, and opening hours by weekday.
    COUNTRY = env.str("COUNTRY", "ES")
    REGION = env.str("REGION", "")
    OPENING_HOURS = env.str("OPENING_HOURS", "mon-fri 09:00-18:00")
    read_hours(OPENING_HOURS)
    HELPCENTER_NAME = env.str("NAME", "Almendra")
    SUPPORT_EMAIL = env.str("SUPPORT_EMAIL", "support@localhost")
    DEFAULT_FROM_EMAIL = env.str("FROM_EMAIL", SUPPORT_EMAIL)
    # Against spam: seconds from the first contact page to Send, and requests in 24 hours and in one.
    FASTEST_REQUEST = env.float("FASTEST_REQUEST", 2.0, validate=validate.Range(min=0))
    REQUESTS_PER_EMAIL = env.int("REQUESTS_PER_EMAIL", 10, validate=validate.Range(min=1))
    REQUESTS_PER_NETWORK = env.int("REQUESTS_PER_NETWORK", 20, validate=validate.Range(min=1))
    # How many tries a browser needs for a proof of work, around that; 0 asks for none.
    PROOF_OF_WORK = env.int("PROOF_OF_WORK", 0, validate=validate.Range(min=0, max=100_000))
    IPV4_PREFIX = env.int("IPV4_PREFIX", 32, validate=validate.Range(min=8, max=32))
    TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", 0, validate=validate.Range(min=0))
    # Files of a request: how many, and how large each and all together, in megabytes.
    FILES = env.int("FILES", 5, validate=validate.Range(min=1, max=50))
    FILE_SIZE = env.int("FILE_MB", 10, validate=validate.Range(min=1, max=100)) * 1024 * 1024
    FILES_SIZE = env.int("FILES_MB", 25, validate=validate.Range(min=1, max=500)) * 1024 * 1024
    # Up to so many megabytes of them go with the mail to support; 0 sends links alone.
    ATTACH_FILES = env.int("ATTACH_FILES", 0, validate=validate.Range(min=0, max=100)) * 1024 * 1024
    # Where they lie, as Django's STORAGES has it.
    ATTACHMENTS = env.json("ATTACHMENT_STORAGE", None) or {
        "BACKEND": "contact.storage.SyncedFolder",
        "OPTIONS": {"location": str(VAR_DIR / "attachments")},
    }
    SCANNER = env.str("SCANNER", "")  # clamd: tcp://HOST:PORT or unix:///PATH
    MAILS_A_DAY = env.int("MAILS_A_DAY", 3, validate=validate.Range(min=1))  # to one customer's address
    SUGGEST = env.bool("SUGGEST", True)  # answers, while a request is being written
    SEARCH_LOG_DAYS = env.int("SEARCH_LOG_DAYS", 30, validate=validate.Range(min=0))  # then only counts are kept
    # Months after which its owner looks at an article again, and days that the free texts of votes are kept.
    CHECK_MONTHS = env.int("CHECK_MONTHS", 12, validate=validate.Range(min=0, max=120))
    VOTE_WORDS_DAYS = env.int("VOTE_WORDS_DAYS", 90, validate=validate.Range(min=0))
    # Where this site is reached from outside; mails are written by the worker, which sees no request.
    SITE_URL = env.str("SITE_URL", "http://127.0.0.1:8000", validate=SITE).rstrip("/")
except (EnvError, ValueError) as error:
    said = str(error).rstrip(".")
    raise ImproperlyConfigured(f"{said}. docs/deploying.md lists the settings.") from error

if not SECRET_KEY:
    key_file = VAR_DIR / "secret_key"
    SECRET_KEY = key_file.read_text().strip() if key_file.is_file() else ""
if not SECRET_KEY:
    raise ImproperlyConfigured(
        f"There is no secret key. Set HELPCENTER_SECRET_KEY, or run `make run`, which writes {key_file}."
    )

LANGUAGES = [("en", _("English")), ("es", _("Spanish"))]
if unknown := {LANGUAGE_CODE, *REQUIRED_LANGUAGES} - {code for code, _name in LANGUAGES}:
    raise ImproperlyConfigured(
        f"HELPCENTER_LANGUAGE and HELPCENTER_REQUIRED_LANGUAGES name {', '.join(sorted(unknown))}, "
        "which the help center does not speak."
    )

INSTALLED_APPS = [
    "helpcenter.admin_site.HelpCenterAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "csp",
    "helpcenter",
    "contact",
    "search",
    "haystack",
    "flows",
    "articles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "helpcenter.middleware.without_body_for_head",
    "helpcenter.middleware.ComeBackLater",
    "helpcenter.middleware.only_offered_languages",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "helpcenter.urls"
WSGI_APPLICATION = "helpcenter.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "helpcenter.context.site",
            ],
        },
    },
]

DATABASES = {"default": dict(DATABASE)}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # WAL alone still fails under writers that read first; IMMEDIATE takes the write lock at BEGIN, and
    # FULL keeps what a customer was told is stored.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 10,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
    }

if DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql":
    # A server that is away is an answer within seconds, not when the network gives up.
    DATABASES["default"]["OPTIONS"] = {"connect_timeout": 5, **DATABASES["default"].get("OPTIONS", {})}

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

USE_I18N = True
USE_TZ = True
FORMAT_MODULE_PATH = ["helpcenter.formats"]
LOCALE_PATHS = [BASE_DIR / "locale"]

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = VAR_DIR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "attachments": ATTACHMENTS,
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# Every form of the site takes files in this way: what is over a limit is never stored.
FILE_UPLOAD_HANDLERS = ["contact.incoming.Handler"]
INCOMING_FOLDER = VAR_DIR / "incoming"  # on their way in, and their copies being made
KEPT_FREE = 200 * 1024 * 1024  # bytes of the disk that no file gets: what is typed needs them

# One embedded index per language; `default` is the default language's, since Haystack demands that alias.
SEARCH_ALIASES = {code: "default" if code == LANGUAGE_CODE else code for code, _name in LANGUAGES}
HAYSTACK_CONNECTIONS = {
    alias: {"ENGINE": "search.engine.Engine", "PATH": str(VAR_DIR / "index" / code), "LANGUAGE": code}
    for code, alias in SEARCH_ALIASES.items()
}

# What Markdown may link to by key, and who finds it: functions from a set of keys and a language to links.
MARKDOWN_LINKS = {
    "article": "articles.links.articles",
    "flow": "flows.links.flows",
}
# What the editor's page offers to put into a text, by kind; they find it by its words.
TEXT_PICKERS = {
    "links": ["articles.picking.articles", "flows.picking.flows"],
    "facts": ["articles.picking.policy_facts"],
    "pictures": ["articles.picking.pictures"],
}
# What else is looked for before a text is published: functions from an articles.findings.Text to findings.
CONTENT_CHECKS = ["search.duplicates.near"]
# Who knows the addresses and numbers that are the help center's own: functions without arguments.
OWN_CONTACTS = ["contact.reachable.contacts"]
# Who uses what, and where: modules with `places` and `counts` (articles/uses.py).
USES = ["articles.usedby", "flows.usedby", "search.usedby"]
# Who holds links to other sites, and where: modules with `collect`, `places` and `holders` (articles/holders.py).
LINK_HOLDERS = ["articles.linkedby", "flows.linkedby"]
# Who knows how many readers came to a text or a flow lately: functions from it to sentences.
READERS = ["search.usedby.readers"]
# Who cannot go on with every value of a policy fact: functions from its key and the value to why not.
FACT_GUARDS = ["flows.factguard.why_not"]
# Seconds that a process goes on showing the brand it has seen, where another one has changed it.
BRAND_KEPT = 2.0
# Seconds that the first page of the desk goes on showing the texts that it has found to help least.
WORST_KEPT = 60
# What the calendar of the desk shows: functions from two moments and a person to what happens in between.
CALENDAR_SOURCES = [
    "articles.agenda.texts",
    "articles.agenda.revisions",
    "articles.agenda.notices",
    "articles.agenda.facts",
    "articles.agenda.checks",
    "flows.agenda.flows",
]
# What the first page of the desk has: functions from a person to a section, to several, or to None.
DESK_SECTIONS = [
    "helpcenter.waiting.section",
    "helpcenter.worklists.requests",
    "helpcenter.worklists.deliveries",
    "helpcenter.truelists.kept",
    "helpcenter.truelists.votes",
    "helpcenter.worklists.searches",
    "helpcenter.worklists.topics",
    "helpcenter.worklists.planned",
]
# What the worker does in every round, app by app: functions without arguments, which may return the seconds
# until they have something to do again.
WORKER_DUTIES = [
    "articles.publishing.publish_due",
    "flows.publishing.publish_due",
    "articles.due.tell_owners",
    "articles.facts.settle_due",
    "contact.notifications.hand_over",
    "contact.outbox.deliver_due",
    "contact.drafts.forget_old",
    "contact.spam.forget_old",
    "contact.scanning.scan_due",
    "contact.files.sweep",
    "contact.suggesting.forget_old",
    "articles.unsaved.forget_old",
    "articles.pictures.make_missing_widths",
    "articles.voting.forget_old",
    "articles.linkcheck.collect",
    "articles.linkcheck.check_due",
    "articles.usedby.mend",
    "flows.usedby.mend",
    "search.worker.apply_changes",
    "search.worker.compare",
    "search.querylog.forget_old",
    "flows.counting.forget_old",
]

if EMAIL:
    EMAIL_HOST, EMAIL_PORT = EMAIL["EMAIL_HOST"], EMAIL["EMAIL_PORT"]
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = EMAIL["EMAIL_HOST_USER"], EMAIL["EMAIL_HOST_PASSWORD"]
    EMAIL_USE_TLS, EMAIL_USE_SSL = EMAIL["EMAIL_USE_TLS"], EMAIL["EMAIL_USE_SSL"]
    EMAIL_BACKEND = "contact.mailservers.SmtpBackend"
else:
    EMAIL_BACKEND = "contact.mailservers.FolderBackend"
EMAIL_TIMEOUT = 15  # seconds for the whole of one mail
DELIVERY_LEASE = 30  # seconds that a worker holds a delivery: longer than sending it can take
LINK_LANES = 3  # external links that one worker asks for at a time
DELIVERY_LANES = 4  # deliveries that one worker has under way at most, where some take long
EMAIL_FILE_PATH = VAR_DIR / "mail"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-src": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    },
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = IS_HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = IS_HTTPS
SECURE_HSTS_PRELOAD = IS_HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if IS_HTTPS else None
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_AGE = 24 * 60 * 60  # as long as a draft request is kept
CSRF_FAILURE_VIEW = "helpcenter.csrf.failure"
DATA_UPLOAD_MAX_NUMBER_FIELDS = 4000  # an editor's page of a hundred steps; addresses end at 4 KB anyway

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "helpcenter.logs.PrivateFormatter",
            "format": "{asctime} {levelname} {name}: {message}",
            "style": "{",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        # Without the handlers that Django gives it, of which one mails errors with everything that was typed.
        "django": {"handlers": [], "level": "INFO"},
        # Its warnings carry whole addresses, with what was typed into the search box.
        "django.request": {"level": "ERROR"},
        # Anybody may send any host name; each would be a traceback.
        "django.security.DisallowedHost": {"level": "CRITICAL"},
        # Names the address, which may be a receipt's; the customer's own page says what happened.
        "django.security.csrf": {"level": "CRITICAL"},
        # The same for a body that is too large; the customer reads about it on the page.
        "django.security.RequestDataTooBig": {"level": "CRITICAL"},
        "django.security.TooManyFieldsSent": {"level": "CRITICAL"},
        "django.security.TooManyFilesSent": {"level": "CRITICAL"},
    },
}
