"""From the basket to the orders to pay, and back."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from kernel.errors import Refusal
from kernel.transactions import operation
from shared_apps.audit import operations as audit
from shared_apps.audit.actors import Actor
from tenant_apps.catalog import links
from tenant_apps.families import queries as families
from tenant_apps.families.standing import standings_of
from tenant_apps.orders import operations as orders
from tenant_apps.orders import queries as order_queries
from tenant_apps.orders.models import Order
from tenant_apps.payments import agreement
from tenant_apps.payments.agreement import Terms
from tenant_apps.payments.operations import agreeing
from tenant_apps.payments.operations.cancel import cancel_payments_of, let_go
from tenant_apps.registrations import operations as registrations
from tenant_apps.registrations import queries as registration_queries
from tenant_apps.registrations import repricing
from tenant_apps.registrations.errors import BasketChanged, NotAllowed, ParticipantUnknown
from tenant_apps.registrations.models import Registration

__all__ = ["Terms", "check_out", "leave_check_out"]


def check_out(
    *,
    basket_id: UUID,
    expected_cents: int,
    actor: Actor,
    language: str,
    at: datetime,
    terms: Terms | None = None,
    expected_terms: str | None = None,
) -> list[Order]:
    """Place one order per payee for what the basket holds, and give time to pay it.

    `expected_cents` is the total that the family was shown, `expected_terms` the fingerprint of what it was shown to
    pay now and later (payments.agreement). An unchanged basket keeps its orders, on the same terms.
    Raises BasketChanged, BasketEmpty, BasketClosed, NotFilledIn, NotAllowed, ParticipantUnknown, AlreadyPaid or
    PaymentUnavailable.
    """
    asked = terms or Terms()
    try:
        standing = order_queries.open_orders_of(basket_id)
        lines = registration_queries.basket_lines(basket_id) if standing else []
        is_agreed = bool(standing) and _say_the_same(standing, lines, asked, actor, at)
        if asked.by_transfer or not is_agreed:
            # Who pays at the bank leaves no page behind on which it would be paid once more.
            cancel_payments_of(standing, at=at)
        if is_agreed:
            _extend(standing, basket_id=basket_id, expected_cents=expected_cents, terms=asked, at=at)
            return standing
        return _place(
            basket_id=basket_id,
            stale=standing,
            expected_cents=expected_cents,
            expected_terms=expected_terms,
            actor=actor,
            language=language,
            at=at,
            terms=asked,
        )
    except Refusal:
        # On its own, so that a price that has changed is there to be seen once this is refused.
        repricing.reprice_basket(basket_id=basket_id, at=at)
        raise


def leave_check_out(*, basket_id: UUID, actor: Actor, at: datetime) -> None:
    """Back to the basket, to change something. No page stays open on which the old content could be paid.

    Raises AlreadyPaid or PaymentUnavailable.
    """
    standing = order_queries.open_orders_of(basket_id)
    cancel_payments_of(standing, at=at)
    _leave(basket_id=basket_id, standing=standing, actor=actor, at=at)


@operation
def _extend(standing: Sequence[Order], *, basket_id: UUID, expected_cents: int, terms: Terms, at: datetime) -> None:
    _pending(basket_id=basket_id, expected_cents=expected_cents, at=at)
    agreeing.tell_of_transfers(standing, terms, at)


@operation
def _place(
    *,
    basket_id: UUID,
    stale: Sequence[Order],
    expected_cents: int,
    expected_terms: str | None,
    actor: Actor,
    language: str,
    at: datetime,
    terms: Terms,
) -> list[Order]:
    # Two tabs wait for each other on the basket's row; the second one finds the orders of the first.
    pending = _pending(basket_id=basket_id, expected_cents=expected_cents, at=at)
    let_go(stale, at=at)
    standing = order_queries.open_orders_of(basket_id)
    if standing:
        return standing
    placed = orders.place(basket_id=basket_id, registrations=pending, language=language, at=at)
    parts = [agreeing.agree(order, pending, terms, actor, at) for order in placed]
    if expected_terms is not None and agreement.fingerprint(parts) != expected_terms:
        raise BasketChanged
    agreeing.tell_of_transfers(placed, terms, at)
    audit.record(
        action="orders.placed",
        subject="basket",
        subject_id=basket_id,
        actor=actor,
        at=at,
        details={"orders": [str(order.id) for order in placed]},
    )
    return placed


@operation
def _leave(*, basket_id: UUID, standing: Sequence[Order], actor: Actor, at: datetime) -> None:
    let_go(standing, at=at)
    registrations.return_to_basket(basket_id=basket_id, at=at)
    audit.record(
        action="orders.left",
        subject="basket",
        subject_id=basket_id,
        actor=actor,
        at=at,
        details={"orders": [str(order.id) for order in standing]},
    )


def _pending(*, basket_id: UUID, expected_cents: int, at: datetime) -> list[Registration]:
    pending = registrations.begin_check_out(basket_id=basket_id, at=at)
    if sum(registration.amount_cents for registration in pending) != expected_cents:
        raise BasketChanged
    _refuse_lost_rights(pending)
    return pending


def _refuse_lost_rights(pending: Sequence[Registration]) -> None:
    """A right that was taken away during the hold pays for nothing; a record that lapsed meanwhile may stay so."""
    guardian_id = pending[0].basket.guardian_id
    standings = standings_of(guardian_id)
    # Who is kept away has no standing; nor has who removed the child since, and they may pay.
    unknown = {registration.participant_id for registration in pending} - standings.keys()
    if unknown and not unknown.isdisjoint(families.hidden_from(guardian_id)):
        raise ParticipantUnknown
    reasons = [
        reason
        for registration in pending
        for reason in links.of_payment(registration.option, standings.get(registration.participant_id))
    ]
    if reasons:
        raise NotAllowed(list({reason.message: reason for reason in reasons}.values()))


def _say_the_same(
    standing: Sequence[Order], pending: Sequence[Registration], terms: Terms, actor: Actor, at: datetime
) -> bool:
    ordered = {
        (line.registration_id, line.quantity, line.amount_cents)
        for order in standing
        for line in order_queries.lines_of(order.id)
    }
    if ordered != {(line.id, line.quantity, line.amount_cents) for line in pending}:
        return False
    return all(agreeing.is_agreed(order, pending, terms, actor, at) for order in standing)
