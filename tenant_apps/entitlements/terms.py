"""How long what is granted holds, where staff say nothing else."""

from calendar import monthrange
from datetime import date, timedelta

from tenant_apps.catalog.models import Offering, Option
from tenant_apps.entitlements.models import Kind
from tenant_apps.organisation.prices import Residence

# An income or a subsidy is looked at again each year.
_A_YEAR = 12


def last_day(
    kind: Kind, *, from_on: date, rule: Residence, offering: Offering | None = None, option: Option | None = None
) -> date | None:
    """The day proposed to staff, included; None for what holds as long as its offering lasts and has no end."""
    if kind in (Kind.APPROVAL, Kind.SUPPORT):
        return _end_of(offering, option)
    return last_of(from_on, rule.proof_months if kind == Kind.RESIDENCE else _A_YEAR)


def last_of(from_on: date, months: int) -> date:
    """The last of so many months: from 15 March, twelve months end on 14 March; from 31 August, six on 28 February."""
    year, month = divmod(from_on.year * 12 + from_on.month - 1 + months, 12)
    last = monthrange(year, month + 1)[1]
    if from_on.day > last:
        return date(year, month + 1, last)
    return date(year, month + 1, from_on.day) - timedelta(days=1)


def _end_of(offering: Offering | None, option: Option | None) -> date | None:
    for dated in (option, offering):
        if dated is not None and (end := dated.ends_on or dated.starts_on):
            return end
    return None
