"""The conditions to accept before paying, where the organisation asks for it (S2-12, S2-13)."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class TermsForm(forms.Form):
    accepted = forms.BooleanField(
        label=_("J’accepte les modalités de paiement"),
        error_messages={"required": _("Acceptez les modalités de paiement pour continuer.")},
    )

    def __init__(self, *args: Any, asked: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not asked:
            del self.fields["accepted"]
