"""The public site, how organisations arrive, and what operators answer."""

from django.urls import path

from tenant_apps.console.views import product, sign_up, sign_up_request, sign_ups

urlpatterns = [
    path("prix", product.prices, name="prices"),
    path("conditions", product.conditions, name="conditions"),
    path("ouvrir", sign_up.question, {"name": "organisation"}, name="sign_up_organisation"),
    path("ouvrir/adresse", sign_up.question, {"name": "address"}, name="sign_up_address"),
    path("ouvrir/adresse/libre", sign_up.free, name="sign_up_free"),
    path("ouvrir/personne", sign_up.question, {"name": "owner"}, name="sign_up_owner"),
    path("ouvrir/offre", sign_up.question, {"name": "plan"}, name="sign_up_plan"),
    path("ouvrir/verification", sign_up.check, name="sign_up_check"),
    path("ouvrir/code", sign_up_request.code, name="sign_up_code"),
    path("ouvrir/code/encore", sign_up_request.code_again, name="sign_up_code_again"),
    path("ouvrir/demande/<str:token>", sign_up_request.followed, name="request"),
    path("console/demandes", sign_ups.every, name="sign_ups"),
    path("console/demandes/<uuid:sign_up_id>", sign_ups.one, name="sign_up_detail"),
    path("console/demandes/<uuid:sign_up_id>/accepter", sign_ups.approved, name="sign_up_approve"),
    path("console/demandes/<uuid:sign_up_id>/refuser", sign_ups.refused, name="sign_up_refuse"),
    path("console/reglages", sign_ups.rules, name="rules"),
]
