"""Which app keeps its tables in which schema: the only list."""

# public: the registry of organisations and the platform's own billing, nothing else (see docs/decisions/0003).
PUBLIC = [
    "django_tenants",
    "tenants",
    "billing",
]

# every organisation's schema, and `ops`, the platform's own staff
SHARED = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "shared_apps.vault",
    "shared_apps.accounts",
    "shared_apps.audit",
    "shared_apps.outbox",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
]

ORGANISATION = [
    "tenant_apps.organisation",
    "tenant_apps.families",
    "tenant_apps.openings",
    "tenant_apps.forms",
    "tenant_apps.imports",
    "tenant_apps.catalog",
    "tenant_apps.entitlements",
    "tenant_apps.registrations",
    "tenant_apps.orders",
    "tenant_apps.payments",
    "tenant_apps.changes",
    "tenant_apps.accounting",
    "tenant_apps.slips",
]

WITHOUT_TABLES = [
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "shared_apps.design",
    "shared_apps.documents",
    "tenant_apps.notifications",
    "tenant_apps.privacy",
    "tenant_apps.demonstration",
    "tenant_apps.console",
    "tenant_apps.portal",
    "tenant_apps.office",
]
