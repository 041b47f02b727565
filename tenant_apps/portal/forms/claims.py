"""What is taken inside an offering: a quantity of each option, one of them, several, one of each week, or an amount."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from shared_apps.design import formats
from tenant_apps.catalog.models import Offering, Option, Selection
from tenant_apps.portal import weeks
from tenant_apps.portal.forms import claim_fields, copying, waiting_fields
from tenant_apps.portal.forms.claim_rows import FormWeek, Row
from tenant_apps.portal.forms.waiting_fields import WhatIsFull
from tenant_apps.portal.options import Shown
from tenant_apps.portal.registering import Chosen
from tenant_apps.portal.taking import IfFull
from tenants.context import current

PREFIX = "choix"
_FIELD = "options"


class ClaimsForm(forms.Form):
    """`chosen` says what is taken, in the page's order, once the form is valid."""

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        offering: Offering,
        options: Iterable[Shown],
        taken: Mapping[UUID, int] | None = None,
        given: Mapping[UUID, int] | None = None,
    ) -> None:
        """`taken` is what the visitor holds already: shown as chosen, and free for them to take again.

        `given` is what they said of voluntary amounts, in cents.
        """
        every = list(options)
        self.shown = [each for each in every if not each.option.is_voluntary]
        self.voluntary = [each for each in every if each.option.is_voluntary]
        self.has_weeks = weeks.has_weeks(offering, [each.option for each in self.shown])
        self.is_copied = copying.is_asked(data)
        super().__init__(copying.copied(data, self.shown) if data and self.is_copied else data, prefix=PREFIX)
        self.taken = dict(taken or {})
        self.filled_up: frozenset[UUID] = frozenset()
        self.by_quantity = offering.selection == Selection.QUANTITIES
        self.is_estimate = _is_estimate(offering)
        self.is_single = offering.selection == Selection.ONE
        self.is_weekly = offering.selection == Selection.PER_WEEK and self.has_weeks
        self._add_fields()
        self.fields.update(
            {
                _amount_name(each.option): claim_fields.amount(each.option, initial=(given or {}).get(each.option.id))
                for each in self.voluntary
                if not each.reasons
            }
        )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if self.errors or any(cleaned.values()) or not self.fields:
            return cleaned
        if self.by_quantity and self.shown:
            self.refuse(_("Choisissez une quantité d’au moins 1 pour un article."))
        elif self.is_weekly:
            self.refuse(_("Choisissez au moins une semaine."))
        elif not self.shown:
            self.refuse(_("Écrivez le montant que vous souhaitez verser. Rien ne vous y oblige."))
        return cleaned

    @property
    def chosen(self) -> list[Chosen]:
        said = self.cleaned_data if self.fields else {}
        given = [(each.option.id, said.get(_amount_name(each.option)) or 0) for each in self.voluntary]
        amounts = [Chosen(option_id, unit_cents=cents) for option_id, cents in given if cents]
        if self.by_quantity:
            asked = ((each.option.id, said.get(_name(each.option)) or 0) for each in self._open())
            return [Chosen(option_id, quantity) for option_id, quantity in asked if quantity > 0] + amounts
        ids = {identifier for name in self._choice_names() for identifier in _as_list(said.get(name))}
        return [Chosen(each.option.id) for each in self.shown if str(each.option.id) in ids] + amounts

    @property
    def if_full(self) -> IfFull:
        """What the page showed as full, and was chosen all the same, is waited for; the rest is as the button said."""
        return waiting_fields.said(self.data, self.shown, [each.option_id for each in self.chosen])

    @property
    def full(self) -> WhatIsFull:
        return WhatIsFull(self.rows(), self.filled_up, self.data)

    @property
    def choice_errors(self) -> list[str]:
        return [str(error) for error in self.errors.get(_FIELD, [])]

    @property
    def has_full(self) -> bool:
        return any(row.is_full for row in self.rows() if not row.is_for_others)

    @property
    def has_limit(self) -> bool:
        """There are places to keep, and not only an order to take."""
        return any(each.left is not None for each in self.shown)

    @property
    def full_among_others(self) -> str:
        """The names of what is full, where something else is still free."""
        rows = [row for row in self.rows() if not row.is_for_others]
        full = [row.option.shown("name") for row in rows if row.is_full]
        return ", ".join(full) if len(full) < len(rows) else ""

    @property
    def total_cents(self) -> int:
        return sum(row.amount_cents for row in self.rows())

    def refuse(self, message: str, option_ids: Iterable[UUID] = ()) -> None:
        """Tell what the rules refused when the places were asked for, at the field of the options that it names."""
        named = [name for option_id in option_ids if (name := self._field_of(option_id))]
        self.filled_up = frozenset(option_ids)
        self.add_error(next(iter(named or self.fields), None), message)

    def rows(self) -> Iterator[Row]:
        before: Counter[str] = Counter()
        for each in self.shown:
            field = self._bound(_name(each.option))
            group = _week_name(each.option) if self.is_weekly else _FIELD
            input_id = f"id_{PREFIX}-{group}_{before[group]}"
            before[group] += 1
            yield Row(each, self._left(each), self._quantity(each.option, field), field, input_id)

    def amounts(self) -> list[Row]:
        """What one may give besides, or instead."""
        fields = ((each, _amount_name(each.option)) for each in self.voluntary)
        return [Row(each, None, 0, self[name]) for each, name in fields if name in self.fields]

    def weeks(self) -> list[FormWeek]:
        """By week, with the field of the week where one choice of each is asked."""
        named = ((week, _week_name(week.rows[0].option)) for week in weeks.by_week(self.rows()))
        return [FormWeek(week, self._bound(name), f"{PREFIX}-{name}") for week, name in named]

    def _add_fields(self) -> None:
        if self.by_quantity:
            for each in self._open():
                initial = self.taken.get(each.option.id, 0)
                self.fields[_name(each.option)] = claim_fields.quantity(
                    each.option, left=self._left(each), initial=initial
                )
        elif self.is_weekly:
            for week in weeks.by_week(self._open()):
                label = _("Semaine du %(day)s") % {"day": _in_words(week.monday)}
                held = [value for value, _name in _choices(week.rows) if UUID(value) in self.taken]
                self.fields[_week_name(week.rows[0].option)] = claim_fields.of_week(
                    label, _choices(week.rows), initial=held[0] if held else ""
                )
        elif self.shown:
            self.fields[_FIELD] = self._choice_field()

    def _choice_field(self) -> forms.ChoiceField:
        choices = _choices(self._open())
        held = [str(option_id) for option_id in self.taken]
        if not self.is_single:
            return claim_fields.several(choices, initial=held)
        if len(choices) == 1 and not held:
            held = [choices[0][0]]
        return claim_fields.one(choices, initial=held[0] if held else "")

    def _open(self) -> Iterator[Shown]:
        return (each for each in self.shown if not each.reasons and not each.is_taken and each.rank is None)

    def _left(self, each: Shown) -> int | None:
        return None if each.left is None else each.left + self.taken.get(each.option.id, 0)

    def _choice_names(self) -> list[str]:
        return [name for name in self.fields if name == _FIELD or name.startswith("s-")]

    def _bound(self, name: str) -> BoundField | None:
        return self[name] if name in self.fields else None

    def _field_of(self, option_id: UUID) -> str | None:
        option = next((each.option for each in self.shown if each.option.id == option_id), None)
        names = [_name(option), _week_name(option), _FIELD] if option else []
        return next((name for name in names if name in self.fields), None)

    def _quantity(self, option: Option, field: BoundField | None) -> int:
        if field is not None:
            said = str(field.value())
            return int(said) if said.isascii() and said.isdigit() and len(said) < 6 else 0
        chosen = (value for name in self._choice_names() for value in _as_list(self[name].value()))
        return int(str(option.id) in chosen)


def _is_estimate(offering: Offering) -> bool:
    """Whether what is chosen together may cost something else than each alone: schemes, caps, rounded cents."""
    pricing = offering.pricing
    return bool(pricing.get("rules") or pricing.get("family") or pricing.get("tax") not in (None, "", "exempt"))


def _choices(options: Iterable[Shown]) -> list[tuple[str, str]]:
    return [(str(each.option.id), each.option.shown("name")) for each in options]


def _name(option: Option) -> str:
    return f"q-{option.id}"


def _amount_name(option: Option) -> str:
    return f"m-{option.id}"


def _week_name(option: Option) -> str:
    return f"s-{weeks.monday_of(option)}" if option.starts_on else ""


def _in_words(day: date) -> str:
    return formats.date_words(day, formats.locale_for(get_language() or "fr", current().country), length="long")


def _as_list(value: Any) -> list[str]:
    if value in (None, ""):
        return []
    return [value] if isinstance(value, str) else [str(item) for item in value]
