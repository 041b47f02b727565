"""The addresses of authorizations in the workplace, part of those of `office`."""

from django.urls import path

from tenant_apps.office.views import assisted, consents

urlpatterns = [
    path("autorisations", consents.consents, name="consents"),
    path("autorisations/signees/<uuid:submission_id>", consents.signed, name="consent_signed"),
    path("autorisations/signees/<uuid:submission_id>.pdf", consents.proof_pdf, name="consent_proof"),
    path("autorisations/saisie", assisted.search, name="assisted"),
    path("autorisations/saisie/<uuid:participant_id>", assisted.choose, name="assisted_choose"),
    path("autorisations/saisie/<uuid:participant_id>/<slug:form_key>", assisted.record, name="assisted_record"),
    path("autorisations/<slug:kind>/<slug:slug>", consents.register, name="consent_register"),
    path("autorisations/<slug:kind>/<slug:slug>.csv", consents.register_csv, name="consent_csv"),
    path("autorisations/<slug:kind>/<slug:slug>/rappel", consents.remind, name="consent_remind"),
]
