"""What holds everywhere. Each environment imports this and adds what is its own."""

from datetime import timedelta
from importlib.metadata import version
from pathlib import Path

from config import rooms
from config.settings import environment

ROOT = Path(__file__).resolve().parents[3]

SECRET_KEY = environment.text("SECRET_KEY")
DEBUG = False

# Hosts -------------------------------------------------------------------------------------------------------------
# The registry of domains is the list of hosts: an unknown one is answered 404 by tenants.middleware.
ALLOWED_HOSTS = ["*"]
PLATFORM_DOMAIN = environment.text("PLATFORM_DOMAIN", "localhost")
PLATFORM_SCHEME = environment.text("PLATFORM_SCHEME", "https")
PLATFORM_PORT = environment.text("PLATFORM_PORT", "")
# Where this installation keeps what it is entrusted with: one region, with its own database, files, queue and mail. It
# serves the countries named, or all of them; others are sent to the installation that REGIONS names for theirs.
REGION = environment.text("REGION", "local")
REGION_COUNTRIES = environment.texts("REGION_COUNTRIES")
# As families read it: « Montréal, Canada ».
REGION_PLACE = environment.text("REGION_PLACE", "")
REGIONS = environment.pairs("REGIONS")  # "BE=https://preau.eu,FR=https://preau.eu"

# Where the names of organisations lead (A, AAAA), for the top of a domain, which can be no other name for another.
PLATFORM_ADDRESSES: list[str] = environment.texts("PLATFORM_ADDRESSES")
# Who is asked what the DNS says: addresses, with a port if need be; without any, the machine's own resolvers.
DNS_RESOLVERS: list[str] = environment.texts("DNS_RESOLVERS")
# What the proxy says when it asks which names may have a certificate; without it, only this network may ask.
TLS_ASK_TOKEN: str = environment.text("TLS_ASK_TOKEN", "")
OWN_DOMAINS_BELOW_PLATFORM: bool = False

# Apps and tenancy --------------------------------------------------------------------------------------------------
SHARED_APPS = rooms.PUBLIC
TENANT_APPS = [*rooms.SHARED, *rooms.ORGANISATION]
INSTALLED_APPS = [*rooms.PUBLIC, *rooms.SHARED, *rooms.ORGANISATION, *rooms.WITHOUT_TABLES]
TENANT_MODEL = "tenants.Organisation"
TENANT_DOMAIN_MODEL = "tenants.Domain"
TENANT_LIMIT_SET_CALLS = True
DATABASES = {"default": environment.database()}
DATABASE_ROUTERS = ["django_tenants.routers.TenantSyncRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
ROOT_URLCONF = "config.urls.organisation"
# Where each kind of host is served from.
URLCONFS = {"organisation": "config.urls.organisation", "operations": "config.urls.operations"}
WSGI_APPLICATION = "config.wsgi.application"

MIDDLEWARE = [
    "kernel.logs.RequestLogMiddleware",
    "tenants.watching.middleware.MetricsMiddleware",
    "shared_apps.design.security.ContentSecurityMiddleware",
    "tenants.middleware.OrganisationMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "shared_apps.accounts.privacy.PrivacyMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "shared_apps.accounts.presence.PresenceMiddleware",
    "shared_apps.accounts.language.LanguageMiddleware",
    "tenants.suspension.ReadOnlyMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "tenant_apps.portal.before_opening.OpensSoonMiddleware",
    "tenant_apps.office.support.middleware.VisitMiddleware",
    "tenant_apps.portal.acting.OnBehalfMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "tenant_apps.organisation.context.organisation",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "shared_apps.design.templatetags.design",
            ],
        },
    }
]

# Redis -------------------------------------------------------------------------------------------------------------
REDIS_URL = environment.text("REDIS_URL")
CACHES = {
    "default": {
        "BACKEND": "tenants.cache.ForgivingRedisCache",
        "LOCATION": REDIS_URL,
        "KEY_FUNCTION": "tenants.cache.make_key",
    }
}
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A request never waits for a broker that is down: the row in the outbox is the promise, the nudge is a courtesy.
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_connect_timeout": 1, "socket_timeout": 2, "max_retries": 0}
CELERY_TIMEZONE = "UTC"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False

# People ------------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["shared_apps.accounts.backends.Backend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "shared_apps.accounts.adapter.AccountAdapter"
MFA_ADAPTER = "shared_apps.accounts.adapter.SecondFactorAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
# A link's key holds no tenant and could be replayed in another organisation: a code lives in the session.
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_PREVENT_ENUMERATION = True
# Mail takes its time: whoever waits for it asks again.
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
# Offered for an unknown address only, it would tell which addresses have an account.
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_CHANGE = False
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 10 * 60
ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 10 * 60
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = 10 * 60
# Wide for one address of the network, from which a whole school may come; narrow for one account.
ACCOUNT_RATE_LIMITS = {
    "login": "120/m/ip",
    "login_failed": "60/m/ip,5/5m/key",
    "request_login_code": "60/m/ip,3/m/key,10/h/key",
    "reset_password": "60/m/ip,3/m/key,10/h/key",
    "reset_password_from_key": "60/m/ip",
    "signup": "60/m/ip,300/h/ip",
}
MFA_RATE_LIMITS = {"webauthn_login": "60/m/ip"}
# The same for who has no account, where « key » is one visit (shared_apps.accounts.limits).
GUEST_LIMITS = {
    "form": "30/m/key,600/h/ip",
    "payment": "10/m/key,300/h/ip",
    "sign_up": "30/m/key,300/h/ip",
    "sign_up_code": "10/m/key,60/h/ip",
    # Here « key » is who receives the mail.
    "code_by_mail": "5/h/key",
}
# For one account, or for who holds the address of an order: each child added, or asked for, tells whether the
# organisation knows it; each page of the processor is one to try stolen cards on. Per network there is no limit here.
FAMILY_LIMITS = {"add_child": "20/d/key", "payment": "10/m/key,60/h/key"}
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_FORMS = {
    "login": "shared_apps.accounts.forms.LoginForm",
    "signup": "shared_apps.accounts.forms.SignupForm",
    "request_login_code": "shared_apps.accounts.forms.RequestLoginCodeForm",
    "confirm_login_code": "shared_apps.accounts.forms.ConfirmLoginCodeForm",
    "confirm_email_verification_code": "shared_apps.accounts.forms.ConfirmEmailForm",
    "reset_password": "shared_apps.accounts.forms.ResetPasswordForm",
    "confirm_password_reset_code": "shared_apps.accounts.forms.ConfirmResetCodeForm",
    "reset_password_from_key": "shared_apps.accounts.forms.NewPasswordForm",
    "change_password": "shared_apps.accounts.forms.ChangePasswordForm",
    "set_password": "shared_apps.accounts.forms.SetPasswordForm",
    "add_email": "shared_apps.accounts.forms.EmailForm",
    "change_email": "shared_apps.accounts.forms.ChangeEmailForm",
    "reauthenticate": "shared_apps.accounts.forms.ReauthenticateForm",
}
MFA_FORMS = {
    "authenticate": "shared_apps.accounts.forms.SecondFactorForm",
    "reauthenticate": "shared_apps.accounts.forms.SecondFactorAgainForm",
    "activate_totp": "shared_apps.accounts.forms.ActivateForm",
    "add_webauthn": "shared_apps.accounts.forms.PasskeyForm",
    "edit_webauthn": "shared_apps.accounts.forms.PasskeyNameForm",
}
# How many proxies of ours stand before the application: the address that limits are counted by is read past them.
ALLAUTH_TRUSTED_PROXY_COUNT = environment.integer("TRUSTED_PROXY_COUNT", 0)
ACCOUNT_SESSION_REMEMBER = None
SOCIALACCOUNT_ADAPTER = "shared_apps.accounts.providers.adapter.ProvidersAdapter"
SOCIALACCOUNT_FORMS = {"signup": "shared_apps.accounts.providers.forms.RegisterForm"}
# A link goes to the provider: a form that was sent there would have to be allowed to lead anywhere (form-action).
SOCIALACCOUNT_LOGIN_ON_GET = True
# What a browser does before it sends a form without an account: rounds for each of some 256 keys; and how long a form
# waits where it can do nothing.
ROBOT_COST = 3000
ROBOT_PATIENCE_SECONDS = 5
# Identity providers on this very machine, without encryption: a developer's.
IDENTITY_PROVIDERS_ON_LOOPBACK = False
IDENTITY_SIMULATION_URL = ""
ACCOUNT_LOGOUT_ON_GET = False
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "Préau"
MFA_PASSKEY_LOGIN_ENABLED = True
SESSION_ENGINE = "shared_apps.accounts.sessions"
SESSION_COOKIE_AGE = 14 * 24 * 3600  # the sign-in page says so
SESSION_BROWSER_AGE = 12 * 3600  # of who did not ask to stay, in a browser that never closes
# How long ago its holder may have signed in to, or confirmed, an account before they are asked again for one of these.
CONFIRMED_WITHIN = {
    "money": timedelta(minutes=60),
    "health": timedelta(minutes=60),
    "security": timedelta(minutes=15),
    "data": timedelta(minutes=15),
}
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "shared_apps.design.views.csrf_failure"

# The keys that wrap each organisation's own (shared_apps.vault): the newest first, those before it until all is wrapped
# anew. The hash key never changes: what was hashed with it must be found again.
VAULT_KEYS = environment.texts("VAULT_KEYS") or [SECRET_KEY]
VAULT_HASH_KEY = environment.text("VAULT_HASH_KEY", SECRET_KEY)

# Words -------------------------------------------------------------------------------------------------------------
LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "Français"), ("en", "English"), ("nl", "Nederlands")]
LOCALE_PATHS = [ROOT / "platform" / "config" / "locale"]
TIME_ZONE = "UTC"

# Files, mail, documents ----------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = ROOT / "staticfiles"
MEDIA_ROOT = Path(environment.text("MEDIA_ROOT", str(ROOT / ".local" / "files")))
S3_ENDPOINT_URL = environment.text("S3_ENDPOINT_URL", "")
S3_BUCKET = environment.text("S3_BUCKET", "")
STORAGES: dict[str, dict[str, object]] = {
    "default": {"BACKEND": "tenants.storage.S3Files" if S3_ENDPOINT_URL else "tenants.storage.LocalFiles"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# How long copies of the whole database are kept before they are destroyed: certificates of erasure say so.
BACKUP_DAYS = environment.integer("BACKUP_DAYS", 35)
# host:port of an antivirus that looks at what families send; none by default.
CLAMD_ADDRESS: str = environment.text("CLAMD_ADDRESS", "")
globals().update(environment.email())
DEFAULT_FROM_EMAIL = environment.text("DEFAULT_FROM_EMAIL", f"ne-pas-repondre@{PLATFORM_DOMAIN}")

# Restores ----------------------------------------------------------------------------------------------------------
# What serves a copy of the database as it was: told the moment, prints {"url": …}, ends with its standard input.
RESTORE_SIDE_COMMAND: str = environment.text("RESTORE_SIDE_COMMAND", "")
# Longer than a request or a call to the processor takes: whoever was inside an organisation has left by then.
RESTORE_DRAIN_SECONDS: int = environment.integer("RESTORE_DRAIN_SECONDS", 15)
# How long the tables that a restore put aside are kept.
WRECKED_DAYS: int = environment.integer("WRECKED_DAYS", 7)

# The payment processor -----------------------------------------------------------------------------------------------
STRIPE_API_BASE = environment.text("STRIPE_API_BASE", "https://api.stripe.com")
STRIPE_SECRET_KEY = environment.text("STRIPE_SECRET_KEY")
STRIPE_WEBHOOK_SECRET = environment.text("STRIPE_WEBHOOK_SECRET")
# What a page of ours says when it shows the processor's page inside it, and the script that does so. Without the key
# there is no such page: families go to the processor's own.
STRIPE_PUBLISHABLE_KEY: str = environment.text("STRIPE_PUBLISHABLE_KEY", "")
STRIPE_JS_URL = environment.text("STRIPE_JS_URL", "https://js.stripe.com/endive/stripe.js")
STRIPE_TIMEOUT_SECONDS = environment.integer("STRIPE_TIMEOUT_SECONDS", 8)

# The clock can be moved only where a development or test setting names a file for it (kernel.clock).
CLOCK_FILE: Path | None = None

# Watching ------------------------------------------------------------------------------------------------------------
# What is running, as the tracker and /readyz tell it; the version where the environment does not say.
RELEASE = environment.text("RELEASE", "") or version("preau")
ENVIRONMENT = environment.text("ENVIRONMENT", "production")
# Who may read /metrics says this word; without one there is no such page.
METRICS_TOKEN: str = environment.text("METRICS_TOKEN", "")
# A tracker of errors that speaks Sentry's language, in this installation's own region; none by default.
ERROR_TRACKER_DSN: str = environment.text("ERROR_TRACKER_DSN", "")

# Asked by machines, all the time: neither written down nor counted.
UNWATCHED = (STATIC_URL, "/healthz", "/readyz", "/metrics")
LOGGING_CONFIG = "kernel.logs.configure"
LOGGING: dict[str, object] = {
    "level": environment.text("LOG_LEVEL", "INFO"),
    "quiet": ["stripe", "celery.worker.strategy"],
    # Lines of ours say the same: of a request (kernel.logs), of a task (kernel.task_logs).
    "silent": ["django.request", "celery.app.trace"],
    # The next word of these addresses opens a page by itself.
    "secret_below": [
        "/compte",
        "/confirmation",
        "/paiement",
        "/paiement/retour",
        "/paiement/annule",
        "/listes-d-attente/lien",
        "/gestion/soutien/entrer",
        "/ouvrir/demande",
        "/gestion/bienvenue",
    ],
}
