"""Reads the process environment, and says clearly what is missing or wrong in it."""

import os
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


def text(name: str, default: str | None = None) -> str:
    value = os.environ.get(name, default)
    if value is None:
        raise ImproperlyConfigured(f"The environment variable {name} is not set.")
    return value


def texts(name: str) -> list[str]:
    """Separated by commas; none where the variable is not set."""
    return [each for each in map(str.strip, text(name, "").split(",")) if each]


def pairs(name: str) -> dict[str, str]:
    """« KEY=value,KEY=value »; none where the variable is not set."""
    found = {}
    for each in texts(name):
        key, equals, value = each.partition("=")
        if not equals:
            raise ImproperlyConfigured(f"{name} wants KEY=value, not {each!r}.")
        found[key.strip()] = value.strip()
    return found


def demand(*names: str) -> None:
    """Raises ImproperlyConfigured for one that is not set, or that says nothing."""
    for name in names:
        if not texts(name):
            raise ImproperlyConfigured(f"The environment variable {name} is not set, or is empty.")


def integer(name: str, default: int) -> int:
    value = text(name, str(default))
    try:
        return int(value)
    except ValueError:
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}.") from None


def database(name: str = "DATABASE_URL") -> dict[str, object]:
    """postgresql://user:password@host:port/name?option=value, as Django's settings want it."""
    url = urlsplit(text(name))
    if url.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured(f"{name} must be a postgresql:// address.")
    return {
        "ENGINE": "tenants.database",
        "NAME": unquote(url.path.lstrip("/")),
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
        "HOST": url.hostname or "",
        "PORT": str(url.port or ""),
        "OPTIONS": dict(parse_qsl(url.query)),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


def email(name: str = "EMAIL_URL") -> dict[str, object]:
    """file:///folder, smtp://user:password@host:port or smtps://…, as Django's EMAIL_* settings."""
    url = urlsplit(text(name))
    if url.scheme == "file":
        return {
            "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "EMAIL_FILE_PATH": Path(unquote(url.path)),
        }
    if url.scheme not in {"smtp", "smtps"}:
        raise ImproperlyConfigured(f"{name} must be a file://, smtp:// or smtps:// address.")
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": url.hostname or "localhost",
        "EMAIL_PORT": url.port or (465 if url.scheme == "smtps" else 25),
        "EMAIL_HOST_USER": unquote(url.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(url.password or ""),
        "EMAIL_USE_SSL": url.scheme == "smtps",
        "EMAIL_USE_TLS": dict(parse_qsl(url.query)).get("tls") == "1",
        "EMAIL_TIMEOUT": 10,
    }
