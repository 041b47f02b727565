"""django-allauth's forms with our own words, and without the examples it writes inside the fields."""

from typing import TYPE_CHECKING, Any

from allauth.account import forms as account
from allauth.account.internal.flows import login
from allauth.mfa.base import forms as second_factor
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as passkeys
from django import forms
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from shared_apps.accounts import codes, sessions
from shared_apps.accounts.models import User
from shared_apps.accounts.robots_forms import NotARobot

if TYPE_CHECKING:
    Mixed = forms.Form
else:
    Mixed = object

WORDS: dict[str, Any] = {
    "login": _("Courriel"),
    "email": _("Courriel"),
    "password": _("Mot de passe"),
    "remember": _("Restez connecté pour 14 jours"),
    "code": _("Code"),
    "name": _("Nom de la clé"),
    "oldpassword": _("Mot de passe actuel"),
    "password1": _("Mot de passe"),
    "password2": _("Confirmer le mot de passe"),
}


class OwnWords(Mixed):
    """Labels from WORDS, native keyboards for codes, and no text inside a field that vanishes when one types."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        for name, field in self.fields.items():
            field.label = WORDS.get(name, field.label)
            field.widget.attrs.pop("placeholder", None)
            field.error_messages["required"] = _("Ce champ est obligatoire.")
        if "code" in self.fields:
            self.fields["code"].widget.attrs |= {"autocapitalize": "characters", "spellcheck": "false"}
        for name in ("password", "oldpassword"):
            if name in self.fields:
                # allauth puts there a link to the forgotten-password page, which our pages show beside the button.
                self.fields[name].help_text = ""
        if "password1" in self.fields:
            self.fields["password1"].help_text = _("Dix caractères ou plus. Une phrase se retient mieux qu’un mot.")

    def clean(self) -> dict[str, object] | None:
        cleaned = super().clean()
        if self.has_error("password2") and self.data.get("password2"):
            self.errors["password2"] = self.error_class([str(_("Les deux mots de passe ne sont pas pareils."))])
        return cleaned


class LoginForm(OwnWords, account.LoginForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if codes.accepted(self.request):
            self.fields["login"] = _login_or_code()
            self.order_fields(["login", "password", "remember"])

    def clean_login(self) -> str:
        """The address, which a code stands for: tries with either are counted together."""
        typed: str = super().clean_login()
        if not codes.accepted(self.request) or not codes.is_one(typed):
            return typed
        owner = User.objects.filter(code=codes.normal(typed)).first()
        return owner.email if owner else typed

    def _login_with_password(self, request: HttpRequest, redirect_url: str | None, credentials: Any) -> HttpResponse:
        """As allauth's, but the wish to stay lives through the second factor, and ends a fixed time after it."""
        sessions.wish(request.session, to_stay=self.cleaned_data["remember"])
        self._login.redirect_url = redirect_url
        answer: HttpResponse = login.perform_password_login(request, credentials, self._login)
        return answer


def _login_or_code() -> forms.CharField:
    field = forms.CharField(
        label=_("Courriel ou code d’utilisateur"), max_length=254, widget=forms.TextInput({"autocapitalize": "none"})
    )
    field.error_messages["required"] = _("Ce champ est obligatoire.")
    return field


class SignupForm(NotARobot, OwnWords, account.SignupForm):  # type: ignore[misc]
    def try_save(self, request: HttpRequest) -> tuple[User | None, HttpResponse | None]:
        if self.account_already_exists:
            # A new account costs a hash: an answer that came without would tell that the address has one already.
            make_password(self.cleaned_data["password1"])
        saved: tuple[User | None, HttpResponse | None] = super().try_save(request)
        return saved


class RequestLoginCodeForm(NotARobot, OwnWords, account.RequestLoginCodeForm):  # type: ignore[misc]
    remember = forms.BooleanField(required=False)


class ConfirmLoginCodeForm(OwnWords, account.ConfirmLoginCodeForm):  # type: ignore[misc]
    pass


class ConfirmEmailForm(OwnWords, account.ConfirmEmailVerificationCodeForm):  # type: ignore[misc]
    pass


class ResetPasswordForm(NotARobot, OwnWords, account.ResetPasswordForm):  # type: ignore[misc]
    pass


class ConfirmResetCodeForm(OwnWords, account.ConfirmPasswordResetCodeForm):  # type: ignore[misc]
    pass


class NewPasswordForm(OwnWords, account.ResetPasswordKeyForm):  # type: ignore[misc]
    pass


class ChangePasswordForm(OwnWords, account.ChangePasswordForm):  # type: ignore[misc]
    pass


class SetPasswordForm(OwnWords, account.SetPasswordForm):  # type: ignore[misc]
    pass


class EmailForm(OwnWords, account.AddEmailForm):  # type: ignore[misc]
    pass


class ChangeEmailForm(OwnWords, account.ChangeEmailForm):  # type: ignore[misc]
    pass


class ReauthenticateForm(OwnWords, account.ReauthenticateForm):  # type: ignore[misc]
    pass


class SecondFactorForm(OwnWords, second_factor.AuthenticateForm):  # type: ignore[misc]
    pass


class SecondFactorAgainForm(OwnWords, second_factor.ReauthenticateForm):  # type: ignore[misc]
    pass


class ActivateForm(OwnWords, totp.ActivateTOTPForm):  # type: ignore[misc]
    pass


class PasskeyForm(OwnWords, passkeys.AddWebAuthnForm):  # type: ignore[misc]
    passwordless = None
    name = forms.CharField(max_length=60, required=False)


class PasskeyNameForm(OwnWords, passkeys.EditWebAuthnForm):  # type: ignore[misc]
    name = forms.CharField(max_length=60)
