"""« Je m’inscris aussi »: the account's holder as one who takes part."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kernel import clock
from tenant_apps.families.identity import Identity
from tenant_apps.families.models import Guardian

_FIRST_YEAR = 1900


class MemberForm(forms.Form):
    last_name = forms.CharField(
        label=_("Votre nom"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
        error_messages={"required": _("Écrivez votre nom.")},
    )
    first_name = forms.CharField(
        label=_("Votre prénom"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
        error_messages={"required": _("Écrivez votre prénom.")},
    )
    birth_date = forms.DateField(
        label=_("Votre date de naissance"),
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "autocomplete": "bday"}),
        error_messages={
            "required": _("Écrivez votre date de naissance."),
            "invalid": _("Écrivez la date ainsi\u202f: 2019-06-12."),
        },
    )

    def __init__(self, data: Mapping[str, Any] | None, *, guardian: Guardian) -> None:
        known = {name: getattr(guardian, name) for name in ("last_name", "first_name", "birth_date")}
        super().__init__(data, initial=known)
        for name in set(guardian.locked_fields) & self.fields.keys():
            if known[name]:
                self.fields[name].disabled = True
                self.fields[name].help_text = _("Vient de votre pièce d’identité\u202f: ne se modifie pas ici.")

    def clean_birth_date(self) -> Any:
        born = self.cleaned_data["birth_date"]
        if born.year < _FIRST_YEAR or born > timezone.localdate(clock.now()):
            raise forms.ValidationError(_("Vérifiez l’année\u202f: cette date de naissance n’est pas possible."))
        return born

    def identity(self) -> Identity:
        said = self.cleaned_data
        return Identity(
            last_name=said["last_name"].strip(), first_name=said["first_name"].strip(), birth_date=said["birth_date"]
        )
