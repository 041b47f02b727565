"""The .ics file of an order: an all-day entry for each dated option, else one for the offering's own dates."""

from collections.abc import Container, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from icalendar import Calendar, Event

from tenant_apps.orders.models import Order


@dataclass(frozen=True)
class Entry:
    uid: str
    title: str
    first: date
    last: date


def of_order(order: Order, *, host: str, hidden: Container[UUID] = ()) -> bytes:
    """`hidden` are participants of whom nothing is said."""
    calendar = Calendar()
    calendar.add("prodid", f"-//{host}//FR")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    for entry in entries(order, hidden):
        calendar.add_component(_event(entry, order, host=host))
    return bytes(calendar.to_ical())


def entries(order: Order, hidden: Container[UUID] = ()) -> list[Entry]:
    """One for each thing to attend: two articles of the same day's sale are one entry."""
    return list({entry.uid: entry for entry in _entries(order, hidden)}.values())


def _entries(order: Order, hidden: Container[UUID]) -> Iterator[Entry]:
    for line in order.lines.all():
        if line.registration.participant_id in hidden:
            continue
        option = line.registration.option
        offering = option.offering
        title = f"{line.label} ({line.participant_name})"
        if option.starts_on:
            yield Entry(str(line.registration_id), title, option.starts_on, option.ends_on or option.starts_on)
        elif offering.starts_on:
            uid = f"{offering.id}-{line.registration.participant_id}"
            title = f"{offering.shown('title', order.language)} ({line.participant_name})"
            yield Entry(uid, title, offering.starts_on, offering.ends_on or offering.starts_on)


def _event(entry: Entry, order: Order, *, host: str) -> Event:
    event = Event()
    event.add("uid", f"{entry.uid}@{host}")
    event.add("dtstamp", order.placed_at)
    event.add("summary", entry.title)
    event.add("dtstart", entry.first)
    # The end of a day-long entry is exclusive in iCalendar.
    event.add("dtend", entry.last + timedelta(days=1))
    event.add("description", order.reference)
    event.add("transp", "TRANSPARENT")
    return event
