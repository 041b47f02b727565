"""What is asked of somebody who comes from an identity provider: only what it did not say (S4-05, S4-06)."""

from typing import Any

from allauth.account import forms as account
from allauth.socialaccount import forms as social
from django import forms
from django.utils.translation import gettext_lazy as _

from shared_apps.accounts.forms import OwnWords


class RegisterForm(OwnWords, social.SignupForm):  # type: ignore[misc]
    phone = forms.CharField(
        label=_("Téléphone"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel", "type": "tel"}),
    )
    field_order = ["email", "phone"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for address in self.sociallogin.email_addresses:
            if address.verified:
                # Said by the provider: shown, and not to be written otherwise.
                self.fields["email"].disabled = True
                self.initial["email"] = address.email
        self.fields["email"].help_text = _("Vous vous connecterez toujours avec ce courriel ou avec votre identité.")


class LinkForm(OwnWords, account.LoginForm):  # type: ignore[misc]
    """The password of the account that there is already."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["remember"]
