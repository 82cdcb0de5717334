"""Django settings. Everything secret or local comes from the environment; nothing here names a machine."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from meterbook.config import catalogs

ROOT = Path(__file__).resolve().parents[3]
DATA_DIR = Path(os.environ.get("METERBOOK_DATA_DIR") or ROOT / "var")
#: The only place below which folders are watched for read files.
INBOX = Path(os.environ.get("METERBOOK_INBOX") or DATA_DIR / "inbox")
DEBUG = os.environ.get("METERBOOK_DEBUG") == "1"
SECRET_KEY = os.environ.get("METERBOOK_SECRET_KEY") or secrets.token_urlsafe(48)
#: A tile server for the map, like https://tiles.example.org/{z}/{x}/{y}.png, and the credit it asks for; without one
#: the map is drawn by the server alone.
TILES = os.environ.get("METERBOOK_TILES", "")
TILES_CREDIT = os.environ.get("METERBOOK_TILES_CREDIT", "")
ALLOWED_HOSTS = os.environ.get("METERBOOK_HOSTS", "localhost,127.0.0.1,[::1]").split(",")


def database(url: str) -> dict[str, object]:
    """Django's database settings from ``postgresql://user:password@host:port/name?host=/socket/dir``."""
    parts = urlsplit(url)
    query = {key: values[0] for key, values in parse_qs(parts.query).items()}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "meterbook",
        "USER": unquote(parts.username or query.pop("user", "")),
        "PASSWORD": unquote(parts.password or query.pop("password", "")),
        "HOST": query.pop("host", parts.hostname or ""),
        "PORT": str(parts.port or query.pop("port", "")),
        "OPTIONS": {"options": "-c jit=off", **query},
        "CONN_MAX_AGE": 300,
    }


DATABASES = {"default": database(os.environ.get("DATABASE_URL", "postgresql:///meterbook"))}

AREAS = [
    "platform", "places", "rates", "customers", "metering", "ledger", "programs", "billing", "adjustments",
    "agencies", "corrections", "parallel", "payments", "fees", "refunds", "returns", "cashiering", "banking",
    "autopay", "security", "online", "closing", "tasks", "registers", "contacts", "service_orders", "moves", "cases",
    "new_service", "correspondence",
]  # fmt: skip
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "pgtrigger",
    "pghistory",
    "procrastinate.contrib.django",
    "django_htmx",
    "meterbook.web",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "leaflet",
    *[f"meterbook.records.{area}.apps.{area.title().replace('_', '')}Config" for area in AREAS],
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "meterbook.web.kit.access.StaffOnly",
    "meterbook.web.contacts.looking.Looked",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "meterbook.web.kit.frame.context",
            ]
        },
    }
]
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_USER_MODEL = "platform.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_ADAPTER = "meterbook.web.signin.adapter.StaffAdapter"
ACCOUNT_FORMS = {"login": "meterbook.web.signin.forms.SignIn"}
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_EMAIL_VERIFICATION = "none"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ROOT_URLCONF = "meterbook.config.urls"
WSGI_APPLICATION = "meterbook.config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("es", "Español")]
LOCALE_PATHS = [catalogs.compiled(ROOT / "locale", DATA_DIR / "locale")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = os.environ.get("METERBOOK_TIMEZONE", "America/Los_Angeles")
STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
WHITENOISE_USE_FINDERS = True
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
EMAIL_BACKEND = os.environ.get("METERBOOK_EMAIL_BACKEND", "django.core.mail.backends.console.EmailBackend")
PROCRASTINATE_IMPORT_PATHS = ["meterbook.jobs.events", "meterbook.jobs.bill_run", "meterbook.jobs.integrity",
                              "meterbook.jobs.daily.moves", "meterbook.jobs.daily.morning",
                             "meterbook.jobs.run_mail", "meterbook.jobs.run_reports"]  # fmt: skip
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SESSION_COOKIE_HTTPONLY = True
