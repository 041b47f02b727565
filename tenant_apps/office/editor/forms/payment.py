"""In how many times an offering is paid, its code and its fund in the books: as the organisation, or not."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel.words import in_language
from shared_apps.design.lines import LineField
from tenant_apps.catalog.models import Offering
from tenant_apps.organisation.paying import Plan
from tenant_apps.organisation.rules import Rules

USUAL, OWN = "usual", "own"


class PaymentForm(forms.Form):
    """What is left empty is as the organisation does. `plans` says anything only where `spread` is OWN."""

    spread = forms.ChoiceField(
        label=gettext_lazy("Paiement en plusieurs fois"),
        choices=[
            (USUAL, gettext_lazy("Comme votre organisation")),
            (OWN, gettext_lazy("Seulement ceux qui sont cochés ici")),
        ],
        widget=forms.RadioSelect,
    )
    plans = forms.MultipleChoiceField(
        label=gettext_lazy("Elle peut être payée"), required=False, widget=forms.CheckboxSelectMultiple
    )
    later_days = forms.IntegerField(
        label=gettext_lazy("Les familles peuvent payer plus tard, en tant de jours"),
        required=False,
        min_value=1,
        max_value=365,
    )
    code = LineField(
        label=gettext_lazy("Code comptable des ventes"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy("Laissez vide pour le code de son compte de paiement."),
    )
    fund = LineField(
        label=gettext_lazy("Fonds à destination spéciale"),
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy("Le nom du fonds, le même pour toutes les activités qui lui appartiennent."),
    )

    @classmethod
    def of(cls, offering: Offering, data: Any, rules: Rules) -> "PaymentForm":
        terms, books = offering.payment_terms, offering.accounting
        plans = terms.get("plans")
        kept = {"spread": USUAL if plans is None else OWN, "plans": plans or [], "later_days": terms.get("later_days")}
        form = cls(data, initial={**kept, "code": books.get("code", ""), "fund": books.get("fund", "")})
        form._offer(offering, rules.paying.plans)
        form._explain_later(rules)
        return form

    def columns(self, offering: Offering) -> dict[str, Any]:
        said = self.cleaned_data
        terms: dict[str, Any] = {}
        if "plans" not in self.fields:
            terms = {name: value for name, value in offering.payment_terms.items() if name == "plans"}
        elif said["spread"] == OWN:
            terms["plans"] = said["plans"]
        if said["later_days"]:
            terms["later_days"] = said["later_days"]
        books = {name: said[name] for name in ("code", "fund") if said[name]}
        kept = {name: value for name, value in offering.accounting.items() if name not in ("code", "fund")}
        return {"payment_terms": terms, "accounting": {**kept, **books}}

    def _offer(self, offering: Offering, plans: tuple[Plan, ...]) -> None:
        if not plans:
            del self.fields["spread"], self.fields["plans"]
            return
        choices = [(plan.key, in_language(plan.label)) for plan in plans]
        self.fields["plans"].choices = choices  # type: ignore[attr-defined]
        usual = [in_language(plan.label) for plan in plans if offering.nature in plan.natures]
        told = _("Votre organisation\u202f: %(words)s.") % {"words": ", ".join(usual) or _("en une fois")}
        self.fields["spread"].help_text = told

    def _explain_later(self, rules: Rules) -> None:
        told: Mapping[str, str] = {
            "families": _("Votre organisation le permet déjà, en %(days)s jours."),
            "staff": _("Sinon, seul le personnel peut le permettre, en %(days)s jours."),
        }
        words = told.get(rules.paying.later, _("Laissez vide si elle se paie à l’inscription."))
        self.fields["later_days"].help_text = words % {"days": rules.paying.later_days}
