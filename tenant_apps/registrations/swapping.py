"""A registration that changes its option or its participant without losing its place on the way (O-09)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from kernel.transactions import operation
from tenant_apps.catalog.models import Option
from tenant_apps.catalog.pricing import quote as quotes
from tenant_apps.catalog.pricing.quote import Quote
from tenant_apps.registrations import counting, errors, freeing, places, serving
from tenant_apps.registrations.models import Registration, Status


@operation
def swap_place(*, registration_id: UUID, option_id: UUID, price: Quote, at: datetime) -> Registration:
    """Take the new place, at its price, and give back the old one, which goes to who waits for it; or change nothing.

    Whether it is allowed is for the caller. Raises OptionFull, AlreadyRegistered or NotConfirmed.
    """
    registration = Registration.objects.get(pk=registration_id)
    before, option = registration.option_id, Option.objects.select_related("offering").get(pk=option_id)
    priced = {"unit_cents": option.price_cents, "amount_cents": price.amount_cents, "quote": quotes.write(price)}
    _write(registration, option, option_id=option_id, **priced)
    if before == option_id:
        return registration
    freeing.make_room({option_id: registration.quantity}, at=at)
    if counting.waited_for({before}):
        serving.lock_counters(counting.reach({before, option_id}))
    try:
        places.exchange({option_id: registration.quantity}, {before: registration.quantity})
    except places.PlacesGone as gone:
        raise errors.OptionFull(gone.option_ids, [str(option)]) from None
    serving.serve([before], at=at)
    return registration


@operation
def hand_over(
    *, registration_id: UUID, participant_id: UUID, submission_id: UUID | None, consent_id: UUID | None
) -> Registration:
    """To another participant, who has the same place. The answers are about this one, not about the first.

    Raises AlreadyRegistered or NotConfirmed.
    """
    registration = Registration.objects.select_related("option__offering").get(pk=registration_id)
    answers = {"submission_id": submission_id, "consent_id": consent_id}
    _write(registration, registration.option, participant_id=participant_id, **answers)
    return registration


def _write(registration: Registration, option: Option, **columns: Any) -> None:
    """As long as it is what was read: of two changes at once, one finds nothing to change."""
    same = Registration.objects.filter(
        pk=registration.pk,
        status=Status.CONFIRMED,
        option_id=registration.option_id,
        participant_id=registration.participant_id,
    )
    try:
        with transaction.atomic():
            changed = same.update(**columns)
    except IntegrityError:
        raise errors.AlreadyRegistered([str(option)]) from None
    if not changed:
        raise errors.NotConfirmed
    registration.refresh_from_db()
