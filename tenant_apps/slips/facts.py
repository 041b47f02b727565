"""What a slip of each kind says, from what was paid: by child, in numbers and days, as it is kept and compared."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from tenant_apps.catalog.pricing.rounding import half_up
from tenant_apps.slips import care
from tenant_apps.slips.eligible import Care, Claim
from tenant_apps.slips.issuers import Issuer
from tenant_apps.slips.models import SlipKind

MOST_PERIODS = 4
AGE = 14
AGE_WITH_HANDICAP = 21
# under sixteen at some time in the year.
AGE_IN_CANADA = 16


def of_child(claim: Claim, kind: str, issuer: Issuer, *, has_handicap: bool = False) -> dict[str, Any]:
    """{"id", names, "birth_date", "cents", "ineligible_cents", "days", "weeks", "periods"}."""
    child = claim.participant
    told = {
        "id": str(child.pk),
        "last_name": child.last_name,
        "first_name": child.first_name,
        "birth_date": child.birth_date.isoformat() if child.birth_date else "",
    }
    if kind == SlipKind.FORM_281_86:
        age = AGE_WITH_HANDICAP if has_handicap else AGE
        periods = [each for one in claim.cares if (each := _attested(one, claim, issuer, age))]
        return {**told, **_sums(periods), "ineligible_cents": 0, "weeks": 0, "periods": periods}
    periods = [_period(each, issuer) for each in claim.cares if each.days]
    return {
        **told,
        "cents": claim.cents,
        "ineligible_cents": claim.ineligible_cents,
        "days": _distinct(claim.cares, issuer),
        "weeks": care.weeks(day for each in claim.cares if each.is_overnight for day in each.days),
        "periods": periods,
    }


def is_of_age(claim: Claim, kind: str, year: int, *, has_handicap: bool = False) -> bool:
    """Whether the child may give a right at all that year; one whose birth is not known may."""
    born = claim.participant.birth_date
    if born is None:
        return True
    if kind == SlipKind.FORM_281_86:
        return year - born.year <= (AGE_WITH_HANDICAP if has_handicap else AGE)
    return has_handicap or year - born.year <= AGE_IN_CANADA


def sheets(periods: Sequence[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Four periods to a sheet of the form 281.86 (R-27)."""
    return [list(periods[start : start + MOST_PERIODS]) for start in range(0, len(periods), MOST_PERIODS)]


def rate(period: Mapping[str, Any]) -> int:
    """Cents a day."""
    return half_up(Decimal(period["cents"]) / period["days"]) if period["days"] else 0


def _attested(one: Care, claim: Claim, issuer: Issuer, age: int) -> dict[str, Any] | None:
    """One that is wholly paid (R-26), for its days before the birthday; in proportion where the birthday is within."""
    born = claim.participant.birth_date
    days = one.days if born is None else tuple(care.before_birthday(one.days, born, age))
    if not (one.is_paid and days and one.cents):
        return None
    cents = one.cents * len(days) // len(one.days)
    return {**_period(one, issuer, days), "cents": cents}


def _period(one: Care, issuer: Issuer, days: Sequence[Any] | None = None) -> dict[str, Any]:
    days = one.days if days is None else days
    return {
        "title": one.title,
        "from": days[0].isoformat(),
        "until": days[-1].isoformat(),
        "days": care.counted(days, is_half_day=one.is_half_day, half_days=issuer.half_days),
        "cents": one.cents,
    }


def _distinct(cares: Sequence[Care], issuer: Issuer) -> int:
    """A day with two activities is one day."""
    whole = {day for each in cares if not each.is_half_day for day in each.days}
    halves = {day for each in cares if each.is_half_day for day in each.days} - whole
    return len(whole) + care.counted(sorted(halves), is_half_day=True, half_days=issuer.half_days)


def _sums(periods: Sequence[dict[str, Any]]) -> dict[str, int]:
    return {"cents": sum(each["cents"] for each in periods), "days": sum(each["days"] for each in periods)}
