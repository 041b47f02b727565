"""The addresses of the organisation's identity, part of those of `office`."""

from django.urls import path

from tenant_apps.office.identity import views

urlpatterns = [
    path("reglages/identite", views.identity, name="identity"),
    path("reglages/identite/apercu", views.preview, name="identity_preview"),
    path("reglages/identite/apercu.css", views.colours, name="identity_colours"),
]
