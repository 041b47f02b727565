"""Signing up, in and out, and one's own security: django-allauth's views at French addresses, under its own names."""

from allauth.account import views as account
from allauth.mfa.base import views as second_factor
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from django.urls import path

from shared_apps.accounts import views
from shared_apps.accounts.access import public, signed_in

urlpatterns = [
    path("connexion", public(account.login), name="account_login"),
    path("connexion/code", public(account.request_login_code), name="account_request_login_code"),
    path("connexion/code/confirmer", public(account.confirm_login_code), name="account_confirm_login_code"),
    path("connexion/second-facteur", public(second_factor.authenticate), name="mfa_authenticate"),
    path("inscription", public(views.SignUp.as_view()), name="account_signup"),
    path("deconnexion", public(account.logout), name="account_logout"),
    path("langue", public(views.set_language), name="set_language"),
    path("compte/inactif", public(account.account_inactive), name="account_inactive"),
    path("compte/confirmer", public(account.email_verification_sent), name="account_email_verification_sent"),
    path("compte/courriel", signed_in(account.email), name="account_email"),
    path("compte/mot-de-passe", signed_in(account.password_change), name="account_change_password"),
    path("compte/mot-de-passe/choisir", signed_in(account.password_set), name="account_set_password"),
    path("compte/mot-de-passe/oublie", public(account.password_reset), name="account_reset_password"),
    path(
        "compte/mot-de-passe/code",
        public(account.confirm_password_reset_code),
        name="account_confirm_password_reset_code",
    ),
    path(
        "compte/mot-de-passe/nouveau", public(account.complete_password_reset), name="account_complete_password_reset"
    ),
    path(
        "compte/mot-de-passe/change",
        public(account.password_reset_from_key_done),
        name="account_password_reset_completed",
    ),
    path("compte/verification", signed_in(account.reauthenticate), name="account_reauthenticate"),
    path("compte/verification/code", signed_in(second_factor.reauthenticate), name="mfa_reauthenticate"),
    path("compte/securite", signed_in(second_factor.index), name="mfa_index"),
    path("compte/securite/application", signed_in(views.Activate.as_view()), name="mfa_activate_totp"),
    path("compte/securite/application/retirer", signed_in(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("compte/securite/codes", signed_in(recovery_codes.view_recovery_codes), name="mfa_view_recovery_codes"),
    path(
        "compte/securite/codes/nouveaux",
        signed_in(recovery_codes.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "compte/securite/codes/telecharger",
        signed_in(recovery_codes.download_recovery_codes),
        name="mfa_download_recovery_codes",
    ),
]
