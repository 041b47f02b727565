"""Erasing an account is asked for by a word that nobody types by mistake."""

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


def word() -> str:
    return gettext("EFFACER")


class EraseForm(forms.Form):
    confirmation = forms.CharField(
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        error_messages={"required": _("Écrivez le mot demandé pour confirmer.")},
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        label = gettext("Pour confirmer, écrivez %(word)s") % {"word": word()}
        self.fields["confirmation"].label = label

    def clean_confirmation(self) -> str:
        said = str(self.cleaned_data["confirmation"]).strip()
        if said.casefold() != word().casefold():
            raise forms.ValidationError(gettext("Écrivez le mot %(word)s.") % {"word": word()})
        return said
