"""Questions that are answered on any host, before an organisation is looked for (tenants.middleware)."""

from django.urls import path

from tenants import health
from tenants.domains import certificates
from tenants.watching import scrape

urlpatterns = [
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("internal/certificates", certificates.ask, name="certificates"),
    path("metrics", scrape.page, name="metrics"),
]
