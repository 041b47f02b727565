"""How a request is answered: what is granted, its days, and what the family reads."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel.words import in_language
from tenant_apps.entitlements import wording
from tenant_apps.entitlements.models import Entitlement, Kind
from tenant_apps.entitlements.operations.deciding import Granted
from tenant_apps.entitlements.rules.residence import CHOICES
from tenant_apps.entitlements.telling import RATIOS
from tenant_apps.office.periods import SENSIBLE_DAYS
from tenant_apps.organisation.prices import Prices

_RATIO_WORDS = {
    1: gettext_lazy("1 pour 1\u202f: une personne avec cet enfant"),
    2: gettext_lazy("1 pour 2\u202f: une personne pour deux enfants"),
    3: gettext_lazy("1 pour 3\u202f: une personne pour trois enfants"),
}
_DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class DecisionForm(forms.Form):
    key = forms.ChoiceField(label=gettext_lazy("Ce qui est accordé"))
    ratio = forms.TypedChoiceField(
        label=gettext_lazy("Accompagnement"),
        coerce=int,
        choices=[(each, _RATIO_WORDS[each]) for each in RATIOS],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Dites combien d’enfants une même personne accompagne.")},
    )
    from_on = forms.DateField(label=gettext_lazy("Valable du"), widget=_DAY, validators=SENSIBLE_DAYS)
    until_on = forms.DateField(
        label=gettext_lazy("Jusqu’au, ce jour compris"),
        required=False,
        widget=_DAY,
        validators=SENSIBLE_DAYS,
    )
    answer = forms.CharField(
        label=gettext_lazy("Votre réponse à la famille"),
        help_text=gettext_lazy("Obligatoire pour refuser. La famille la lit telle quelle."),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    together = forms.BooleanField(required=False)

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        entitlement: Entitlement,
        prices: Prices,
        today: date,
        until_on: date | None,
        siblings: Sequence[Entitlement],
    ) -> None:
        super().__init__(data, initial={"from_on": today, "until_on": until_on, "together": True})
        self.entitlement = entitlement
        choices = _choices(entitlement.kind, prices)
        self.fields["key"].choices = choices  # type: ignore[attr-defined]
        self.fields["key"].initial = entitlement.key
        if not choices:
            del self.fields["key"]
        if entitlement.kind != Kind.SUPPORT:
            del self.fields["ratio"]
        if siblings:
            names = ", ".join(str(each.participant) for each in siblings)
            self.fields["together"].label = _("Répondre aussi pour\u202f: %(names)s") % {"names": names}
        else:
            del self.fields["together"]

    def granted(self) -> Granted:
        """Only after `is_valid`."""
        said = self.cleaned_data
        return Granted(
            from_on=said["from_on"],
            until_on=said["until_on"],
            key=said.get("key", self.entitlement.key),
            answer=said["answer"],
            ratio=said.get("ratio"),
        )


class EndForm(forms.Form):
    until_on = forms.DateField(
        label=gettext_lazy("Dernier jour"),
        help_text=gettext_lazy("Ce jour compris."),
        widget=_DAY,
        validators=SENSIBLE_DAYS,
    )


def _choices(kind: str, prices: Prices) -> list[tuple[str, str]]:
    if kind == Kind.RESIDENCE:
        return [(value.value, str(label)) for value, label in CHOICES]
    return [(each.key, in_language(each.label)) for each in wording.named(kind, prices)]
