"""What an organisation's host answers: its families' portal, its accounts and its staff's workplace."""

from importlib.util import find_spec

from django.urls import include, path

urlpatterns = [
    path("", include("shared_apps.accounts.urls")),
    path("", include("tenant_apps.portal.urls")),
]
if find_spec("tenant_apps.office.urls"):
    urlpatterns.append(path("gestion/", include("tenant_apps.office.urls")))
