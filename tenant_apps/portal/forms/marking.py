"""Compulsory fields wear an asterisk where the organisation wants it so (S1-18)."""

from django import forms
from django.utils.translation import gettext as _


def asterisks(*parts: forms.Form) -> None:
    for part in parts:
        for field in part.fields.values():
            if field.required and field.label:
                field.label = _("%(label)s *") % {"label": field.label}
