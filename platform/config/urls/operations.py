"""What the platform's own host answers: the product's page, the operators' console, the processor's events."""

from django.urls import include, path

from billing.webhooks.views import receive
from tenant_apps.console.views import product

urlpatterns = [
    path("", product.home, name="home"),
    path("", include("shared_apps.accounts.urls")),
    path("", include("tenant_apps.console.urls")),
    path("accessibilite", product.accessibility, name="accessibility"),
    path("confidentialite", product.privacy, name="privacy"),
    path("webhooks/stripe", receive, name="processor_webhook"),
]
