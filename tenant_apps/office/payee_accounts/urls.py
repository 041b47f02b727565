"""The addresses of the payees' accounts, part of those of `office`."""

from django.urls import path

from tenant_apps.office.payee_accounts import processor, views

urlpatterns = [
    path("reglages/comptes", views.accounts, name="payee_accounts"),
    path("reglages/comptes/ajouter", views.add, name="payee_add"),
    path("reglages/comptes/<uuid:payee_id>/lieux", views.places, name="payee_places"),
    path("reglages/comptes/<uuid:payee_id>/deconnecter", views.disconnect, name="payee_disconnect"),
    path("reglages/comptes/<uuid:payee_id>/ouvrir", processor.open_account, name="payee_open"),
    path("reglages/comptes/<uuid:payee_id>/completer", processor.complete, name="payee_complete"),
    path("reglages/comptes/<uuid:payee_id>/reprendre", processor.again, name="payee_again"),
    path("reglages/comptes/<uuid:payee_id>/retour", processor.back, name="payee_back"),
]
