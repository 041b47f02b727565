"""From the basket to the orders to pay, and back."""

from collections.abc import Sequence
from dataclasses import dataclass
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
from tenant_apps.organisation import queries as organisation
from tenant_apps.organisation.rules import read as read_rules
from tenant_apps.payments import credit
from tenant_apps.payments import terms as payment_terms
from tenant_apps.payments.operations import instalments
from tenant_apps.payments.operations.cancel import cancel_payments_of, let_go
from tenant_apps.payments.terms import IN_FULL
from tenant_apps.registrations import operations as registrations
from tenant_apps.registrations import queries as registration_queries
from tenant_apps.registrations import repricing
from tenant_apps.registrations.errors import BasketChanged, NotAllowed, ParticipantUnknown
from tenant_apps.registrations.models import Registration


@dataclass(frozen=True, slots=True)
class Terms:
    """What the family chose: a plan, where what it buys of a payee may be paid in it, and whether its credit pays."""

    plan: str = IN_FULL
    spends_credit: bool = False


def check_out(
    *, basket_id: UUID, expected_cents: int, actor: Actor, language: str, at: datetime, terms: Terms | None = None
) -> list[Order]:
    """Place one order per payee for what the basket holds, and give time to pay it.

    `expected_cents` is what the family was shown. An unchanged basket keeps its orders, on the same terms.
    Raises BasketChanged, BasketEmpty, BasketClosed, NotFilledIn, NotAllowed, ParticipantUnknown, AlreadyPaid or
    PaymentUnavailable.
    """
    try:
        return _orders_of(
            basket_id=basket_id,
            expected_cents=expected_cents,
            actor=actor,
            language=language,
            at=at,
            terms=terms or Terms(),
        )
    except Refusal:
        # On its own, so that a price that has changed is there to be seen once this is refused.
        repricing.reprice_basket(basket_id=basket_id, at=at)
        raise


def _orders_of(
    *, basket_id: UUID, expected_cents: int, actor: Actor, language: str, at: datetime, terms: Terms
) -> list[Order]:
    standing = order_queries.open_orders_of(basket_id)
    if standing and _say_the_same(standing, registration_queries.basket_lines(basket_id), terms):
        _extend(basket_id=basket_id, expected_cents=expected_cents, at=at)
        return standing
    cancel_payments_of(standing, at=at)
    return _place(
        basket_id=basket_id,
        stale=standing,
        expected_cents=expected_cents,
        actor=actor,
        language=language,
        at=at,
        terms=terms,
    )


def leave_check_out(*, basket_id: UUID, actor: Actor, at: datetime) -> None:
    """Back to the basket, to change something. No page stays open on which the old content could be paid.

    Raises AlreadyPaid or PaymentUnavailable.
    """
    standing = order_queries.open_orders_of(basket_id)
    cancel_payments_of(standing, at=at)
    _leave(basket_id=basket_id, standing=standing, actor=actor, at=at)


@operation
def _extend(*, basket_id: UUID, expected_cents: int, at: datetime) -> None:
    _pending(basket_id=basket_id, expected_cents=expected_cents, at=at)


@operation
def _place(
    *,
    basket_id: UUID,
    stale: Sequence[Order],
    expected_cents: int,
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
    if terms != Terms():
        _agree(placed, pending, terms, actor, at)
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


def _agree(placed: Sequence[Order], pending: Sequence[Registration], chosen: Terms, actor: Actor, at: datetime) -> None:
    """Of each order by itself, since what may be paid by instalments may be of one payee only."""
    profile = organisation.profile()
    rules, today = read_rules(profile.rules).paying, at.astimezone(profile.zone).date()
    for order in placed:
        bought = [
            payment_terms.Bought(each.option.offering, each.amount_cents)
            for each in pending
            if each.option.offering.payee_id == order.payee_id
        ]
        plan = payment_terms.agreed(bought, chosen.plan, rules, by_staff=actor.kind == "staff")
        dues = payment_terms.schedule(bought, plan, rules, on=today)
        first_cents = instalments.lay(order, dues, today=today)
        if chosen.spends_credit:
            first_cents = max(first_cents - credit.reserve(order=order, most_cents=order.total_cents, at=at), 0)
        orders.agree(order_id=order.id, plan=plan, first_cents=first_cents)
        order.plan, order.first_cents = plan, first_cents


def _say_the_same(standing: Sequence[Order], pending: Sequence[Registration], terms: Terms) -> bool:
    # What was agreed may be less than what is asked for now, or more: it is agreed anew.
    if terms != Terms() or any(order.plan or order.first_cents != order.total_cents for order in standing):
        return False
    ordered = {
        (line.registration_id, line.quantity, line.amount_cents)
        for order in standing
        for line in order_queries.lines_of(order.id)
    }
    return ordered == {(line.id, line.quantity, line.amount_cents) for line in pending}
