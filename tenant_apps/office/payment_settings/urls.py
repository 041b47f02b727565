"""The addresses of the settings of payment, part of those of `office`."""

from django.urls import path

from tenant_apps.office.payment_settings import payees, plans, views

urlpatterns = [
    path("reglages/paiement", views.settings, name="payment_settings"),
    path("reglages/paiement/pratiques", views.practices, name="payment_practices"),
    path("reglages/paiement/versements/ajouter", plans.plan, name="plan_add"),
    path("reglages/paiement/versements/<slug:key>", plans.plan, name="plan"),
    path("reglages/paiement/versements/<slug:key>/retirer", plans.drop_plan, name="plan_drop"),
    path("reglages/paiement/codes", views.codes, name="ledger_codes"),
    path("reglages/paiement/fichier", views.layout, name="journal_layout"),
    path("reglages/paiement/comptes/<uuid:payee_id>", payees.payee, name="payee"),
    path("reglages/paiement/comptes/<uuid:payee_id>/attestations", payees.issuer, name="slip_issuer"),
]
