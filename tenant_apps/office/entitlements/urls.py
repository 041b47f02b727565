"""The addresses of requests in the workplace, part of those of `office`."""

from django.urls import path

from tenant_apps.office.entitlements import helpers_views, views

urlpatterns = [
    path("demandes", views.entitlements, name="entitlements"),
    path("demandes/<uuid:entitlement_id>", views.entitlement, name="entitlement"),
    path("demandes/<uuid:entitlement_id>/preuves/<uuid:upload_id>", views.proof, name="entitlement_proof"),
    path("demandes/<uuid:entitlement_id>/ecourter", views.end, name="entitlement_end"),
    path("demandes/<uuid:entitlement_id>/rouvrir", views.reopen, name="entitlement_reopen"),
    path("activites/<slug:slug>/soutien", helpers_views.helpers, name="helpers"),
]
