"""What is typed to give money back, to find another way for it, and to change the credit of a family."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from kernel import ids
from shared_apps.design.amounts import CentsField
from tenant_apps.office.periods import PeriodFilters
from tenant_apps.organisation.models import Payee
from tenant_apps.payments.models import Means, Refund, RefundMeans
from tenant_apps.payments.refunding import BY_HAND

TODO, ON_ITS_WAY, DONE = "", "on_its_way", "done"
_CHOOSE = {"required": _("Choisissez un moyen.")}
_AMOUNT = {"required": _("Écrivez un montant."), "least": _("Écrivez un montant."), "most": _("C’est trop.")}


class RefundFilters(PeriodFilters):
    status = forms.ChoiceField(
        label=_("État"),
        required=False,
        choices=[(TODO, _("À faire")), (ON_ITS_WAY, _("En cours")), (DONE, _("Faits")), ("all", _("Tous"))],
    )

    field_order = ("payee", "status", "from_on", "until_on")


def _words(**options: Any) -> forms.CharField:
    return forms.CharField(
        label=_("Raison"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Pour le suivi\u202f: la famille ne la lit pas."),
        error_messages={"required": _("Dites pourquoi\u202f: on le relira plus tard.")},
        **options,
    )


class GiveBackForm(forms.Form):
    """`key` names what is given back: a form that is sent twice gives back once."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    amount = CentsField(label=_("Montant à rendre"), least=1, error_messages=_AMOUNT)
    means = forms.ChoiceField(label=_("Moyen"), widget=forms.RadioSelect, required=False)
    words = _words()

    def __init__(self, data: Mapping[str, Any] | None, *, first_cents: int) -> None:
        super().__init__(data, initial={"key": ids.uuid7(), "amount": first_cents, "means": ""})
        others = [(means.value, means.label) for means in RefundMeans if means != RefundMeans.CARD]
        self.fields["means"].choices = [("", _("Comme la famille a payé")), *others]  # type: ignore[attr-defined]

    @property
    def chosen(self) -> RefundMeans | None:
        said = self.cleaned_data["means"]
        return RefundMeans(said) if said else None


class OtherwiseForm(forms.Form):
    means = forms.ChoiceField(label=_("Autre moyen"), widget=forms.RadioSelect, error_messages=_CHOOSE)

    def __init__(self, data: Mapping[str, Any] | None, *, refund: Refund) -> None:
        super().__init__(data)
        words = {RefundMeans.CARD: _("Même carte, encore une fois")}
        possible = [RefundMeans.CREDIT, RefundMeans.CHEQUE, RefundMeans.TRANSFER, RefundMeans.CASH, RefundMeans.CARD]
        if refund.payment.means != Means.ONLINE:
            possible.remove(RefundMeans.CARD)
        if refund.status == "due":
            possible.remove(RefundMeans(refund.means))
        choices = [(each.value, words.get(each, each.label)) for each in possible]
        self.fields["means"].choices = choices  # type: ignore[attr-defined]


class DoneForm(forms.Form):
    proof = forms.CharField(
        label=_("Numéro du chèque ou référence du virement"), max_length=60, required=False, strip=True
    )

    def __init__(self, data: Mapping[str, Any] | None, *, refund: Refund) -> None:
        super().__init__(data)
        if refund.means != RefundMeans.CASH:
            proof = self.fields["proof"]
            proof.required = True
            proof.error_messages["required"] = _("Donnez le numéro du chèque ou la référence du virement.")


class ForgiveForm(forms.Form):
    key = forms.UUIDField(widget=forms.HiddenInput)
    amount = CentsField(label=_("Montant abandonné"), least=1, error_messages=_AMOUNT)
    words = _words()

    def __init__(self, data: Mapping[str, Any] | None, *, owed: int) -> None:
        super().__init__(data, initial={"key": ids.uuid7(), "amount": owed})
        self._owed = owed

    def clean_amount(self) -> int:
        cents: int = self.cleaned_data["amount"]
        if cents > self._owed:
            raise forms.ValidationError(_("C’est plus que ce qui reste à payer."))
        return cents


class CreditForm(forms.Form):
    """What they all ask: which payee, and how much."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    payee = forms.ChoiceField(label=_("Compte de paiement"))
    amount = CentsField(label=_("Montant"), least=1, error_messages=_AMOUNT)

    def __init__(self, data: Mapping[str, Any] | None, *, payees: Sequence[Payee], held: Mapping[UUID, str]) -> None:
        """`held`: what the family has with each, in words."""
        super().__init__(data, initial={"key": ids.uuid7()})
        named = {payee.pk: f"{payee.name} ({held[payee.pk]})" for payee in payees if payee.pk in held}
        choices = [(str(payee.pk), named.get(payee.pk, payee.name)) for payee in payees]
        self.fields["payee"].choices = choices  # type: ignore[attr-defined]


class GrantForm(CreditForm):
    words = _words()


class MoveForm(CreditForm):
    other = forms.ChoiceField(label=_("Vers"))

    def __init__(self, data: Mapping[str, Any] | None, *, payees: Sequence[Payee], held: Mapping[UUID, str]) -> None:
        super().__init__(data, payees=[payee for payee in payees if payee.pk in held], held=held)
        self.fields["payee"].label = _("Depuis")
        self.fields["other"].choices = [(str(payee.pk), payee.name) for payee in payees]  # type: ignore[attr-defined]

    def clean_other(self) -> str:
        other: str = self.cleaned_data["other"]
        if other == self.cleaned_data.get("payee"):
            raise forms.ValidationError(_("Choisissez un autre compte que celui de départ."))
        return other


class PayOutForm(CreditForm):
    means = forms.ChoiceField(
        label=_("Moyen"),
        widget=forms.RadioSelect,
        choices=[(means.value, means.label) for means in BY_HAND],
        error_messages=_CHOOSE,
    )
    proof = forms.CharField(
        label=_("Numéro du chèque ou référence du virement"), max_length=60, required=False, strip=True
    )

    def __init__(self, data: Mapping[str, Any] | None, *, payees: Sequence[Payee], held: Mapping[UUID, str]) -> None:
        super().__init__(data, payees=[payee for payee in payees if payee.pk in held], held=held)
