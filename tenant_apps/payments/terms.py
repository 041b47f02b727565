"""The terms of payment: which of the organisation's plans a purchase may be paid in, and what is due when."""

from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_UP, Decimal

from tenant_apps.catalog.models import Offering
from tenant_apps.organisation.paying import HUNDRED, Paying, Plan, Share

# What an order's plan says where it is paid in full at once, or all of it later.
IN_FULL, LATER = "", "later"


@dataclass(frozen=True, slots=True)
class Bought:
    """One line of what is to be paid: what of, and how much. What is given was never due, and is not spread (R-55)."""

    offering: Offering
    cents: int
    is_given: bool = False


@dataclass(frozen=True, slots=True)
class Due:
    """`is_automatic`: taken from the card that pays the first part."""

    on: date
    cents: int
    is_automatic: bool = False


def plans_for(bought: Sequence[Bought], rules: Paying) -> list[Plan]:
    """The plans that a family may choose for these lines, which are all of one payee (S2-17, S2-18, S2-21)."""
    return [plan for plan in rules.plans if _may_be_paid_in(plan, bought)]


def may_be_paid_later(bought: Iterable[Bought], rules: Paying, *, by_staff: bool) -> bool:
    """As the organisation's rules have it, unless each of the offerings allows it itself."""
    if rules.later == "families" or (rules.later == "staff" and by_staff):
        return True
    return all(each.offering.payment_terms.get("later_days") for each in bought)


def agreed(bought: Sequence[Bought], asked: str, rules: Paying, *, by_staff: bool) -> str:
    """The plan that was asked for, where these lines may be paid in it; else all of it is due."""
    if asked == LATER:
        return LATER if may_be_paid_later(bought, rules, by_staff=by_staff) else IN_FULL
    return asked if asked in {plan.key for plan in plans_for(bought, rules)} else IN_FULL


def schedule(bought: Sequence[Bought], plan_key: str, rules: Paying, *, on: date) -> list[Due]:
    """What is due on which day, the first of it today; empty for all at once. The cents are those of the lines.

    The part that may not be paid in the plan is due with the first share, and the odd cent too (S2-20, S2-21).
    Raises KeyError for a plan that these lines may not be paid in.
    """
    total = sum(each.cents for each in bought)
    if plan_key == IN_FULL or not total:
        return []
    if plan_key == LATER:
        return [Due(on + timedelta(days=_later_days(bought, rules)), total)]
    plan = {plan.key: plan for plan in plans_for(bought, rules)}[plan_key]
    part = sum(each.cents for each in bought if _is_of(plan, each))
    dues = [Due(day_of(share, on), cents, is_automatic=True) for share, cents in _shared(part, plan.shares)]
    first = Due(on, dues[0].cents + total - part)
    return [first, *(due for due in dues[1:] if due.cents)]


def _may_be_paid_in(plan: Plan, bought: Sequence[Bought]) -> bool:
    part = sum(each.cents for each in bought if _is_of(plan, each))
    tested = part if plan.minimum_of == "part" else sum(each.cents for each in bought if not each.is_given)
    return part > 0 and tested >= plan.minimum_cents


def _is_of(plan: Plan, bought: Bought) -> bool:
    said = bought.offering.payment_terms.get("plans")
    is_allowed = plan.key in said if said is not None else bought.offering.nature in plan.natures
    return is_allowed and not bought.is_given


def _shared(cents: int, shares: Sequence[Share]) -> list[tuple[Share, int]]:
    """Each share cut up to the cent, and the last one what remains: the odd cent is in the first."""
    left, found = cents, []
    for share in shares[:-1]:
        part = min(left, int((Decimal(cents) * share.percent / HUNDRED).to_integral_value(ROUND_UP)))
        found.append((share, part))
        left -= part
    return [*found, (shares[-1], left)]


def day_of(share: Share, on: date) -> date:
    """A day that has gone by is today; the 31st of January plus a month is the last of February (S2-22)."""
    if share.on is not None:
        return max(share.on, on)
    year, month = divmod(on.year * 12 + on.month - 1 + share.months, 12)
    return date(year, month + 1, min(on.day, monthrange(year, month + 1)[1]))


def _later_days(bought: Iterable[Bought], rules: Paying) -> int:
    return min(int(each.offering.payment_terms.get("later_days") or rules.later_days) for each in bought)
