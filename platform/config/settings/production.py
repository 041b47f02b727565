"""Behind TLS, on real services, named by the environment."""

from config.settings import environment
from config.settings.base import *  # noqa: F403

SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_NAME = "__Host-csrf"
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = True

# Keys of their own: who changes SECRET_KEY must not make what is kept unreadable, or impossible to find again.
environment.demand("VAULT_KEYS", "VAULT_HASH_KEY")
