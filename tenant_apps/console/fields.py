"""The word that stands first in an organisation's address, as a field of a form."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.validators import RegexValidator
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from tenants import slugs

_HOST_LABEL = RegexValidator(slugs.HOST_LABEL, slugs.NotASlug.message)


class HostLabelField(forms.CharField):
    def __init__(self, **options: Any) -> None:
        super().__init__(
            label=_("Adresse"),
            help_text=format_lazy(
                _("Le site sera à cette adresse, suivie de .{domain}"), domain=settings.PLATFORM_DOMAIN
            ),
            max_length=slugs.LONGEST,
            validators=[_HOST_LABEL],
            widget=forms.TextInput({"autocapitalize": "none", "autocomplete": "off", "spellcheck": "false"}),
            **options,
        )

    def to_python(self, value: Any) -> str:
        """A host name has no capitals, and a telephone writes them."""
        return str(super().to_python(value)).lower()
