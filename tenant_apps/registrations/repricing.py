"""Prices a basket again whenever it changes, so that what it shows is what it will charge."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from kernel import clock
from kernel.kept import kept
from kernel.transactions import operation
from shared_apps.audit import operations as audit
from shared_apps.audit.actors import Actor
from tenant_apps.catalog.pricing import promotions
from tenant_apps.families.queries import living_together
from tenant_apps.organisation import queries as organisation
from tenant_apps.registrations import errors, pricing
from tenant_apps.registrations.models import Basket, Registration, Status


@operation
def reprice_basket(*, basket_id: UUID, at: datetime) -> None:
    """What is being paid, confirmed or closed keeps its price."""
    # The write takes the lock, as everywhere a basket changes.
    if Basket.objects.filter(pk=basket_id, closed_at=None).update(closed_at=None):
        save_prices(Basket.objects.get(pk=basket_id), held_in([basket_id]), at=at)


def reprice_household(guardian_id: UUID, at: datetime) -> None:
    """The baskets of all who live together, in the order of their ids: what they were granted is in them at once."""
    baskets = Basket.objects.filter(guardian__in=living_together(guardian_id), closed_at=None)
    for basket_id in baskets.order_by("id").values_list("id", flat=True):
        reprice_basket(basket_id=basket_id, at=at)


def save_prices(
    basket: Basket, held: Sequence[Registration], *, new: Sequence[Registration] = (), at: datetime
) -> None:
    """Give all these lines their price, and save that of the `held` ones; the `new` ones are for who asks to save."""
    changed = pricing.put_prices(basket, [*held, *new], at=at)
    saved = {registration.id for registration in held}
    Registration.objects.bulk_update(
        [registration for registration in changed if registration.id in saved], ["unit_cents", "amount_cents", "quote"]
    )


def held_in(basket_ids: Iterable[UUID]) -> list[Registration]:
    """What baskets hold and nobody is paying, with all that a price asks."""
    return sorted(_held(list(basket_ids)), key=_as_held)


@kept
def _held(basket_ids: list[UUID]) -> QuerySet[Registration]:
    held = Registration.objects.filter(basket_id__among=basket_ids, status=Status.HELD)
    # Sorted by who asks: in the query, each column that is read would be paid once more for the order.
    return held.order_by().select_related("option__offering", "participant")


@operation
def use_promotion(*, basket_id: UUID, code: str, actor: Actor, at: datetime) -> None:
    """Give the basket the prices of a promotional code; those without one, where it is empty.

    Raises BasketClosed, or as `catalog.pricing.promotions.check`: the code is then not kept.
    """
    # The write takes the lock, as everywhere a basket changes.
    if not Basket.objects.filter(pk=basket_id, closed_at=None).update(promotion=code):
        raise errors.BasketClosed
    basket = Basket.objects.get(pk=basket_id)
    held = held_in([basket_id])
    if code:
        _check(code, held, at)
    save_prices(basket, held, at=at)
    details = {"code": code, "registrations": [str(registration.id) for registration in held]}
    audit.record(
        action="registrations.promotion", subject="basket", subject_id=basket_id, actor=actor, at=at, details=details
    )


def _check(code: str, held: Sequence[Registration], at: datetime) -> None:
    zone = organisation.profile().zone
    days = {clock.local_date(moment, zone) for moment in (at, *(registration.created_at for registration in held))}
    offerings = {registration.option.offering_id: registration.option.offering for registration in held}
    promotions.check(code, offerings.values(), promotions.offerings_with_codes(at=at), days=days)


def _as_held(registration: Registration) -> tuple[datetime, UUID]:
    return registration.created_at, registration.id
