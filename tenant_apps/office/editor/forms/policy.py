"""One kind of change that families may ask: allowed or not, until when, for how much, and who decides."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shared_apps.design.amounts import CentsField
from tenant_apps.changes.policy import Decision, Fee, Policy, write
from tenant_apps.changes.wording import DECISIONS, FIELDS

_FEES = (1, 2, 3)
_PARTS = ("from_days_before", "percent", "cents")


class PolicyForm(forms.Form):
    own = forms.ChoiceField(
        label=gettext_lazy("Pour cette activité"),
        widget=forms.RadioSelect,
        choices=[
            ("", gettext_lazy("Comme votre organisation")),
            ("own", gettext_lazy("Ses propres règles, ci-dessous")),
        ],
        required=False,
    )
    allowed = forms.BooleanField(label=FIELDS["allowed"], required=False)
    until_days = forms.IntegerField(
        label=FIELDS["until_days"],
        required=False,
        min_value=0,
        max_value=365,
        help_text=gettext_lazy("Laissez vide pour le permettre jusqu’à la fin."),
    )
    asks_reason = forms.BooleanField(label=FIELDS["asks_reason"], required=False)
    asks_proof = forms.BooleanField(label=FIELDS["asks_proof"], required=False)
    decision = forms.ChoiceField(label=FIELDS["decision"], choices=DECISIONS, widget=forms.RadioSelect)

    @classmethod
    def of(cls, policy: Policy, data: Any, *, is_own: bool) -> "PolicyForm":
        kept: dict[str, Any] = {
            "own": "own" if is_own else "",
            "allowed": policy.allowed,
            "until_days": policy.until_days,
            "asks_reason": policy.asks_reason,
            "asks_proof": policy.asks_proof,
            "decision": policy.decision.value,
        }
        for number, fee in zip(_FEES, policy.fees, strict=False):
            kept |= {f"fee_{number}_from_days_before": fee.from_days_before, f"fee_{number}_percent": fee.percent}
            kept[f"fee_{number}_cents"] = fee.cents or None
        form = cls(data, initial=kept)
        for number in _FEES:
            form._add_fee(number)
        return form

    @property
    def fees(self) -> list[dict[str, Any]]:
        """The fields of each, for the page."""
        return [{"number": number, "fields": [self[f"fee_{number}_{part}"] for part in _PARTS]} for number in _FEES]

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        days = [fee.from_days_before for fee in self._said_fees(said)]
        if len(set(days)) < len(days):
            self.add_error(None, _("Deux frais commencent le même jour\u202f: gardez-en un."))
        return said

    def changes(self, kept: Mapping[str, Any], kind: str) -> dict[str, Any]:
        """The offering's column, once this kind is as the form says."""
        said = self.cleaned_data
        others = {name: told for name, told in kept.items() if name != kind}
        if said["own"] != "own":
            return others
        policy = Policy(
            allowed=said["allowed"],
            until_days=said["until_days"],
            fees=tuple(self._said_fees(said)),
            asks_reason=said["asks_reason"],
            asks_proof=said["asks_proof"],
            decision=Decision(said["decision"]),
        )
        return {**others, kind: write(policy)}

    def _said_fees(self, said: Mapping[str, Any]) -> list[Fee]:
        told = [[said.get(f"fee_{number}_{part}") for part in _PARTS] for number in _FEES]
        return [Fee(days, percent or Decimal(0), cents or 0) for days, percent, cents in told if percent or cents]

    def _add_fee(self, number: int) -> None:
        fields = {
            "from_days_before": forms.IntegerField(
                label=FIELDS["from_days_before"], required=False, min_value=0, max_value=365
            ),
            "percent": forms.DecimalField(
                label=FIELDS["percent"], required=False, min_value=0, max_value=100, decimal_places=2
            ),
            "cents": CentsField(label=FIELDS["cents"], required=False),
        }
        for part, field in fields.items():
            self.fields[f"fee_{number}_{part}"] = field
