"""Holds a place that costs more than the one it stands for: a line of the basket, which the other one waits for."""

from datetime import datetime, timedelta
from uuid import UUID

from kernel.transactions import operation
from shared_apps.audit.actors import Actor
from tenant_apps.registrations import operations as registrations
from tenant_apps.registrations import replacing, repricing
from tenant_apps.registrations.claims import Claim
from tenant_apps.registrations.models import Registration


@operation
def hold_instead(
    *,
    registration_id: UUID,
    option_id: UUID,
    participant_id: UUID,
    fee_cents: int,
    least: timedelta,
    actor: Actor,
    at: datetime,
    submission_id: UUID | None = None,
    consent_id: UUID | None = None,
) -> Registration:
    """Keep a place that would stand for a confirmed registration, in its guardian's open basket.

    `least`: kept at least so long, since staff may be who asks. The answers are of the participant.
    Raises the refusals of `registrations.hold`.
    """
    replaced = Registration.objects.select_related("basket").get(pk=registration_id)
    basket = registrations.open_basket(guardian_id=replaced.basket.guardian_id, at=at)
    claim = Claim(
        participant_id=participant_id,
        option_id=option_id,
        quantity=replaced.quantity,
        contact_email=replaced.contact_email,
        submission_id=submission_id,
        consent_id=consent_id,
    )
    [new] = registrations.hold(basket_id=basket.id, claims=[claim], actor=actor, at=at, instead_of=registration_id)
    Registration.objects.filter(pk=new.pk).update(
        quote={**new.quote, **replacing.agreed(fee_cents, replaced)}, held_until=max(new.held_until, at + least)
    )
    repricing.reprice_basket(basket_id=basket.id, at=at)
    new.refresh_from_db()
    return new
