"""Where the confirmation goes (S1-46) and, for a guest, who to call: only what the offering's own form does not ask."""

from collections.abc import Container, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

PREFIX = "contact"
# The same question under the key that a form's definition gives it.
KEYS = {
    "first_name": "guardian_first_name",
    "last_name": "guardian_last_name",
    "email": "contact_email",
    "phone": "guardian_phone",
}


class ContactForm(forms.Form):
    first_name = forms.CharField(
        label=_("Votre prénom"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
        error_messages={"required": _("Écrivez votre prénom.")},
    )
    last_name = forms.CharField(
        label=_("Votre nom"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
        error_messages={"required": _("Écrivez votre nom.")},
    )
    email = forms.EmailField(
        label=_("Courriel"),
        help_text=_("La confirmation et le reçu y seront envoyés."),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": _("Écrivez votre courriel."),
            "invalid": _("Écrivez un courriel complet, comme nom@exemple.org."),
        },
    )
    phone = forms.CharField(
        label=_("Téléphone"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel", "type": "tel"}),
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        asked: Container[str],
        is_newcomer: bool,
        is_by_staff: bool = False,
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        """`asked` are the keys of the offering's own questions; a newcomer is a guest whom nothing is known of.

        A family that comes to the counter may have no address.
        """
        super().__init__(data, prefix=PREFIX, initial=dict(initial or {}))
        for name, key in KEYS.items():
            if key in asked or (name != "email" and not is_newcomer):
                del self.fields[name]
        if is_by_staff and "email" in self.fields:
            self.fields["email"].required = False
        # A form that asks who the adult is has said what it wants to know of them.
        if KEYS["last_name"] in asked:
            self.fields.pop("phone", None)
