"""Reasons that come from the link between who asks and the participant: rights, billing, and whose week it is."""

from datetime import date, timedelta

from tenant_apps.catalog.models import Offering, Option
from tenant_apps.catalog.reasons import Code, Reason
from tenant_apps.families.standing import Standing

# What lasts longer is nobody's week: a course of a whole autumn falls in the weeks of both parents.
_LONGEST = timedelta(days=14)


def of_link(standing: Standing | None) -> list[Reason]:
    """What stands against all that the offering has. None is a participant of one's own making, as a guest's."""
    if standing is None:
        return []
    if not standing.is_billable:
        return [Reason(Code.NOT_BILLABLE)]
    if not standing.may_enrol:
        return [Reason(Code.MAY_NOT_ENROL, {"first_name": standing.first_name})]
    return []


def of_turn(option: Option, offering: Offering, standing: Standing | None) -> list[Reason]:
    """What stands against one option while the others may still be taken."""
    if standing is None:
        return []
    if unpaid := _of_price(option, standing):
        return unpaid
    first, last = _days(option, offering)
    if first is None or last is None or last - first >= _LONGEST:
        return []
    day = standing.day_of_others(first, last)
    if day is None:
        return []
    monday = day - timedelta(days=day.weekday())
    return [Reason(Code.NOT_YOUR_WEEK, {"first_name": standing.first_name, "monday": monday})]


def of_payment(option: Option, standing: Standing | None) -> list[Reason]:
    """What was taken away since the place was held; whose week it is was settled then."""
    if standing is None:
        return []
    return of_link(standing) or _of_price(option, standing)


def _of_price(option: Option, standing: Standing) -> list[Reason]:
    if option.price_cents and not standing.may_pay:
        return [Reason(Code.MAY_NOT_PAY, {"first_name": standing.first_name})]
    return []


def _days(option: Option, offering: Offering) -> tuple[date | None, date | None]:
    """The option's own days, else those of an offering that takes place once."""
    dated = option if option.starts_on else offering
    return dated.starts_on, dated.ends_on or dated.starts_on
