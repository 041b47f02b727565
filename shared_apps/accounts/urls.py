"""Signing up, in and out, and one's own security: django-allauth's views at French addresses, under its own names."""

from collections.abc import Callable

from allauth.account import views as account
from allauth.mfa.base import views as second_factor
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from django.urls import URLPattern, include, path

from shared_apps.accounts import again, devices, security, views
from shared_apps.accounts.access import View, public, recently, signed_in, still_works


def guarded(view: View) -> View:
    """For changes of what opens the account."""
    change: Callable[[View], View] = recently("security")
    return signed_in(change(view))


urlpatterns = [
    path("connexion", public(account.login), name="account_login"),
    path("connexion/cle", public(security.SignInWithPasskey.as_view()), name="mfa_login_webauthn"),
    path("connexion/code", public(views.RequestCode.as_view()), name="account_request_login_code"),
    path("connexion/code/confirmer", public(account.confirm_login_code), name="account_confirm_login_code"),
    path("connexion/second-facteur", public(second_factor.authenticate), name="mfa_authenticate"),
    path("inscription", public(views.SignUp.as_view()), name="account_signup"),
    path("inscription/comment-faire", public(views.how_to_sign_up), name="how_to_sign_up"),
    path("connexion/", include("shared_apps.accounts.providers.urls")),
    path("deconnexion", public(account.logout), name="account_logout"),
    path("langue", public(views.set_language), name="set_language"),
    path("compte/inactif", public(account.account_inactive), name="account_inactive"),
    path("compte/confirmer", public(account.email_verification_sent), name="account_email_verification_sent"),
    path("compte/courriel", guarded(account.email), name="account_email"),
    # This page asks for the present password by itself.
    path("compte/mot-de-passe", signed_in(account.password_change), name="account_change_password"),
    path("compte/mot-de-passe/choisir", guarded(account.password_set), name="account_set_password"),
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
    path(
        "compte/verification/cle", signed_in(security.ConfirmWithPasskey.as_view()), name="mfa_reauthenticate_webauthn"
    ),
    path("compte/verification/courriel", signed_in(again.ConfirmByMail.as_view()), name="confirm_by_mail"),
    path("compte/appareils", signed_in(devices.Devices.as_view()), name="usersessions_list"),
    path("compte/appareils/<int:pk>/fermer", signed_in(devices.end), name="end_session"),
    path("compte/securite", signed_in(security.Hub.as_view()), name="mfa_index"),
    path("compte/securite/second-facteur", signed_in(security.choose_second_factor), name="choose_second_factor"),
    path("compte/securite/cles", signed_in(passkeys.list_webauthn), name="mfa_list_webauthn"),
    path("compte/securite/cles/ajouter", guarded(security.AddPasskey.as_view()), name="mfa_add_webauthn"),
    path("compte/securite/cles/<int:pk>/nom", guarded(passkeys.edit_webauthn), name="mfa_edit_webauthn"),
    path(
        "compte/securite/cles/<int:pk>/retirer", guarded(security.RemovePasskey.as_view()), name="mfa_remove_webauthn"
    ),
    path("compte/securite/application", guarded(security.Activate.as_view()), name="mfa_activate_totp"),
    path("compte/securite/application/retirer", guarded(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("compte/securite/codes", guarded(security.RecoveryCodes.as_view()), name="mfa_view_recovery_codes"),
    path(
        "compte/securite/codes/nouveaux",
        guarded(recovery_codes.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "compte/securite/codes/telecharger",
        guarded(recovery_codes.download_recovery_codes),
        name="mfa_download_recovery_codes",
    ),
]

# A suspended organisation's accounts are still opened, left and kept safe; only new ones are not made.
for pattern in urlpatterns:
    if isinstance(pattern, URLPattern) and pattern.name != "account_signup":
        still_works(pattern.callback)
