"""The form of a plan of instalments: its name, its parts with their days, and what may be paid so (S2-15 to S2-22)."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel import clock
from shared_apps.design.amounts import CentsField
from tenant_apps.catalog.models import Nature
from tenant_apps.catalog.pricing.wording import percent
from tenant_apps.office.catalogue.price_forms import RowForm
from tenant_apps.office.periods import SENSIBLE_DAYS
from tenant_apps.organisation import queries as organisation
from tenant_apps.organisation.paying import HUNDRED, Share
from tenant_apps.payments.terms import LATER, day_of

_FEWEST, _MOST_MONTHS = 6, 24
_NATURES = [(value, label) for value, label in Nature.choices if value != Nature.CONSENT]


class PlanForm(RowForm):
    """Its first part is paid at once; the others so many months later, or on a day."""

    natures = forms.MultipleChoiceField(
        label=gettext_lazy("Activités qui peuvent être payées ainsi"),
        required=False,
        choices=_NATURES,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy(
            "Chaque activité peut en décider autrement. Si rien n’est coché, seules celles qui nomment ce paiement "
            "le proposent."
        ),
    )
    minimum = CentsField(
        label=gettext_lazy("À partir de"),
        required=False,
        help_text=gettext_lazy("Laissez vide s’il n’y a pas de minimum."),
    )
    minimum_of = forms.ChoiceField(
        label=gettext_lazy("Ce minimum se compte sur"),
        choices=[
            ("part", gettext_lazy("Ce qui peut être payé ainsi")),
            ("basket", gettext_lazy("Tout ce qui est acheté")),
        ],
    )

    def __init__(
        self, data: Mapping[str, Any] | None, *, kept: Mapping[str, Any] | None, others: Mapping[str, str]
    ) -> None:
        super().__init__(data, kept=kept, others=others)
        self._today = clock.local_date(clock.now(), organisation.profile().zone)
        self.numbers = range(1, max(_FEWEST, len(kept["shares"]) + 1 if kept else 0) + 1)
        for number in self.numbers:
            self._add_share(number)

    @classmethod
    def initial_of(cls, kept: Mapping[str, Any]) -> dict[str, Any]:
        said = {"natures": kept.get("natures", []), "minimum_of": kept.get("minimum_of", "part")}
        said["minimum"] = kept.get("minimum_cents") or None
        for number, share in enumerate(kept["shares"], start=1):
            said |= {f"percent_{number}": Decimal(str(share["percent"])), f"on_{number}": share.get("on") or None}
            said[f"months_{number}"] = share.get("months") or None
        return said

    @property
    def parts(self) -> list[dict[str, Any]]:
        """The fields of each part, for the page to put them together."""
        return [
            {"number": number, "fields": [self[f"{name}_{number}"] for name in _names(number)]}
            for number in self.numbers
        ]

    def clean_label(self) -> str:
        label = super().clean_label()
        if slugify(label) == LATER:
            raise forms.ValidationError(_("Ce nom est réservé\u202f: choisissez-en un autre."))
        return label

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        for number in self.numbers[1:]:
            self._check_day(number, said)
        if not self.errors:
            self._check_parts(said)
        return said

    def own(self) -> dict[str, Any]:
        said = self.cleaned_data
        return {
            "shares": [self._share(number) for number in self._used(said)],
            "natures": sorted(said["natures"]),
            "minimum_cents": said["minimum"] or 0,
            "minimum_of": said["minimum_of"],
        }

    def _add_share(self, number: int) -> None:
        names = {"number": number}
        self.fields[f"percent_{number}"] = forms.DecimalField(
            label=_("Part %(number)s, en pour cent") % names,
            required=number == 1,
            min_value=Decimal("0.01"),
            max_value=HUNDRED,
            max_digits=5,
            decimal_places=2,
            localize=True,
            widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "class": "width-short"}),
        )
        if number == 1:
            return
        self.fields[f"months_{number}"] = forms.IntegerField(
            label=_("Part %(number)s\u202f: mois après l’inscription") % names,
            required=False,
            min_value=0,
            max_value=_MOST_MONTHS,
        )
        self.fields[f"on_{number}"] = forms.DateField(
            label=_("Part %(number)s\u202f: ou à cette date") % names,
            required=False,
            validators=SENSIBLE_DAYS,
            widget=forms.DateInput(format="%Y-%m-%d"),
        )

    def _check_day(self, number: int, said: Mapping[str, Any]) -> None:
        percent, months, on = (said.get(f"{name}_{number}") for name in ("percent", "months", "on"))
        if percent and months and on:
            self.add_error(f"on_{number}", _("Dites un nombre de mois ou une date, pas les deux."))
        elif on and on <= self._today and on.isoformat() != self.initial.get(f"on_{number}"):
            self.add_error(f"on_{number}", _("Cette date est passée\u202f: choisissez-en une qui est à venir."))
        elif percent and not (months or on) and not self.errors:
            self.add_error(f"months_{number}", _("Dites quand cette part est due."))
        elif (months or on) and not percent and f"percent_{number}" not in self.errors:
            self.add_error(f"percent_{number}", _("Dites combien vaut cette part."))

    def _check_parts(self, said: Mapping[str, Any]) -> None:
        used = self._used(said)
        total = sum(said[f"percent_{number}"] for number in used)
        if len(used) < 2:
            self.add_error("percent_2", _("Un paiement en plusieurs fois a au moins deux parts."))
        elif total != HUNDRED:
            told = _("Les parts font %(total)s\u202f: elles doivent faire %(whole)s.")
            self.add_error(f"percent_{used[-1]}", told % {"total": percent(total), "whole": percent(HUNDRED)})
        elif not self._is_in_order(used):
            self.add_error(f"months_{used[-1]}", _("Rangez les parts de la plus proche à la plus lointaine."))

    def _is_in_order(self, used: list[int]) -> bool:
        """For who registers today, as the check-out has it."""
        days = [day_of(self._as_read(number), self._today) for number in used]
        return days == sorted(days)

    def _as_read(self, number: int) -> Share:
        said = self.cleaned_data
        return Share(
            percent=said[f"percent_{number}"], months=said.get(f"months_{number}") or 0, on=said.get(f"on_{number}")
        )

    def _used(self, said: Mapping[str, Any]) -> list[int]:
        return [number for number in self.numbers if said.get(f"percent_{number}")]

    def _share(self, number: int) -> dict[str, Any]:
        said = self.cleaned_data
        share: dict[str, Any] = {"percent": f"{said[f'percent_{number}']:f}"}
        if months := said.get(f"months_{number}"):
            share["months"] = months
        if on := said.get(f"on_{number}"):
            share["on"] = on.isoformat()
        return share


def _names(number: int) -> tuple[str, ...]:
    return ("percent",) if number == 1 else ("percent", "months", "on")
