"""`make demo` and a developer's machine: plain HTTP on *.localhost, a clock that can be moved."""

from pathlib import Path

from config.settings import environment
from config.settings.base import *  # noqa: F403

ENVIRONMENT = environment.text("ENVIRONMENT", "development")
PLATFORM_SCHEME = "http"
PLATFORM_PORT = environment.text("PLATFORM_PORT", "8000")
CLOCK_FILE = Path(environment.text("CLOCK_FILE", str(ROOT / ".local" / "clock")))  # noqa: F405
# Browsers hold *.localhost for safe without TLS, and so must the check of a passkey's origin.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
IDENTITY_PROVIDERS_ON_LOOPBACK = True
IDENTITY_SIMULATION_URL = environment.text("IDENTITY_SIMULATION_URL", "")
SESSION_COOKIE_NAME = "session"
CSRF_COOKIE_NAME = "csrf"
# Below localhost alone do browsers find names by themselves.
OWN_DOMAINS_BELOW_PLATFORM = True
# Served from the folders themselves, so that no collecting step stands between an edit and a reload.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # noqa: F405
STATIC_ROOT = None  # type: ignore[assignment]
WHITENOISE_USE_FINDERS = True
LOGGING["error_words"] = environment.text("LOG_ERROR_WORDS", "") == "1"  # noqa: F405
