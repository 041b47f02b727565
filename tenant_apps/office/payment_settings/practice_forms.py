"""How families pay, at the counter and online, and what happens when a card fails: one form."""

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tenant_apps.organisation import paying
from tenant_apps.organisation.cards import NAMES
from tenant_apps.organisation.rules import Rules
from tenant_apps.payments.models import Means, RefundMeans

LATER = {
    "nobody": gettext_lazy("Personne"),
    "staff": gettext_lazy("Le personnel, pour une famille"),
    "families": gettext_lazy("Les familles elles-mêmes"),
}
METHODS = {
    "card": gettext_lazy("Carte"),
    "bancontact": gettext_lazy("Bancontact"),
    "acss_debit": gettext_lazy("Débit préautorisé (Canada)"),
    "sepa_debit": gettext_lazy("Domiciliation (SEPA)"),
}
PAGES = {
    "hosted": gettext_lazy("La page du processeur de paiement"),
    "embedded": gettext_lazy("Dans une page de votre site"),
}
COINS = {1: gettext_lazy("Au cent près"), 5: gettext_lazy("À 5 cents près"), 10: gettext_lazy("À 10 cents près")}
COUNTER = {str(each): each.label for each in (Means.CASH, Means.CHEQUE, Means.TERMINAL, Means.TRANSFER)}
BACK = {str(each): each.label for each in RefundMeans if each != RefundMeans.CARD}
_MOST_DAYS = 365


class PracticesForm(forms.Form):
    later = forms.ChoiceField(
        label=gettext_lazy("Qui peut laisser une commande à payer plus tard\u202f?"),
        choices=list(LATER.items()),
        widget=forms.RadioSelect,
    )
    later_days = forms.IntegerField(label=gettext_lazy("Jours pour payer plus tard"), min_value=1, max_value=_MOST_DAYS)
    card_brands = forms.MultipleChoiceField(
        label=gettext_lazy("Cartes acceptées"),
        choices=list(NAMES.items()),
        widget=forms.CheckboxSelectMultiple,
    )
    methods = forms.MultipleChoiceField(
        label=gettext_lazy("Moyens offerts en ligne"),
        choices=list(METHODS.items()),
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Le compte de paiement doit les accepter aussi."),
    )
    page = forms.ChoiceField(
        label=gettext_lazy("Page de paiement"),
        choices=list(PAGES.items()),
        widget=forms.RadioSelect,
        help_text=gettext_lazy(
            "Dans les deux cas, la carte est donnée au processeur\u202f: elle ne passe pas par votre site."
        ),
    )
    takes_transfers = forms.BooleanField(
        label=gettext_lazy("Les familles peuvent payer par virement"),
        required=False,
        help_text=gettext_lazy("Avec une communication structurée. Il faut l’IBAN du compte de paiement."),
    )
    is_separate = forms.BooleanField(
        label=gettext_lazy("Chaque compte de paiement est payé séparément"),
        required=False,
        help_text=gettext_lazy("Sinon, un seul accord de la famille suffit pour tous."),
    )
    counter = forms.MultipleChoiceField(
        label=gettext_lazy("Ce que le comptoir accepte"),
        required=False,
        choices=list(COUNTER.items()),
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Ne cochez rien si tout se paie en ligne."),
    )
    cash_step_cents = forms.TypedChoiceField(
        label=gettext_lazy("Arrondi des espèces"), coerce=int, choices=list(COINS.items())
    )
    refunds_by = forms.ChoiceField(
        label=gettext_lazy("Ce que le comptoir a reçu est remboursé par"),
        choices=list(BACK.items()),
    )
    warn_days = forms.IntegerField(
        label=gettext_lazy("Jours d’avance pour annoncer un prélèvement"), min_value=1, max_value=60
    )
    retry_days = forms.CharField(
        label=gettext_lazy("Après un refus de la carte, la redemander après tant de jours"),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "width-medium"}),
        help_text=gettext_lazy(
            "Un nombre pour chaque essai, séparés par des points-virgules\u202f: «\u202f3\u202f; 5\u202f». "
            "Laissez vide pour ne pas la redemander."
        ),
    )
    grace_days = forms.IntegerField(
        label=gettext_lazy("Jours laissés à la famille après le dernier refus"), min_value=0, max_value=_MOST_DAYS
    )

    @classmethod
    def of(cls, data: Any, rules: Rules) -> "PracticesForm":
        kept: dict[str, Any] = {name: getattr(rules.paying, name) for name in cls.base_fields if name != "card_brands"}
        kept["retry_days"] = " ; ".join(map(str, rules.paying.retry_days))
        form = cls(data, initial=kept | {"card_brands": rules.card_brands})
        form._keep_step(rules.paying.cash_step_cents)
        return form

    def clean_retry_days(self) -> list[int]:
        typed = [each for each in re.split(r"[;,\s]+", self.cleaned_data["retry_days"]) if each]
        if any(not each.isascii() or not each.isdigit() or not 1 <= int(each) <= 60 for each in typed):
            raise forms.ValidationError(_("Écrivez des nombres de jours, de 1 à 60, comme «\u202f3\u202f; 5\u202f»."))
        if len(typed) > 5:
            raise forms.ValidationError(_("Au plus cinq essais."))
        return [int(each) for each in typed]

    def sections(self, kept: Mapping[str, Any]) -> dict[str, Any]:
        """Of the rules as they are kept: what this form does not ask stays as it was."""
        said = {name: self._in_order(name, value) for name, value in self.cleaned_data.items()}
        brands = said.pop("card_brands")
        new = {**kept, **said}
        paying.read(new)
        return {"paying": new, "card_brands": brands}

    def _in_order(self, name: str, value: Any) -> Any:
        """What is ticked comes in the order that it had, and what is new after it: families read it so."""
        if not isinstance(self.fields[name], forms.MultipleChoiceField):
            return value
        before = [each for each in self.initial[name] if each in value]
        return [*before, *(each for each in value if each not in before)]

    def _keep_step(self, step: int) -> None:
        """A coin that the presets alone know is a choice of its own."""
        if step not in COINS:
            field = self.fields["cash_step_cents"]
            field.choices = [(step, str(step)), *COINS.items()]  # type: ignore[attr-defined]
