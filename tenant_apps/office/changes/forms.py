"""How a change is answered, made at the counter, or announced to everybody whose choice is cancelled."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shared_apps.design.amounts import CentsField
from tenant_apps.catalog.models import Option
from tenant_apps.families.models import Participant

WITHDRAW, CANCEL, SWAP, TRANSFER = "withdraw", "cancel", "swap", "transfer"
_ACTIONS = {
    WITHDRAW: gettext_lazy("Désinscrire, à la demande de la famille"),
    SWAP: gettext_lazy("Changer de choix"),
    TRANSFER: gettext_lazy("Transférer à un autre enfant de la famille"),
    CANCEL: gettext_lazy("Annuler, de notre fait\u202f: tout est remboursé"),
}


def _answer(**options: Any) -> forms.CharField:
    return forms.CharField(max_length=2000, widget=forms.Textarea(attrs={"rows": 4}), **options)


class DecisionForm(forms.Form):
    """The fee may be changed by who sets prices; for the others it is what the family was shown."""

    fee = CentsField(label=gettext_lazy("Frais retenus"))
    answer = _answer(
        label=gettext_lazy("Votre réponse à la famille"),
        help_text=gettext_lazy("Obligatoire pour refuser. La famille la lit telle quelle."),
        required=False,
    )

    def __init__(self, data: Mapping[str, Any] | None, *, fee_cents: int, sets_fee: bool) -> None:
        super().__init__(data, initial={"fee": fee_cents})
        if not sets_fee:
            del self.fields["fee"]


class CounterForm(forms.Form):
    action = forms.ChoiceField(
        label=gettext_lazy("Ce que vous faites"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choisissez ce que vous faites.")},
    )
    option = forms.ChoiceField(label=gettext_lazy("Nouveau choix"), required=False)
    participant = forms.ChoiceField(label=gettext_lazy("Autre enfant"), required=False)
    fee = CentsField(
        label=gettext_lazy("Frais retenus"),
        help_text=gettext_lazy("Laissez vide pour suivre la règle. Aucuns frais si vous annulez de votre fait."),
        required=False,
    )
    answer = _answer(
        label=gettext_lazy("Ce que la famille lira"),
        help_text=gettext_lazy("Obligatoire si vous annulez de votre fait."),
        required=False,
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        options: Sequence[Option],
        participants: Sequence[Participant],
        fees: Mapping[str, int],
        sets_fee: bool,
    ) -> None:
        super().__init__(data)
        self.fees = fees
        possible = {WITHDRAW, CANCEL, *((SWAP,) if options else ()), *((TRANSFER,) if participants else ())}
        self._choose("action", [(key, str(label)) for key, label in _ACTIONS.items() if key in possible])
        self._choose("option", [("", "—"), *((str(each.id), str(each)) for each in options)])
        self._choose("participant", [("", "—"), *((str(each.id), str(each)) for each in participants)])
        for name, wanted in (("option", options), ("participant", participants)):
            if not wanted:
                del self.fields[name]
        if not sets_fee:
            del self.fields["fee"]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        needed = {SWAP: ("option", _("Dites le nouveau choix.")), TRANSFER: ("participant", _("Dites quel enfant."))}
        name, words = needed.get(said.get("action", ""), ("", ""))
        if name and not said.get(name):
            self.add_error(name, words)
        return said

    @property
    def fee_cents(self) -> int:
        """What is typed, else what the policy asks."""
        typed = self.cleaned_data.get("fee")
        return self.fees.get(self.cleaned_data["action"], 0) if typed is None else int(typed)

    def chosen(self, name: str) -> UUID | None:
        said = self.cleaned_data.get(name)
        return UUID(said) if said else None

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]


class ClosingForm(forms.Form):
    options = forms.MultipleChoiceField(
        label=gettext_lazy("Ce qui est annulé"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choisissez au moins un choix.")},
    )
    answer = _answer(
        label=gettext_lazy("Ce que les familles liront"),
        help_text=gettext_lazy("Dites pourquoi, et ce qui vient ensuite. Le message annonce aussi le remboursement."),
        error_messages={"required": gettext_lazy("Dites aux familles pourquoi.")},
    )
    sure = forms.BooleanField(
        label=gettext_lazy("Je confirme l’annulation\u202f: elle ne se défait pas."),
        error_messages={"required": gettext_lazy("Cochez la case pour confirmer.")},
    )

    def __init__(self, data: Mapping[str, Any] | None, *, choices: Sequence[tuple[str, str]]) -> None:
        super().__init__(data)
        self.fields["options"].choices = choices  # type: ignore[attr-defined]

    @property
    def option_ids(self) -> list[UUID]:
        return [UUID(each) for each in self.cleaned_data["options"]]
