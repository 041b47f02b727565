"""Does what was asked: the place, the money and the trail in one transaction. Who calls it has checked who may."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from kernel.database import lock
from shared_apps.audit.actors import Actor
from tenant_apps.catalog.models import Option
from tenant_apps.catalog.pricing.quote import TAX, Quote, Step
from tenant_apps.catalog.pricing.wording import amount
from tenant_apps.changes import checking, errors, money, queries
from tenant_apps.changes.models import ChangeRequest, Kind
from tenant_apps.families.models import Participant
from tenant_apps.families.queries import living_together
from tenant_apps.registrations import ending, locks, pricing, repricing, reversing, swapping
from tenant_apps.registrations.holding_instead import hold_instead
from tenant_apps.registrations.models import Basket, Registration, Status

# Long enough to read the mail, and to pay what costs more.
TO_PAY = timedelta(days=5)


def locked(registration_id: UUID, *others: UUID | None) -> Registration:
    """As it is now: nothing else of its household is taken, paid for or given up until the end of the transaction.

    The baskets come before the household, as where places are held. Raises Registration.DoesNotExist.
    """
    known = Registration.objects.select_related("basket").get(pk=registration_id)
    guardian_id = known.basket.guardian_id
    lock(Basket.objects.filter(guardian__in=living_together(guardian_id), closed_at=None))
    locks.those_who_count(guardian_id, [known.participant_id, *(each for each in others if each)])
    return queries.with_all(Registration.objects.all()).get(pk=registration_id)


def do(change: ChangeRequest, registration: Registration, *, least: timedelta, actor: Actor, at: datetime) -> int:
    """The cents that go back. `least`: how long what costs more is kept in the basket at least."""
    checking.in_force(registration)
    checking.alone_in_its_price(registration)
    match change.kind:
        case Kind.WITHDRAWAL:
            return give_up(change, registration, to=Status.WITHDRAWN, actor=actor, at=at)
        case Kind.SWAP:
            return _swap(change, registration, least=least, actor=actor, at=at)
        case _:
            return _transfer(change, registration, least=least, actor=actor, at=at)


def most_kept(change: ChangeRequest, registration: Registration, *, at: datetime) -> int:
    """No fee is more than what was paid of what is given up, or counts as paid."""
    if change.kind == Kind.WITHDRAWAL:
        return money.most_kept(registration, -pricing.reversal_of(registration, at=at).amount_cents)
    return reversing.charged(registration).worth.amount_cents


def give_up(change: ChangeRequest, registration: Registration, *, to: Status, actor: Actor, at: datetime) -> int:
    """The places are freed last: their counters are what everybody wants."""
    back = pricing.reversal_of(registration, at=at)
    _check_fee(change.fee_cents, money.most_kept(registration, -back.amount_cents))
    reversing.keep(registration.id, back)
    kept = change.fee_cents + money.rebated_cents(registration)
    refunds = money.give_back(registration, back, kept_cents=kept, cause=change.id, at=at)
    end = ending.cancel if to == Status.CANCELLED else ending.withdraw
    end(registration_id=registration.id, actor=actor, at=at)
    repricing.reprice_household(registration.basket.guardian_id, at)
    return sum(refund.amount_cents for refund in refunds)


def _swap(change: ChangeRequest, registration: Registration, *, least: timedelta, actor: Actor, at: datetime) -> int:
    option = _option(change, registration)
    checking.takes(registration, option, registration.participant, at=at)
    before = reversing.charged(registration).worth
    [after] = pricing.quotes_instead(registration, [option], at=at)
    _check_fee(change.fee_cents, before.amount_cents)
    if before.amount_cents - change.fee_cents < after.amount_cents:
        answers = {"submission_id": registration.submission_id, "consent_id": registration.consent_id}
        child = registration.participant_id
        _hold(change, registration, option.id, child, least=least, actor=actor, at=at, **answers)
        return 0
    refunds = money.give_back(registration, _less(before, after), kept_cents=change.fee_cents, cause=change.id, at=at)
    swapping.swap_place(registration_id=registration.id, option_id=option.id, price=after, at=at)
    repricing.reprice_household(registration.basket.guardian_id, at)
    return sum(refund.amount_cents for refund in refunds)


def _transfer(
    change: ChangeRequest, registration: Registration, *, least: timedelta, actor: Actor, at: datetime
) -> int:
    """What was paid goes along, at the price that was paid."""
    participant = _other_child(change)
    checking.takes(registration, registration.option, participant, at=at)
    submission_id, consent_id = checking.answers_of(registration, participant, at=at)
    answers = {"submission_id": submission_id, "consent_id": consent_id}
    _check_fee(change.fee_cents, reversing.charged(registration).worth.amount_cents)
    if change.fee_cents:
        _hold(change, registration, registration.option_id, participant.id, least=least, actor=actor, at=at, **answers)
        return 0
    swapping.hand_over(registration_id=registration.id, participant_id=participant.id, **answers)
    repricing.reprice_household(registration.basket.guardian_id, at)
    return 0


def _hold(
    change: ChangeRequest,
    registration: Registration,
    option_id: UUID,
    participant_id: UUID,
    *,
    least: timedelta,
    actor: Actor,
    at: datetime,
    **answers: UUID | None,
) -> Registration:
    """What costs more waits in the basket; the place that is paid stands until then."""
    return hold_instead(
        registration_id=registration.id,
        option_id=option_id,
        participant_id=participant_id,
        fee_cents=change.fee_cents,
        least=least,
        actor=actor,
        at=at,
        **answers,
    )


def _option(change: ChangeRequest, registration: Registration) -> Option:
    known = Option.objects.select_related("offering__season", "offering__category")
    option = known.filter(pk__in=_known(change.option_id), is_voluntary=False).first()
    if option is None:
        raise errors.NotSwappable
    is_another = option.id != registration.option_id and option.offering_id == registration.option.offering_id
    if not is_another:
        raise errors.NotSwappable
    return option


def _other_child(change: ChangeRequest) -> Participant:
    found = Participant.objects.filter(pk__in=_known(change.participant_id)).first()
    if found is None or found.pk == change.registration.participant_id:
        raise errors.MayNotChange
    return found


def _check_fee(fee_cents: int, most: int) -> None:
    if fee_cents > most:
        raise errors.TooMuch(most=amount(most))


def _less(before: Quote, after: Quote) -> Quote:
    """What one costs less than the other, below zero."""
    back = after.amount_cents - before.amount_cents
    taxes = {
        code: after.taxes_cents.get(code, 0) - cents
        for code, cents in before.taxes_cents.items()
        if after.taxes_cents.get(code, 0) < cents
    }
    return Quote([Step("reversal", back - sum(taxes.values())), *_taxes(taxes)], taxes)


def _taxes(taxes: Mapping[str, int]) -> list[Step]:
    return [Step(TAX, cents, {"code": code}) for code, cents in taxes.items()]


def _known(row_id: UUID | None) -> list[UUID]:
    return [row_id] if row_id else []
