"""Options as the registration form shows them: one by one, or by week."""

from dataclasses import dataclass

from django.forms.boundfield import BoundField

from tenant_apps.catalog.models import Option
from tenant_apps.catalog.pricing.quote import Quote
from tenant_apps.portal import weeks
from tenant_apps.portal.options import Shown
from tenant_apps.portal.weeks import Week


@dataclass(frozen=True)
class Row:
    """One option as the form shows it, with what is asked of it at this moment."""

    shown: Shown
    left: int | None
    quantity: int
    field: BoundField | None
    input_id: str = ""

    @property
    def option(self) -> Option:
        return self.shown.option

    @property
    def is_full(self) -> bool:
        return self.left == 0

    @property
    def is_waited_for(self) -> bool:
        """Chosen, it is a place in the waiting list."""
        return self.is_full and self.shown.has_list and not self._is_barred

    @property
    def is_closed(self) -> bool:
        return self._is_barred or (self.is_full and not self.shown.has_list)

    @property
    def _is_barred(self) -> bool:
        return self.shown.is_taken or self.shown.rank is not None or bool(self.shown.reasons)

    @property
    def is_for_others(self) -> bool:
        return self.shown.is_for_others

    @property
    def quote(self) -> Quote | None:
        return self.shown.quote

    @property
    def unit_cents(self) -> int:
        return self.shown.unit_cents

    @property
    def amount_cents(self) -> int:
        return self.quantity * self.unit_cents

    @property
    def copy_key(self) -> str:
        """The same for what is the same thing on the same day of another week."""
        return "-".join(map(str, weeks.same_place_in_the_week(self.option)))


@dataclass(frozen=True)
class FormWeek:
    """`field` is None where all are ticked in one list, and where nothing of the week can be taken."""

    week: Week[Row]
    field: BoundField | None
    input_name: str

    @property
    def offered(self) -> list[Row]:
        return [row for row in self.week.rows if not row.is_for_others]

    @property
    def for_others(self) -> list[Row]:
        return [row for row in self.week.rows if row.is_for_others]

    @property
    def is_left_out(self) -> bool:
        """« Aucune » of this week."""
        return not any(row.quantity for row in self.week.rows)
