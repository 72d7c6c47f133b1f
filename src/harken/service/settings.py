"""One settings file, the same everywhere; the environment supplies values, never structure.

| variable | meaning | default |
|---|---|---|
| HARKEN_DATA | the data folder: databases, keys, ledger, releases | var/data |
| HARKEN_IDENTITY_DSN, HARKEN_ANSWERS_DSN | PostgreSQL, two databases | SQLite files |
| HARKEN_HOSTS | host names served, with commas | localhost,127.0.0.1 |
| HARKEN_HTTPS | served over HTTPS: secure cookies, HSTS | no |
| HARKEN_SECRET_KEY | signs sessions | a file in the data folder |
| HARKEN_PASSKEYS_REQUIRED | all staff but interviewers need a passkey | no |
| HARKEN_BREACHED | a file of breached passwords' SHA-1 hashes, in order | none |
| HARKEN_OIDC_NAME, _URL, _CLIENT, _SECRET | single sign-on instead of the password | none |
| HARKEN_SMTP_HOST, _PORT, HARKEN_MAIL_FROM | mail to the controller in an emergency | none |
| HARKEN_EXIT_URL | where *Exit this page* leads | a neutral page of our own |
| HARKEN_HOLDER | the key holder's socket; `within`: in each process | the house starts one |
| HARKEN_CLOCK | `stated`: new keys follow the time they are told | the machine's clock |
"""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

from harken.service import assets, env, logs

ROOT = Path(__file__).resolve().parent
DATA = env.folder("HARKEN_DATA", Path.cwd() / "var" / "data")
HTTPS = env.flag("HARKEN_HTTPS", default=False)

SECRET_KEY = env.secret("HARKEN_SECRET_KEY", DATA / "keys" / "session.key")
HOLDER = env.text("HARKEN_HOLDER", "")
STATED_CLOCK = env.text("HARKEN_CLOCK", "") == "stated"
DEBUG = False
ALLOWED_HOSTS = env.words("HARKEN_HOSTS", "localhost,127.0.0.1,[::1]")
ROOT_URLCONF = "harken.service.urls"
WSGI_APPLICATION = "harken.service.wsgi.application"
PASSKEYS_REQUIRED = env.flag("HARKEN_PASSKEYS_REQUIRED", default=False)
BREACHED = env.file("HARKEN_BREACHED")
OIDC_NAME = env.text("HARKEN_OIDC_NAME", "")
EXIT_URL = env.text("HARKEN_EXIT_URL", "/weather")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "harken.service.pages",
    "harken.service.accounts",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "axes",
    "django_htmx",
    "harken.service.ledger",
    "harken.service.study",
    "harken.service.vault",
    "harken.service.safeguarding",
    "harken.service.questionnaire",
    "harken.service.sampling",
    "harken.service.contact",
    "harken.service.interview",
    "harken.service.response",
    "harken.service.redaction",
    "harken.service.anonymisation",
    "harken.service.rights",
    "harken.service.analysis",
    "harken.service.publication",
    "harken.service.rehearsal",
]

MIDDLEWARE = [
    "harken.service.interview.front.Front",
    "harken.service.pages.headers.Headers",
    "harken.service.retire.Retire",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "harken.service.pages.sessions.Sessions",
    "django.middleware.common.CommonMiddleware",
    "harken.service.pages.forgery.Forgery",
    "harken.service.accounts.staffed.Staffed",
    "allauth.account.middleware.AccountMiddleware",
    "axes.middleware.AxesMiddleware",
    "harken.service.vault.absence.Absence",
]
# Behind the staff's doors alone, in the place of ``Staffed`` above.
STAFF_MIDDLEWARE = [
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "harken.service.accounts.session.StaffSession",
    "harken.service.accounts.watch.Watch",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["harken.service.pages.templatetags.constant"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "harken.service.accounts.doors.context",
            ],
        },
    }
]


def _database(dsn: str, file: str) -> dict[str, object]:
    """PostgreSQL when a DSN is given, else SQLite made durable (WAL, FULL)."""
    if dsn:
        parts = urlsplit(dsn)
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": parts.path.lstrip("/"),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": parts.hostname or "",
            "PORT": str(parts.port or ""),
            "CONN_MAX_AGE": 60,
            "OPTIONS": {"connect_timeout": 5},
        }
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(env.made(DATA / "databases") / file),
        "CONN_MAX_AGE": 60,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
                "PRAGMA secure_delete=ON; PRAGMA foreign_keys=ON;"
                "PRAGMA temp_store=MEMORY;"
            ),
        },
    }


# The identity zone is the default database; the answers zone is the other. No table
# of one refers to a table of the other (ARCHITECTURE.md section 4).
DATABASES = {
    "default": _database(env.text("HARKEN_IDENTITY_DSN", ""), "identity.sqlite3"),
    "answers": _database(env.text("HARKEN_ANSWERS_DSN", ""), "answers.sqlite3"),
}
DATABASE_ROUTERS = ["harken.service.vault.router.ZoneRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 15},
    },
    {"NAME": "harken.service.accounts.passwords.KnownPasswords"},
]
ACCOUNT_ADAPTER = "harken.service.accounts.adapter.StaffAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = "/staff/login/"
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_RATE_LIMITS = {"login_failed": "20/m/ip,10/5m/key"}
MFA_ADAPTER = "harken.service.accounts.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = False  # a passkey stands beside the password, not for it
MFA_FORMS = {"authenticate": "harken.service.accounts.adapter.SecondFactorForm"}
SOCIALACCOUNT_ADAPTER = "harken.service.accounts.adapter.ProviderAdapter"
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "SCOPE": ["openid"],
        "APPS": [
            {
                "provider_id": "staff",
                "name": OIDC_NAME,
                "client_id": env.text("HARKEN_OIDC_CLIENT", ""),
                "secret": env.text("HARKEN_OIDC_SECRET", ""),
                "settings": {
                    "server_url": env.text("HARKEN_OIDC_URL", ""),
                    "fetch_userinfo": False,
                },
            }
        ],
    }
}
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.5  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_CALLABLE = "harken.service.accounts.views.locked_out"
AXES_USERNAME_CALLABLE = "harken.service.accounts.adapter.typed_name"
AXES_SENSITIVE_PARAMETERS = ["login", "username", "ip_address"]
AXES_RESET_ON_SUCCESS = True
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False

# Mail goes to the controller alone (an emergency) and holds no name; without a host none.
EMAIL_HOST = env.text("HARKEN_SMTP_HOST", "")
EMAIL_PORT = int(env.text("HARKEN_SMTP_PORT", "25"))
EMAIL_TIMEOUT = 10
MAIL_FROM = env.text("HARKEN_MAIL_FROM", "harken@localhost")

# Rate limits and used one-time codes must hold across worker processes.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": str(DATA / "cache"),
    }
}

LOGIN_URL = "/staff/login/"
LOGIN_REDIRECT_URL = "/staff/"

SESSION_COOKIE_AGE = 8 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Strict"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
VISIT_COOKIE_NAME = "__Host-visit" if HTTPS else "visit"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_AGE = None  # gone with the browser: no cookie outlives the visit
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "font-src 'self'; media-src 'self'; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)

CSRF_FAILURE_VIEW = "harken.service.pages.views.forged"

LOGGING = logs.CONFIG

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_TZ = True
STATIC_URL = f"/static/{assets.digest()}/"
STATIC_ROOT = env.made(DATA / "static")
STORAGES = {
    "staticfiles": {
        "BACKEND": "harken.service.assets.Assets",
    }
}
# ``harken prepare`` gathers and compresses static files; before that, finders serve them.
WHITENOISE_USE_FINDERS = not any(STATIC_ROOT.iterdir())
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_IMMUTABLE_FILE_TEST = "^.+$"  # the address changes with the content

# A sample file is never spooled to a temporary folder: uploads stay in memory.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
FILE_UPLOAD_MAX_MEMORY_SIZE = 64 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 64 * 1024 * 1024
