"""The three sections of the check-out: the means, the terms and the conditions of payment (S2-12, S2-13)."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tenant_apps.payments.agreement import Terms
from tenant_apps.payments.terms import IN_FULL, LATER
from tenant_apps.portal.bills import Bill

CARD, TRANSFER = "card", "transfer"


class TermsForm(forms.Form):
    """Asks only what there is to choose; what is not said is as the page ticked it."""

    means = forms.ChoiceField(label=_("Mode de paiement"), widget=forms.RadioSelect, required=False)
    credit = forms.BooleanField(label=_("Utiliser mon crédit"), required=False)
    plan = forms.ChoiceField(label=_("Termes de paiement"), widget=forms.RadioSelect, required=False)
    accepted = forms.BooleanField(
        label=_("J’accepte les modalités de paiement"),
        error_messages={"required": _("Acceptez les modalités de paiement pour continuer.")},
    )

    def __init__(self, *args: Any, bill: Bill, asked: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plans = [(choice.plan, choice.label) for choice in bill.choices]
        self._offer("plan", plans)
        self._offer("means", [(CARD, _("Carte"))] + [(TRANSFER, _("Virement bancaire"))] * bill.takes_transfers)
        if not bill.credit_cents:
            del self.fields["credit"]
        if not asked:
            del self.fields["accepted"]
        elif any(choice.keeps_card for choice in bill.choices):
            self.fields["accepted"].label = _(
                "J’accepte les modalités de paiement et, si je paie en plusieurs fois, "
                "les prélèvements aux montants et aux dates indiqués"
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("means") == TRANSFER and cleaned.get("plan") not in (None, IN_FULL, LATER):
            self.add_error("plan", _("Les paiements en plusieurs fois se font par carte. Choisissez l’un ou l’autre."))
        return cleaned

    def _offer(self, name: str, choices: list[tuple[Any, Any]]) -> None:
        if len(choices) > 1:
            self.fields[name].choices = choices  # type: ignore[attr-defined]
        else:
            del self.fields[name]


def initial(terms: Terms, sent: Any) -> dict[str, Any]:
    """What the page ticks: what was chosen before, or just now where only the amounts are asked for again."""
    return {
        "means": TRANSFER if terms.by_transfer else CARD,
        "credit": terms.spends_credit,
        "plan": terms.plan,
        "accepted": bool(sent and sent.get("accepted")),
    }


def said(data: Any, *, words: str) -> Terms:
    """The terms that a page was sent with; what they may be is for `payments.agreement` to say."""
    return Terms(
        plan=str(data.get("plan", IN_FULL))[:40],
        spends_credit=data.get("credit") == "on",
        by_transfer=data.get("means") == TRANSFER,
        words=words,
    )
