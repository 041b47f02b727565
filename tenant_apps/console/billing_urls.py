"""The addresses of the platform's own billing, part of those of `console`."""

from django.urls import path

from tenant_apps.console.views import billing

urlpatterns = [
    path("console/offres", billing.offers, name="plans"),
    path("console/organisations/<slug:slug>/facturation", billing.one, name="billing"),
    path("console/organisations/<slug:slug>/facturation/forfait", billing.plan_changed, name="billing_plan"),
    path("console/organisations/<slug:slug>/facturation/delai", billing.time_given, name="billing_time"),
    path("console/organisations/<slug:slug>/facturation/<uuid:invoice_id>/payee", billing.paid, name="billing_paid"),
]
