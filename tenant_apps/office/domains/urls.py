"""The addresses of an organisation's names in the workplace, part of those of `office`."""

from django.urls import path

from tenant_apps.office.domains import views

urlpatterns = [
    path("reglages/domaines", views.listed, name="domains"),
    path("reglages/domaines/<str:name>", views.domain, name="domain"),
    path("reglages/domaines/<str:name>/verifier", views.checked, name="domain_check"),
    path("reglages/domaines/<str:name>/principal", views.made_primary, name="domain_primary"),
    path("reglages/domaines/<str:name>/retirer", views.removed, name="domain_remove"),
]
