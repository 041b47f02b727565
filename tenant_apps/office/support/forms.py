"""What an organisation says to let the platform's staff look."""

from django import forms
from django.utils.translation import gettext_lazy as _

HOURS = {1: _("1 heure"), 2: _("2 heures"), 4: _("4 heures"), 8: _("8 heures")}


class GrantForm(forms.Form):
    ticket = forms.CharField(
        label=_("Numéro de votre demande"),
        help_text=_("Celui que l’équipe de soutien vous a donné, par exemple PR-2041."),
        max_length=60,
    )
    reason = forms.CharField(
        label=_("Ce que l’équipe doit regarder"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    hours = forms.TypedChoiceField(
        label=_("Pendant"), choices=list(HOURS.items()), coerce=int, initial=2, widget=forms.RadioSelect
    )
    shows_names = forms.BooleanField(
        label=_("Montrer les noms et les coordonnées"),
        help_text=_(
            "Sans cette permission, ils sont remplacés par des points. "
            "Les renseignements de santé et les numéros nationaux restent cachés dans tous les cas."
        ),
        required=False,
    )
