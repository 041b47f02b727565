"""The promotional code of a basket."""

from django import forms
from django.utils.translation import gettext_lazy as _


class PromotionForm(forms.Form):
    code = forms.CharField(
        label=_("Code promotionnel"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )
