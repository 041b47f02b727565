"""The .ics file of an order: one all-day entry per dated option."""

from datetime import timedelta

from icalendar import Calendar, Event

from tenant_apps.orders.models import Order, OrderLine


def of_order(order: Order, *, host: str) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", f"-//{host}//FR")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    for line in order.lines.all():
        if line.registration.option.starts_on:
            calendar.add_component(_event(order, line, host=host))
    return bytes(calendar.to_ical())


def has_dates(order: Order) -> bool:
    return any(line.registration.option.starts_on for line in order.lines.all())


def _event(order: Order, line: OrderLine, *, host: str) -> Event:
    option = line.registration.option
    last = option.ends_on or option.starts_on
    event = Event()
    event.add("uid", f"{line.registration_id}@{host}")
    event.add("dtstamp", order.placed_at)
    event.add("summary", f"{line.label} ({line.participant_name})")
    event.add("dtstart", option.starts_on)
    # The end of a day-long entry is exclusive in iCalendar.
    if last:
        event.add("dtend", last + timedelta(days=1))
    event.add("description", order.reference)
    event.add("transp", "TRANSPARENT")
    return event
