"""Whether it is the time to take something, for everybody; each answer has a twin that the database gives."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import Q

from kernel import clock
from tenant_apps.catalog import visibility, windows
from tenant_apps.catalog.models import Offering, Option
from tenant_apps.catalog.reasons import Code, Reason
from tenant_apps.openings.models import Mode


def of_offering(offering: Offering, *, at: datetime, zone: ZoneInfo, has_pass: bool = True) -> list[Reason]:
    """What holds for everybody, or for everybody without a pass: with windows, it is open as soon as one of them is."""
    if found := of_bounds(offering, at=at, zone=zone) or of_turn(offering, at=at, zone=zone, has_pass=has_pass):
        return found
    every = windows.windows_of(offering)
    return windows.against(every, every, at=at, zone=zone) if every else of_opening(offering, at=at, zone=zone)


def of_bounds(offering: Offering, *, at: datetime, zone: ZoneInfo) -> list[Reason]:
    """What no window can undo."""
    if not visibility.is_shown(offering, at=at):
        return [Reason(Code.NOT_PUBLISHED)]
    if offering.deadline_on and at >= clock.end_of_day(offering.deadline_on, zone):
        return [Reason(Code.DEADLINE_PASSED, {"deadline_on": offering.deadline_on})]
    last = offering.ends_on or offering.starts_on
    if last and at >= clock.end_of_day(last, zone):
        return [Reason(Code.OVER, {"ended_on": last})]
    return []


def of_opening(offering: Offering, *, at: datetime, zone: ZoneInfo) -> list[Reason]:
    if offering.opens_at and at < offering.opens_at:
        return [Reason(Code.NOT_OPEN_YET, {"opens_at": offering.opens_at.astimezone(zone)})]
    return []


def of_turn(offering: Offering, *, at: datetime, zone: ZoneInfo, has_pass: bool = True) -> list[Reason]:
    """What the opening that it shares with others says: nothing before its instant; then a turn is taken, or the places
    are drawn, until that is over.
    """
    opening = offering.opening
    if opening is None or (opening.ended_at and opening.ended_at <= at):
        return []
    told = {"opening_id": opening.id, "opens_at": opening.opens_at.astimezone(zone)}
    if opening.mode == Mode.LOTTERY:
        return [Reason(Code.WISHES_FIRST if at < opening.opens_at else Code.BEING_DRAWN, told)]
    if at < opening.opens_at:
        gathers = at >= opening.gathers_from
        return [Reason(Code.NOT_OPEN_YET, told if gathers else {"opens_at": told["opens_at"]})]
    return [] if has_pass else [Reason(Code.NOT_ADMITTED, told)]


def in_time(*, at: datetime, zone: ZoneInfo) -> Q:
    """The offerings that `of_offering` says nothing against."""
    opened = Q(opens_at=None) | Q(opens_at__lte=at)
    return in_bounds(at=at, zone=zone) & _is_let_in(at) & opened & windows.some_open(at)


def opens_later(*, at: datetime, zone: ZoneInfo) -> Q:
    """Among those that are not open now, those that will be: the twin of `NOT_OPEN_YET` and of `WISHES_FIRST`."""
    own = Q(windows=[], opens_at__gt=at) | windows.some_left(at)
    awaited = Q(opening__opens_at__gt=at) & (Q(opening__ended_at=None) | Q(opening__ended_at__gt=at))
    return in_bounds(at=at, zone=zone) & (awaited | _is_let_in(at) & own)


def _is_let_in(at: datetime) -> Q:
    """The twin of `of_turn`, as it is for everybody: the turn itself is asked of each family."""
    queue = Q(opening__mode=Mode.QUEUE, opening__opens_at__lte=at)
    return Q(opening=None) | Q(opening__ended_at__lte=at) | queue


def in_bounds(*, at: datetime, zone: ZoneInfo) -> Q:
    """The offerings that `of_bounds` says nothing against."""
    in_deadline = Q(deadline_on=None) | Q(deadline_on__gte=clock.local_date(at, zone))
    return visibility.shown(at=at) & in_deadline & _not_over(at=at, zone=zone)


def of_option(option: Option, *, at: datetime, zone: ZoneInfo) -> list[Reason]:
    """What stands against one date or week while the others may still be taken."""
    if not option.is_offered:
        return [Reason(Code.NOT_OFFERED)]
    last = option.ends_on or option.starts_on
    if last and at >= clock.end_of_day(last, zone):
        return [Reason(Code.OVER, {"ended_on": last})]
    return []


def options_in_time(*, at: datetime, zone: ZoneInfo) -> Q:
    """The options that `of_option` says nothing against."""
    return Q(is_offered=True) & _not_over(at=at, zone=zone)


def _not_over(*, at: datetime, zone: ZoneInfo) -> Q:
    today = clock.local_date(at, zone)
    return Q(ends_on__gte=today) | Q(ends_on=None) & (Q(starts_on=None) | Q(starts_on__gte=today))
