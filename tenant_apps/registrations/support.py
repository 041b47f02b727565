"""Asking for support before the opening (O-11): the place is kept while the request is studied, and is not sold.

A kept place is a held registration in a basket of its own, which is closed from the start: the family neither pays it
nor gives it up by mistake. Once support is granted it joins the family's basket, with days enough to finish.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from kernel import clock
from kernel.transactions import operation
from shared_apps.audit.actors import Actor
from tenant_apps.catalog.models import Offering, Option
from tenant_apps.entitlements import errors
from tenant_apps.entitlements.models import Entitlement, Kind
from tenant_apps.entitlements.models import Status as Answer
from tenant_apps.entitlements.operations import asking, deciding
from tenant_apps.entitlements.operations.deciding import Granted
from tenant_apps.families.models import Guardian
from tenant_apps.organisation import queries as organisation
from tenant_apps.registrations import checks, freeing, keeping, repricing
from tenant_apps.registrations import operations as registrations
from tenant_apps.registrations.claims import Claim
from tenant_apps.registrations.models import Basket, Registration, Status

# From the answer on, where the offering's own hold is shorter: the family is told by a mail, and must find the time.
_TO_FINISH = timedelta(days=5)
_KEPT_DAYS = 30


@dataclass(frozen=True, slots=True)
class Calendar:
    """When requests are taken, both days included; how long a place is kept for one of them, and how many at most.

    `places` is of each option; None is the usual share (registrations.keeping).
    """

    from_on: date | None
    until_on: date | None
    keep_days: int
    places: int | None = None

    def is_open(self, on: date) -> bool:
        return (self.from_on is None or self.from_on <= on) and (self.until_on is None or on <= self.until_on)


def calendar_of(offering: Offering) -> Calendar | None:
    """None where no such request may be made."""
    said = offering.support
    if not said:
        return None
    keep_days = int(said.get("keep_days") or _KEPT_DAYS)
    return Calendar(_day(said.get("from_on")), _day(said.get("until_on")), keep_days, said.get("places"))


class _NoneKept(Exception):
    """The request is studied without a place."""


@operation
def ask(
    *,
    guardian_id: UUID,
    participant_id: UUID,
    option_ids: Sequence[UUID],
    words: str,
    actor: Actor,
    at: datetime,
    upload_ids: Sequence[UUID] = (),
) -> list[Entitlement]:
    """One request for each option, all of them or none; with its place, unless as many as may be are kept already.

    Raises NotAskedHere, SupportNotOpen, the refusals of `asking.ask` and those of `registrations.hold`.
    """
    zone = organisation.profile().zone
    today = clock.local_date(at, zone)
    apart = Basket.objects.create(guardian_id=guardian_id, created_at=at, closed_at=at)
    requests = []
    # In the order that places are taken everywhere.
    for option in Option.objects.select_related("offering").filter(pk__in=option_ids).order_by("pk"):
        calendar = _open_calendar(option.offering, today)
        [request] = asking.ask(
            guardian_id=guardian_id,
            kind=Kind.SUPPORT,
            participant_ids=[participant_id],
            offering_id=option.offering_id,
            option_id=option.id,
            words=words,
            upload_ids=upload_ids,
            actor=actor,
            at=at,
        )
        until = keeping.until(participant_id, option.id, calendar.keep_days, zone)
        with suppress(_NoneKept), transaction.atomic():
            held = _hold(request, option, until, actor, at)
            Registration.objects.filter(pk=held.pk).update(basket=apart)
            if until <= at or keeping.is_too_many(held, calendar.places, at):
                raise _NoneKept
        requests.append(request)
    # What lay in the basket beside them for a moment is alone again.
    repricing.reprice_household(guardian_id, at)
    return requests


@operation
def accept(*, entitlement_id: UUID, granted: Granted, actor: Actor, at: datetime) -> Entitlement:
    """The place joins the family's basket. Where it was kept no longer, it is taken again: raises OptionFull.

    Raises the refusals of `deciding.accept` too.
    """
    [request] = deciding.accept(entitlement_ids=[entitlement_id], granted=granted, actor=actor, at=at)
    if request.option_id is None:
        raise errors.NotAskedHere
    option = Option.objects.select_related("offering").get(pk=request.option_id)
    until = at + max(_TO_FINISH, timedelta(minutes=option.offering.hold_minutes))
    basket = registrations.open_basket(guardian_id=request.guardian_id, at=at)
    kept = kept_place(request)
    # The state in the condition: a place that is being freed at this moment is not handed over.
    still = Registration.objects.filter(pk=kept.pk, basket_id=kept.basket_id, status=Status.HELD) if kept else None
    if still is not None and still.update(basket=basket, held_until=until):
        repricing.reprice_household(request.guardian_id, at)
        return request
    _hold(request, option, until, actor, at)
    return request


@operation
def refuse(*, entitlement_id: UUID, answer: str, actor: Actor, at: datetime) -> Entitlement:
    """The place is free at once. Raises the refusals of `deciding.refuse`."""
    [request] = deciding.refuse(entitlement_ids=[entitlement_id], answer=answer, actor=actor, at=at)
    _free(request, at)
    return request


@operation
def withdraw(*, entitlement_id: UUID, guardian_id: UUID, actor: Actor, at: datetime) -> Entitlement:
    """The family changes its mind. Raises Entitlement.DoesNotExist and AlreadyDecided."""
    request = asking.withdraw(entitlement_id=entitlement_id, guardian_id=guardian_id, actor=actor, at=at)
    _free(request, at)
    return request


def refuse_all(*, option_ids: Sequence[UUID], most: int, answer: str, actor: Actor, at: datetime) -> None:
    """What is studied for choices that nobody takes any more, so many at once. Raises ReasonMissing."""
    studied = Entitlement.objects.filter(kind=Kind.SUPPORT, option_id__in=option_ids, status=Answer.ASKED)
    for entitlement_id in list(studied.order_by("pk").values_list("pk", flat=True)[:most]):
        with suppress(errors.AlreadyDecided):
            refuse(entitlement_id=entitlement_id, answer=answer, actor=actor, at=at)


def kept_place(request: Entitlement) -> Registration | None:
    """The place that waits for the answer; None once the days of keeping are over."""
    return kept_places([request]).get(request.id)


def kept_places(requests: Sequence[Entitlement]) -> dict[UUID, Registration]:
    """By request, in one query."""
    asked = {(each.guardian_id, each.participant_id, each.option_id): each.id for each in requests if each.option_id}
    held = Registration.objects.filter(
        status=Status.HELD,
        basket__closed_at__isnull=False,
        basket__guardian_id__in={guardian_id for guardian_id, _child, _option in asked},
        option_id__in={option_id for _guardian, _child, option_id in asked},
    ).select_related("basket")
    found = {(each.basket.guardian_id, each.participant_id, each.option_id): each for each in held}
    return {asked[key]: registration for key, registration in found.items() if key in asked}


def _open_calendar(offering: Offering, on: date) -> Calendar:
    calendar = calendar_of(offering)
    if calendar is None:
        raise errors.NotAskedHere
    if not calendar.is_open(on):
        raise errors.SupportNotOpen
    return calendar


def _hold(request: Entitlement, option: Option, until: datetime, actor: Actor, at: datetime) -> Registration:
    if request.participant_id is None:
        raise errors.NotAskedHere
    basket = registrations.open_basket(guardian_id=request.guardian_id, at=at)
    claim = Claim(
        participant_id=request.participant_id,
        option_id=option.id,
        quantity=checks.least(option),
        contact_email=Guardian.objects.get(pk=request.guardian_id).email,
    )
    [held] = registrations.hold(basket_id=basket.id, claims=[claim], actor=actor, at=at, ahead_until=until)
    return held


def _free(request: Entitlement, at: datetime) -> None:
    if kept := kept_place(request):
        freeing.free([kept], at=at)


def _day(said: str | None) -> date | None:
    return date.fromisoformat(said) if said else None
