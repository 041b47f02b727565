"""The name that an organisation wants to add."""

from django import forms
from django.utils.translation import gettext_lazy as _

from tenants.domains.names import LONGEST


class NameForm(forms.Form):
    name = forms.CharField(
        label=_("Nom de domaine"),
        # Longer than a name: what was copied with its scheme is understood.
        max_length=LONGEST + 20,
        help_text=_("Un nom de votre domaine, comme «\u202factivites.ville.ca\u202f», sans rien après."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
