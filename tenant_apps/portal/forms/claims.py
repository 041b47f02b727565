"""What is taken inside an offering: a quantity of each option, one of them, or several."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _

from shared_apps.design.fields import Quantity
from tenant_apps.catalog.models import Offering, Option, Selection
from tenant_apps.portal.options import Shown

PREFIX = "choix"
_FIELD = "options"


@dataclass(frozen=True)
class Row:
    """One option as the form shows it, with what is asked of it at this moment."""

    shown: Shown
    left: int | None
    quantity: int
    field: BoundField | None

    @property
    def option(self) -> Option:
        return self.shown.option

    @property
    def is_full(self) -> bool:
        return self.left == 0

    @property
    def is_closed(self) -> bool:
        return self.is_full or self.shown.reason is not None

    @property
    def amount_cents(self) -> int:
        return self.quantity * self.option.price_cents


class ClaimsForm(forms.Form):
    """`chosen` gives the option ids and quantities, in the page's order, once the form is valid."""

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        offering: Offering,
        options: Iterable[Shown],
        taken: Mapping[UUID, int] | None = None,
    ) -> None:
        """`taken` is what the visitor holds already: shown as chosen, and free for them to take again."""
        super().__init__(data, prefix=PREFIX)
        self.shown = list(options)
        self.taken = dict(taken or {})
        self.by_quantity = offering.selection == Selection.QUANTITIES
        self.is_single = offering.selection == Selection.ONE
        if self.by_quantity:
            self.fields.update({_name(each.option): self._quantity_field(each) for each in self._open()})
        else:
            self.fields[_FIELD] = self._choice_field()

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if self.by_quantity and not self.errors and not any(cleaned.values()):
            self.refuse(_("Choisissez une quantité d’au moins 1 pour un article."))
        return cleaned

    @property
    def chosen(self) -> list[tuple[UUID, int]]:
        if self.by_quantity:
            asked = ((each.option.id, self.cleaned_data.get(_name(each.option)) or 0) for each in self._open())
            return [(option_id, quantity) for option_id, quantity in asked if quantity > 0]
        ids = set(_as_list(self.cleaned_data[_FIELD]))
        return [(each.option.id, 1) for each in self.shown if str(each.option.id) in ids]

    @property
    def choice_errors(self) -> list[str]:
        return [str(error) for error in self.errors.get(_FIELD, [])]

    @property
    def has_full(self) -> bool:
        return any(row.is_full for row in self.rows())

    @property
    def full_among_others(self) -> str:
        """The names of what is full, where something else is still free."""
        rows = list(self.rows())
        full = [row.option.name for row in rows if row.is_full]
        return ", ".join(full) if len(full) < len(rows) else ""

    @property
    def total_cents(self) -> int:
        return sum(row.amount_cents for row in self.rows())

    def refuse(self, message: str) -> None:
        """Tell at the field what the rules refused when the places were asked for."""
        first = next(iter(self.fields), None)
        self.add_error(first, message)

    def rows(self) -> Iterator[Row]:
        for each in self.shown:
            name = _name(each.option)
            field = self[name] if name in self.fields else None
            yield Row(each, self._left(each), self._quantity(each.option, field), field)

    def _open(self) -> Iterator[Shown]:
        return (each for each in self.shown if each.reason is None)

    def _left(self, each: Shown) -> int | None:
        return None if each.left is None else each.left + self.taken.get(each.option.id, 0)

    def _quantity(self, option: Option, field: BoundField | None) -> int:
        if field is not None:
            said = str(field.value())
            return int(said) if said.isascii() and said.isdigit() and len(said) < 6 else 0
        if _FIELD not in self.fields:
            return 0
        return int(str(option.id) in _as_list(self[_FIELD].value()))

    def _quantity_field(self, each: Shown) -> forms.IntegerField:
        option, left = each.option, self._left(each)
        said = {"name": option.name, "most": option.maximum_quantity}
        field = forms.IntegerField(
            label=option.name,
            required=False,
            initial=self.taken.get(option.id, 0),
            min_value=0,
            max_value=option.maximum_quantity,
            widget=Quantity(attrs={"inputmode": "numeric", "autocomplete": "off"}),
            error_messages={
                "invalid": _("%(name)s\u202f: écrivez la quantité en chiffres, sans décimale.") % said,
                "min_value": _("%(name)s\u202f: la quantité ne peut pas être négative.") % said,
                "max_value": _("%(name)s\u202f: la quantité est de %(most)s au plus.") % said,
            },
        )
        # The browser alone is told of the places left: an option that filled up meanwhile is refused by name.
        field.widget.attrs["max"] = option.maximum_quantity if left is None else min(option.maximum_quantity, left)
        if left == 0:
            field.widget.attrs["disabled"] = True
        return field

    def _choice_field(self) -> forms.ChoiceField:
        choices = [(str(each.option.id), each.option.name) for each in self._open()]
        held = [str(option_id) for option_id in self.taken]
        if self.is_single and len(choices) == 1 and not held:
            held = [choices[0][0]]
        gone = _("Ce choix n’est plus offert. Choisissez-en un autre.")
        if self.is_single:
            messages = {"required": _("Choisissez une possibilité."), "invalid_choice": gone}
            return forms.ChoiceField(
                label=_("Choix"), choices=choices, initial=held[:1], error_messages=messages, widget=forms.RadioSelect
            )
        messages = {"required": _("Choisissez au moins une possibilité."), "invalid_choice": gone, "invalid_list": gone}
        return forms.MultipleChoiceField(
            label=_("Choix"),
            choices=choices,
            initial=held,
            error_messages=messages,
            widget=forms.CheckboxSelectMultiple,
        )


def _name(option: Option) -> str:
    return f"q-{option.id}"


def _as_list(value: Any) -> list[str]:
    if value in (None, ""):
        return []
    return [value] if isinstance(value, str) else [str(item) for item in value]
