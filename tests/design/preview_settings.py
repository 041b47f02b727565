"""Settings that show the design system alone: no database, no organisation, no other room."""

from pathlib import Path

BASE_DIR = Path(__file__).parents[2]

SECRET_KEY = "only for pictures"
DEBUG = True
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "tests.design.preview_urls"
INSTALLED_APPS = ["django.contrib.staticfiles", "django_htmx", "shared_apps.design"]
MIDDLEWARE = [
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "tests.design.preview_urls.StrictPolicy",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates", BASE_DIR / "tests/design/templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "string_if_invalid": "",
            "context_processors": ["django.template.context_processors.request"],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "shared_apps.design.templatetags.design",
            ],
            "libraries": {"portal": "tenant_apps.portal.templatetags.portal"},
        },
    }
]
STATIC_URL = "/static/"
LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "Français"), ("en", "English"), ("nl", "Nederlands")]
TIME_ZONE = "America/Montreal"
USE_TZ = True
DATABASES: dict[str, object] = {}
