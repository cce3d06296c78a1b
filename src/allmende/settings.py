"""All settings, in one file. Everything that differs between installations comes from the environment.

``ALLMENDE_DATA_DIR``     where everything that the system writes lives (default ``var`` in the checkout)
``ALLMENDE_DATABASE_URL`` PostgreSQL, for instance ``postgres://user:password@host/name``; default SQLite
``ALLMENDE_SECRET_KEY``   signs sessions and links; made at first start where it is missing
``ALLMENDE_HOSTS``        names under which the system is reached, separated by commas
``ALLMENDE_ORIGIN``       the address people type, for instance ``https://allmende.example``
``ALLMENDE_PROXIES``      how many proxies stand before it where that address is ``https``; default 1
``ALLMENDE_MAIL_URL``     ``smtp://user:password@host:587``; default: mails land as files in the data directory
``ALLMENDE_SENDER``       who sends letters with codes: name | street | town | how to ask back
``ALLMENDE_MAIL_FROM``    who the mails come from, for instance ``allmende@allmende.example``
``ALLMENDE_DEBUG``        1 shows details of errors in the browser; never in service
``ALLMENDE_DEMO``         1 tells people of the example data their sign-in codes; never in service
``ALLMENDE_OIDC``         JSON file of directories to sign in with (docs/reference/sign-in.md)
``ALLMENDE_OIDC_TRUSTS_FACTOR``  1: a second factor that a directory asked for counts here, too
"""

import json
import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import dj_database_url
from csp.constants import NONE, SELF
from django.conf import locale
from django.core.exceptions import ImproperlyConfigured

PACKAGE_DIR = Path(__file__).resolve().parent
ROOT_DIR = PACKAGE_DIR.parent.parent
DATA_DIR = Path(os.environ.get("ALLMENDE_DATA_DIR", ROOT_DIR / "var")).resolve()
NODE_DIR = Path(os.environ.get("ALLMENDE_NODE_DIR", ROOT_DIR / "node_modules")).resolve()


def _own_secret_key() -> str:
    """Read the installation's key, or make it: without one, every restart would sign everybody out."""
    DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = DATA_DIR / "secret-key"
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    key = secrets.token_urlsafe(50)
    with os.fdopen(descriptor, "w") as file:
        file.write(key)
    return key


SECRET_KEY = os.environ.get("ALLMENDE_SECRET_KEY") or _own_secret_key()
DEBUG = os.environ.get("ALLMENDE_DEBUG") == "1"
ORIGIN = os.environ.get("ALLMENDE_ORIGIN", "http://127.0.0.1:8000")
# On one's own computer only, whatever the environment says.
DEMO = os.environ.get("ALLMENDE_DEMO") == "1" and urlsplit(ORIGIN).hostname in {
    "127.0.0.1",
    "localhost",
}
ALLOWED_HOSTS = os.environ.get("ALLMENDE_HOSTS", "127.0.0.1,localhost,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [ORIGIN]

INSTALLED_APPS = [
    # Ours first: their templates replace those of the libraries.
    "allmende.portal",
    "allmende.audit",
    "allmende.mail",
    "allmende.accounts",
    "allmende.registry",
    "allmende.webhooks",
    "allmende.forum",
    "allmende.crisis",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allmende.accounts.apps.SessionsConfig",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "csp",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "rules.apps.AutodiscoverRulesConfig",
]

MIDDLEWARE = [
    # Those that only add headers come first, so that static files and redirects have them, too.
    "allmende.portal.headers.more_headers",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "allmende.portal.languages.speak_to_reader",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allmende.accounts.middleware.identify_program",
    "allmende.portal.api.frame.around_the_api",
    "allmende.accounts.middleware.SecondFactorMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allmende.portal.access.explain_form_addresses",
]

ROOT_URLCONF = "allmende.urls"
CSRF_FAILURE_VIEW = "allmende.portal.views.frame.forbidden"
WSGI_APPLICATION = "allmende.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "allmende.portal.context.frame",
            ],
            "builtins": ["allmende.portal.templatetags.portal"],
        },
    }
]

# Four writers and four readers on SQLite: WAL alone gave 1,812 "database is locked" errors, these
# settings none (docs/decisions/0003-sqlite-first.md).
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 5,
    "init_command": (
        "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA mmap_size=134217728;"
        "PRAGMA journal_size_limit=67108864;PRAGMA cache_size=-20000;PRAGMA temp_store=MEMORY"
    ),
}
if os.environ.get("ALLMENDE_DATABASE_URL"):
    DATABASES = {
        "default": dj_database_url.parse(
            os.environ["ALLMENDE_DATABASE_URL"],
            engine="allmende.portal.postgresql",
            conn_max_age=None,
            conn_health_checks=True,
        )
    }
    # Of what portal/prepared.py asks: planned once a connection, from the sixth time on.
    DATABASES["default"]["OPTIONS"] = {"prepare_threshold": 5} | DATABASES["default"].get(
        "OPTIONS", {}
    )
else:
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(DATA_DIR / "allmende.sqlite3"),
            "CONN_MAX_AGE": None,
            "OPTIONS": SQLITE_OPTIONS,
            # A file, not memory: browser tests read it from several threads.
            "TEST": {"NAME": str(DATA_DIR / "test.sqlite3")},
        }
    }

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "rules.permissions.ObjectPermissionBackend",
    "allmende.accounts.backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "allmende.accounts.hashers.PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "start"
LOGOUT_REDIRECT_URL = "start"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_SIGNUP_FORM_CLASS = "allmende.accounts.forms.NameForm"
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_SUBJECT_PREFIX = "Allmende: "
ACCOUNT_RATE_LIMITS = {"barrier_report": "10/h/ip"}  # beside allauth's own
ACCOUNT_DEFAULT_HTTP_PROTOCOL = urlsplit(ORIGIN).scheme
ACCOUNT_ADAPTER = "allmende.accounts.adapters.AccountAdapter"
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False  # this session stays, all others end

# The second factor: docs/decisions/0016-second-factor.md
MFA_ADAPTER = "allmende.accounts.adapters.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Allmende"
MFA_TOTP_TOLERANCE = 1  # clocks of telephones are up to half a minute wrong
# Without it, nobody with a second factor could change her address. What it guards against, an
# account with an unconfirmed address that keeps out its owner, cannot sign in here.
MFA_ALLOW_UNVERIFIED_EMAIL = True

# Signing in with a directory: docs/decisions/0017-directories.md
SOCIALACCOUNT_ADAPTER = "allmende.accounts.adapters.DirectoryAdapter"
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_OPENID_CONNECT_URL_PREFIX = ""
OIDC_TRUSTS_FACTOR = os.environ.get("ALLMENDE_OIDC_TRUSTS_FACTOR") == "1"


def as_allauth_app(entry: dict[str, Any]) -> dict[str, Any]:
    """One entry of the file as allauth wants it."""
    return {
        "provider_id": entry["id"],
        "name": entry["name"],
        "client_id": entry["client_id"],
        "secret": entry["client_secret"],
        "settings": {
            "server_url": entry["server_url"],
            "oauth_pkce_enabled": True,
            "email_domains": [domain.lower() for domain in entry.get("email_domains", [])],
            "factor_acr": entry.get("factor_acr", []),
        },
    }


def read_directories(path: str) -> list[dict[str, Any]]:
    """The file with directories; what is wrong with it stops the start, in a sentence.

    Over plain HTTP anybody on the way could be anybody: only on one's own computer.
    """
    try:
        entries: list[dict[str, Any]] = json.loads(Path(path).read_text()) if path else []
        for entry in entries:
            as_allauth_app(entry)
            address = urlsplit(entry["server_url"])
            if address.scheme != "https" and address.hostname not in {"127.0.0.1", "localhost"}:
                raise ValueError(f"{entry['server_url']} ist nicht verschlüsselt")
    except KeyError as error:
        raise ImproperlyConfigured(f"ALLMENDE_OIDC ({path}): Es fehlt {error}.") from error
    except (OSError, TypeError, ValueError) as error:
        raise ImproperlyConfigured(f"ALLMENDE_OIDC ({path}): {error}") from error
    return entries


_directories = read_directories(os.environ.get("ALLMENDE_OIDC", ""))
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [as_allauth_app(d) for d in _directories]}}

# Shared by all processes: else every worker would count attempts for itself.
CACHES = {
    "default": {
        "BACKEND": "allmende.portal.cache.DatabaseCache",
        "LOCATION": "portal_cache",
    }
}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}

# All mails are queued in the database; what takes them out of it delivers them by the second one.
EMAIL_BACKEND = "allmende.mail.backend.QueueBackend"
_mail = urlsplit(os.environ.get("ALLMENDE_MAIL_URL", ""))
if _mail.scheme in {"smtp", "smtps"}:
    MAIL_DELIVERY_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST = _mail.hostname or "localhost"
    EMAIL_PORT = _mail.port or 25
    EMAIL_HOST_USER = unquote(_mail.username or "")
    EMAIL_HOST_PASSWORD = unquote(_mail.password or "")
    EMAIL_USE_SSL = _mail.scheme == "smtps"
    EMAIL_USE_TLS = not EMAIL_USE_SSL and EMAIL_PORT == 587
    EMAIL_TIMEOUT = 30  # seconds for each answer of the server
else:
    MAIL_DELIVERY_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = DATA_DIR / "mail"
DEFAULT_FROM_EMAIL = os.environ.get("ALLMENDE_MAIL_FROM", "allmende@localhost")

# Three languages: docs/decisions/0029-three-languages.md
LANGUAGE_CODE = "de"
LANGUAGES = [("de", "Deutsch"), ("en", "English"), ("de-x-ls", "Leichte Sprache")]
locale.LANG_INFO["de-x-ls"] = {
    "bidi": False,
    "code": "de-x-ls",
    "name": "German, easy to read",
    "name_local": "Leichte Sprache",
}
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_AGE = 400 * 24 * 3600  # longer, no browser keeps it
LOCALE_PATHS = [PACKAGE_DIR / "locale"]
FORMAT_MODULE_PATH = ["allmende.portal.languages"]
TIME_ZONE = "Europe/Berlin"
USE_TZ = True
USE_THOUSAND_SEPARATOR = True

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [
    ("kern", NODE_DIR / "@kern-ux/native/dist"),
    ("htmx", NODE_DIR / "htmx.org/dist"),
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MEDIA_ROOT = DATA_DIR / "media"
# Letters with a code are made only where it is known who sends them.
SENDER = tuple(
    line.strip() for line in os.environ.get("ALLMENDE_SENDER", "").split("|") if line.strip()
)
# Only tests ask a council information system of their own, by http (forum/fetching.py).
OPARL_MAY_BE_LOOPBACK = False
WEBHOOKS_MAY_BE_LOOPBACK = False  # the same for webhooks
# Requests of programs (docs/reference/api.md), each minute and process: by address, and by person.
API_LIMIT_ANONYMOUS = 300
API_LIMIT_TOKEN = 1_200
# Uploads (docs/reference/security.md). No address leads to MEDIA_ROOT: files go through views.
UPLOAD_MAX_BYTES = 10 * 1024 * 1024
UPLOAD_MAX_PIXELS = 40_000_000
FILE_UPLOAD_HANDLERS = [
    "allmende.portal.uploads.CappedUpload",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
DATA_UPLOAD_MAX_NUMBER_FILES = 20

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "font-src": [SELF],
        "img-src": [SELF, "data:"],  # KERN's icons are masks with data: addresses
        "connect-src": [SELF],
        "base-uri": [NONE],
        # A form leads to the directory that somebody signs in with, maybe by way of others.
        "form-action": [
            SELF,
            *(
                f"{urlsplit(d['server_url']).scheme}://{urlsplit(d['server_url']).netloc}"
                for d in _directories
            ),
            *(origin for d in _directories for origin in d.get("redirect_origins", [])),
        ],
        "frame-ancestors": [NONE],
    }
}
WHITENOISE_ALLOW_ALL_ORIGINS = False
X_FRAME_OPTIONS = "DENY"
# Nobody else learns where somebody comes from. "no-referrer" would make browsers hide the origin of
# forms from ourselves, too (docs/decisions/0010-referrer-same-origin.md).
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
if urlsplit(ORIGIN).scheme == "https":
    # TLS ends at a proxy. It names the scheme, and whose request it is: limits of sign-in attempts
    # count by address, and all of Germany would share the proxy's.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("ALLMENDE_PROXIES", "1"))
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 31_536_000
    # Whether all other names of the operator's domain speak TLS, too, is not ours to say.
    SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    # A neighbouring subdomain cannot set cookies of these names.
    SESSION_COOKIE_NAME = "__Host-sessionid"
    CSRF_COOKIE_NAME = "__Host-csrftoken"
SESSION_COOKIE_HTTPONLY = True
SESSION_ENGINE = "allmende.accounts.sessions"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"routes": {"()": "allmende.portal.logs.KnownRoutes"}},
    "formatters": {
        "line": {
            "()": "allmende.portal.logs.MaskingFormatter",
            "format": "{asctime} {levelname} {name}: {message}",
            "style": "{",
        }
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["routes"],
        }
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"allmende": {"level": "INFO"}},
}
