"""What an organisation's host answers: its families' portal, its accounts and its staff's workplace."""

from django.urls import include, path

urlpatterns = [
    path("", include("shared_apps.accounts.urls")),
    path("", include("tenant_apps.portal.urls")),
    path("gestion/", include("tenant_apps.office.urls")),
]
