"""What operators write about a subscription: always with their words, where money or time is given."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from billing import plans
from kernel import clock
from shared_apps.design.lines import LineField
from tenants.context import in_registry

_LONGEST = timedelta(days=366)


class PlanForm(forms.Form):
    plan = forms.ChoiceField(label=_("Forfait"))

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        with in_registry():
            offered = plans.offered()
        self.fields["plan"].choices = [(plan.code, plans.name_of(plan)) for plan in offered]  # type: ignore[attr-defined]


class WordsForm(forms.Form):
    words = LineField(label=_("En quelques mots"), max_length=200, help_text=_("Numéro du chèque, avis de virement."))


class TimeForm(forms.Form):
    until = forms.DateField(label=_("Jusqu’au"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    words = LineField(label=_("En quelques mots"), max_length=200, help_text=_("Qui l’a demandé, et pourquoi."))

    def clean_until(self) -> Any:
        until = self.cleaned_data["until"]
        today = clock.now().date()
        if until < today:
            raise forms.ValidationError(_("Choisissez un jour à venir."))
        if until > today + _LONGEST:
            raise forms.ValidationError(_("Choisissez un jour dans les douze mois."))
        return until
