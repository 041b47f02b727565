"""Holds a place that costs more than the one it stands for: a line of the basket, which the other one waits for."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from kernel.transactions import operation
from shared_apps.audit import operations as audit
from shared_apps.audit.actors import Actor
from tenant_apps.catalog.models import Option
from tenant_apps.families.models import Participant
from tenant_apps.registrations import checks, errors, locks, places, replacing, repricing
from tenant_apps.registrations import operations as registrations
from tenant_apps.registrations.claims import Claim
from tenant_apps.registrations.models import Basket, Registration


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
) -> Registration:
    """Keep a place that would stand for a confirmed registration, in its guardian's open basket.

    `least`: kept at least so long, since staff may be who asks. Raises OptionFull, NotAllowed or AlreadyRegistered.
    """
    replaced = Registration.objects.select_related("basket", "option__offering").get(pk=registration_id)
    guardian_id = replaced.basket.guardian_id
    basket = _locked(registrations.open_basket(guardian_id=guardian_id, at=at))
    locks.those_who_count(guardian_id, [replaced.participant_id, participant_id])
    option = Option.objects.select_related("offering__season", "offering__category").get(pk=option_id)
    new = _line(replaced, basket, option, Participant.objects.get(pk=participant_id), fee_cents, least, at)
    repricing.save_prices(basket, repricing.held_in([basket.id]), new=[new], at=at)
    _insert(new, option)
    check(new, at=at)
    audit.record(
        action="registrations.held_instead",
        subject="basket",
        subject_id=basket.id,
        actor=actor,
        at=at,
        details={"registration": str(new.id), "replaces": str(registration_id)},
    )
    try:
        places.take({option.id: new.quantity}, at=at)
    except places.PlacesGone:
        raise errors.OptionFull([option.id], [str(option)]) from None
    return new


def check(new: Registration, *, at: datetime) -> None:
    """Judged as if what it stands for were given up. Raises NotAllowed."""
    claim = Claim(new.participant_id, new.option_id, new.quantity, new.contact_email)
    checks.eligibility(
        [claim],
        {new.option_id: new.option},
        {new.participant_id: new.participant},
        guardian_id=new.basket.guardian_id,
        at=at,
        is_ahead=False,
        replacing=[new.replaces_id] if new.replaces_id else [],
    )


def _locked(basket: Basket) -> Basket:
    # The write takes the lock, as everywhere a basket changes.
    if not Basket.objects.filter(pk=basket.pk, closed_at=None).update(closed_at=None):
        raise errors.BasketClosed
    return basket


def _line(
    replaced: Registration,
    basket: Basket,
    option: Option,
    participant: Participant,
    fee_cents: int,
    least: timedelta,
    at: datetime,
) -> Registration:
    return Registration(
        basket=basket,
        participant=participant,
        option=option,
        quantity=replaced.quantity,
        unit_cents=option.price_cents,
        quote=replacing.agreed(fee_cents),
        is_single=replaced.is_single,
        held_until=at + max(least, timedelta(minutes=option.offering.hold_minutes)),
        replaces=replaced,
        contact_email=replaced.contact_email,
        # What was answered and signed for the child goes along with the child alone.
        submission_id=replaced.submission_id if participant.pk == replaced.participant_id else None,
        consent_id=replaced.consent_id if participant.pk == replaced.participant_id else None,
        created_at=at,
    )


def _insert(new: Registration, option: Option) -> None:
    try:
        with transaction.atomic():
            new.save(force_insert=True)
    except IntegrityError:
        raise errors.AlreadyRegistered([str(option)]) from None
