"""What a family chooses on the pages of its accounts: how much to pay, and which accounts to see."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _

from shared_apps.design.amounts import CentsField
from tenant_apps.catalog.pricing.wording import amount

# Less than this is neither asked of a card nor left to be asked of one.
LEAST_CENTS = 100


class AmountForm(forms.Form):
    """All of what is owed, or a part: filled in with all of it."""

    amount = CentsField(label="")

    def __init__(self, data: Mapping[str, Any] | None, *, owed_cents: int) -> None:
        super().__init__(data, initial={"amount": owed_cents})
        self.owed_cents = owed_cents
        least = min(LEAST_CENTS, owed_cents)
        bounds = _("Le montant est compris entre %(least)s et %(most)s.")
        told = bounds % {"least": amount(least), "most": amount(owed_cents)}
        self.fields["amount"] = CentsField(
            label=_("Montant à payer"),
            help_text=_("Vous pouvez n’en payer qu’une partie."),
            least=least,
            most=owed_cents,
            error_messages={
                "required": _("Écrivez le montant à payer."),
                "unreadable": _("Écrivez un montant en chiffres, comme 10 ou 5,50."),
                "least": told,
                "most": told,
            },
        )

    def clean_amount(self) -> int:
        cents = int(self.cleaned_data["amount"])
        if 0 < self.owed_cents - cents < LEAST_CENTS:
            rest = {"least": amount(LEAST_CENTS)}
            raise forms.ValidationError(_("Payez tout, ou laissez au moins %(least)s à payer.") % rest)
        return cents


class AccountFilters(forms.Form):
    """Shown once there is something to narrow."""

    annee = forms.TypedChoiceField(required=False, coerce=int, empty_value=None)
    enfant = forms.TypedChoiceField(required=False, coerce=UUID, empty_value=None)

    def __init__(self, data: Mapping[str, Any], *, years: Sequence[int], children: Sequence[tuple[UUID, str]]) -> None:
        super().__init__(data)
        self._offer("annee", _("Année"), [(str(year), str(year)) for year in years])
        self._offer("enfant", _("Enfant"), [(str(key), name) for key, name in children])
        self.is_useful = len(years) > 1 or len(children) > 1
        self.is_valid()

    @property
    def year(self) -> int | None:
        return self.cleaned_data.get("annee")

    @property
    def child_id(self) -> UUID | None:
        return self.cleaned_data.get("enfant")

    def _offer(self, name: str, label: str, choices: list[tuple[str, str]]) -> None:
        field: forms.TypedChoiceField = self.fields[name]  # type: ignore[assignment]
        field.label, field.choices = label, [("", _("Tous")), *choices]
