"""Whether it is the time to take something, for everybody; each answer has a twin that the database gives."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import Q

from kernel import clock
from tenant_apps.catalog import visibility, windows
from tenant_apps.catalog.models import Offering, Option
from tenant_apps.catalog.reasons import Code, Reason


def of_offering(offering: Offering, *, at: datetime, zone: ZoneInfo) -> list[Reason]:
    """What holds for everybody: with windows, it is open as soon as one of them is."""
    if found := of_bounds(offering, at=at, zone=zone):
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


def in_time(*, at: datetime, zone: ZoneInfo) -> Q:
    """The offerings that `of_offering` says nothing against."""
    return in_bounds(at=at, zone=zone) & (Q(opens_at=None) | Q(opens_at__lte=at)) & windows.some_open(at)


def opens_later(*, at: datetime, zone: ZoneInfo) -> Q:
    """Among those that are not open now, those that will be: the twin of `Code.NOT_OPEN_YET`."""
    return in_bounds(at=at, zone=zone) & (Q(windows=[], opens_at__gt=at) | windows.some_left(at))


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
