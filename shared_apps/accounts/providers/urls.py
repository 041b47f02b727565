"""To an identity provider and back."""

from django.urls import path

from shared_apps.accounts.access import public
from shared_apps.accounts.providers import views

urlpatterns = [
    path("avec/<slug:provider_id>", public(views.begin), name="openid_connect_login"),
    path("avec/<slug:provider_id>/retour", public(views.finish), name="openid_connect_callback"),
    path("enregistrement", public(views.Register.as_view()), name="socialaccount_signup"),
    path("relier", public(views.link), name="socialaccount_link"),
    path("annulee", public(views.cancelled), name="socialaccount_login_cancelled"),
]
