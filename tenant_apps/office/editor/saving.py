"""Writes what a page of the editor says, and tells the form of whatever stands against it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest

from kernel.errors import Refusal
from kernel.transactions import operation
from shared_apps.audit.actors import Actor
from tenant_apps.catalog import history
from tenant_apps.catalog.errors import ChangedSince, NotReady, OptionPending
from tenant_apps.catalog.models import Offering, Option
from tenant_apps.catalog.operations import offerings, options
from tenant_apps.office.editor import conflicts
from tenant_apps.registrations import errors
from tenant_apps.registrations import operations as registrations
from tenant_apps.registrations.models import Places

# The button that says: I have read what this does to those who are registered.
CONFIRMED = "confirmed"


@dataclass(frozen=True, slots=True)
class Outcome:
    """`met` is what somebody else changed meanwhile: the next try is made knowingly."""

    is_done: bool
    met: conflicts.Met | None = None


def attempt(form: forms.Form, offering: Offering, write: Callable[[], object]) -> Outcome:
    try:
        write()
    except ChangedSince as refusal:
        return Outcome(False, conflicts.met(offering, refusal.now))
    except NotReady as refusal:
        for lack in refusal.lacks:
            _add_error(form, lack.field, lack.message)
    except errors.CapacityBelowTaken as refusal:
        _add_error(form, "capacity", str(refusal))
    except OptionPending as refusal:
        _add_error(form, "is_voluntary", str(refusal))
    except Refusal as refusal:
        form.add_error(None, str(refusal))
    else:
        return Outcome(True)
    return Outcome(False)


def difference(row: Offering | Option, columns: Mapping[str, Any]) -> history.Changes:
    """What writing these columns would change; lists of rows are given as lists."""
    after = {
        name: sorted(map(history.plain, value)) if name in ("establishments", "levels") else history.plain(value)
        for name, value in columns.items()
    }
    return history.changes(history.state(row), after)


def is_confirmed(request: HttpRequest) -> bool:
    return CONFIRMED in request.POST


@operation
def begin(*, columns: Mapping[str, Any], first: list[dict[str, Any]], actor: Actor, at: datetime) -> Offering:
    """A draft, with the options that its nature begins with."""
    offering = offerings.add_offering(columns=columns, actor=actor, at=at)
    options.add_options(offering_id=offering.id, options=first, actor=actor, at=at)
    return offering


@operation
def put_option(
    *,
    offering_id: UUID,
    option_id: UUID | None,
    columns: Mapping[str, Any],
    capacity: int | None,
    seen: Mapping[str, str],
    actor: Actor,
    at: datetime,
) -> Option:
    """An option with its places, both or none. Raises what the two operations raise."""
    if option_id is None:
        [option] = options.add_options(
            offering_id=offering_id, options=[columns], capacities=[capacity], actor=actor, at=at
        )
    else:
        since = history.changed_since(seen, {"capacity": capacity_of(option_id)})
        try:
            option = options.change_option(option_id=option_id, columns=columns, seen=seen, actor=actor, at=at)
        except ChangedSince as refusal:
            raise ChangedSince({**refusal.now, **since}) from None
        if since:
            raise ChangedSince(since)
        registrations.set_capacity(option_id=option.id, capacity=capacity, actor=actor, at=at)
    return option


@operation
def put_meetings(
    *, option_id: UUID, meetings: list[dict[str, str]], seen: Mapping[str, str], actor: Actor, at: datetime
) -> Option:
    """The days of the option follow its meetings. Raises what `change_option` raises."""
    days = {"starts_on": meetings[0]["on"], "ends_on": meetings[-1]["on"]} if meetings else {}
    columns = {"meetings": meetings, **{name: date.fromisoformat(day) for name, day in days.items()}}
    option = options.change_option(option_id=option_id, columns=columns, seen=seen, actor=actor, at=at)
    _last_as_long([option], actor=actor, at=at)
    return option


@operation
def add_options(
    *, offering_id: UUID, columns: list[dict[str, Any]], capacity: int | None, actor: Actor, at: datetime
) -> list[Option]:
    """Several options, each with as many places."""
    capacities = [capacity] * len(columns)
    made = options.add_options(offering_id=offering_id, options=columns, capacities=capacities, actor=actor, at=at)
    _last_as_long(made, actor=actor, at=at)
    return made


def _last_as_long(made: Sequence[Option], *, actor: Actor, at: datetime) -> None:
    """The activity lasts as long as what is taken of it: families find it by its days."""
    known = Offering.objects.get(pk=made[0].offering_id)
    dated = [each for each in made if each.starts_on]
    if dated:
        first = min(filter(None, [known.starts_on, *(each.starts_on for each in dated)]))
        last = max(
            filter(None, [known.ends_on or known.starts_on, *(each.ends_on or each.starts_on for each in dated)])
        )
        columns = {"starts_on": first, "ends_on": last}
        offerings.change_offering(offering_id=known.id, columns=columns, actor=actor, at=at)


def capacity_of(option_id: UUID | None) -> int | None:
    """None for unlimited places, and for an option that is not there yet."""
    if option_id is None:
        return None
    return Places.objects.filter(option_id=option_id).values_list("capacity", flat=True).first()


def _add_error(form: forms.Form, field: str, message: str) -> None:
    form.add_error(field if field in form.fields else None, message)
