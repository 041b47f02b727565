"""What is typed when money comes to the counter, and when a due day is moved."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel import ids
from shared_apps.design.amounts import CentsField
from tenant_apps.office.periods import SENSIBLE_DAYS
from tenant_apps.organisation.paying import Paying
from tenant_apps.payments.models import Means
from tenant_apps.payments.operations.counter import COUNTER, Received
from tenant_apps.payments.rounding import in_coins

_MEANS_REQUIRED = {"required": gettext_lazy("Choisissez comment la famille paie.")}


class ReceiveForm(forms.Form):
    """`key` names the payment: a form that is sent twice is one payment."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    means = forms.ChoiceField(
        label=gettext_lazy("Moyen de paiement"), widget=forms.RadioSelect, error_messages=_MEANS_REQUIRED
    )
    amount = CentsField(
        label=gettext_lazy("Montant reçu"),
        least=1,
        error_messages={"required": gettext_lazy("Écrivez le montant reçu.")},
    )
    tendered = CentsField(
        label=gettext_lazy("Somme remise en espèces"),
        required=False,
        help_text=gettext_lazy("Pour savoir combien rendre."),
    )
    reference = forms.CharField(
        label=gettext_lazy("Numéro du chèque ou référence"), required=False, max_length=40, strip=True
    )
    received_on = forms.DateField(
        label=gettext_lazy("Reçu le"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": gettext_lazy("Écrivez le jour où l’argent est arrivé.")},
    )
    keeps_surplus = forms.BooleanField(
        label=gettext_lazy("Garder le surplus en crédit pour la famille"), required=False
    )

    def __init__(self, data: Mapping[str, Any] | None, *, owed: int, rules: Paying, today: date) -> None:
        first = {"key": ids.uuid7(), "amount": owed, "received_on": today}
        super().__init__(data, initial=first)
        self._coins, self._owed = in_coins(owed, rules.cash_step_cents), owed
        accepted = [each for each in COUNTER if each in rules.counter]
        self.fields["means"].choices = [(each.value, each.label) for each in accepted]  # type: ignore[attr-defined]
        day = self.fields["received_on"]
        day.widget.attrs["max"] = today.isoformat()
        too_late = MaxValueValidator(today, message=gettext_lazy("Ce jour n’est pas encore arrivé."))
        day.validators = [MinValueValidator(SENSIBLE_DAYS[0].limit_value), too_late]

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        means, amount, tendered = said.get("means"), said.get("amount"), said.get("tendered")
        if means == Means.CHEQUE and not said.get("reference"):
            self.add_error("reference", _("Écrivez le numéro du chèque."))
        if means == Means.CASH and amount == self._owed:
            # Whoever says « all of it » says it in coins.
            said["amount"] = amount = self._coins
        if means == Means.CASH and amount is not None and tendered is not None and tendered < amount:
            self.add_error("tendered", _("C’est moins que le montant reçu."))
        return said

    @property
    def received(self) -> Received:
        said = self.cleaned_data
        return Received(
            means=said["means"],
            cents=said["amount"],
            received_on=said["received_on"],
            reference=said["reference"],
            keeps_surplus=said["keeps_surplus"],
        )

    @property
    def change_cents(self) -> int:
        """What goes back over the counter."""
        said = self.cleaned_data
        is_cash = said["means"] == Means.CASH and said["tendered"] is not None
        return said["tendered"] - said["amount"] if is_cash else 0


class DueForm(forms.Form):
    due_on = forms.DateField(
        label=gettext_lazy("À payer le"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        validators=SENSIBLE_DAYS,
        error_messages={"required": gettext_lazy("Choisissez un jour.")},
    )
