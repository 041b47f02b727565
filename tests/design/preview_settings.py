"""Settings that show the design system with the product's own templates and tags: no database, no organisation."""

from typing import Any

from config.settings.test import *  # noqa: F403
from config.settings.test import INSTALLED_APPS as _APPS
from config.settings.test import ROOT, TEMPLATES

SECRET_KEY = "only for pictures"
DEBUG = True
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "tests.design.preview_urls"
INSTALLED_APPS = ["django.contrib.staticfiles", *(name for name in _APPS if name != "django.contrib.staticfiles")]
MIDDLEWARE = [
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "tests.design.preview_urls.StrictPolicy",
]
_options: Any = TEMPLATES[0]["OPTIONS"]
TEMPLATES = [
    {
        **TEMPLATES[0],
        "DIRS": [ROOT / "templates", ROOT / "tests/design/templates"],
        "OPTIONS": {**_options, "context_processors": ["django.template.context_processors.request"]},
    }
]
STORAGES = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
LANGUAGE_CODE = "fr"
