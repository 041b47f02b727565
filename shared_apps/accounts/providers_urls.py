"""To an identity provider and back."""

from django.urls import path

from shared_apps.accounts import providers_views
from shared_apps.accounts.access import public

urlpatterns = [
    path("avec/<slug:provider_id>", public(providers_views.begin), name="openid_connect_login"),
    path("avec/<slug:provider_id>/retour", public(providers_views.finish), name="openid_connect_callback"),
    path("enregistrement", public(providers_views.Register.as_view()), name="socialaccount_signup"),
    path("relier", public(providers_views.link), name="socialaccount_link"),
    path("annulee", public(providers_views.cancelled), name="socialaccount_login_cancelled"),
]
