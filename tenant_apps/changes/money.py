"""Money that goes back for a change: off what is still owed first, then onto what paid, never more than it paid.

What one line of a family price gives back may be more than was paid for that line: the rest comes from the household's
other orders of the same price (docs/prices.md).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from kernel.database import lock
from tenant_apps.catalog.pricing.quote import Quote
from tenant_apps.catalog.pricing.rounding import shares
from tenant_apps.changes import rebates
from tenant_apps.changes.rebates import CAUSE
from tenant_apps.families.queries import living_together
from tenant_apps.orders import ledger
from tenant_apps.orders.models import Account, Order, OrderLine, Transfer
from tenant_apps.orders.models import Status as OrderStatus
from tenant_apps.payments import refunding
from tenant_apps.payments.models import Means, Payment, Refund, Status
from tenant_apps.payments.operations import instalments
from tenant_apps.payments.operations.refund import owe_refund
from tenant_apps.payments.operations.refund_by_hand import REBATE
from tenant_apps.registrations import reversing
from tenant_apps.registrations.models import Registration
from tenant_apps.registrations.models import Status as Registered

# Of one line, by what was entered: the account, and what its rows are called.
Entered = tuple[Account, str]


@dataclass(frozen=True, slots=True)
class Source:
    """What of an order a change may take off: of what is still owed, or of one payment where it names it."""

    order: Order
    cents: int
    payment: Payment | None = None


def sources_of(registration: Registration) -> list[Source]:
    """Its own orders first, then those of the same family price; of each of these, what is owed before what is paid.

    Four queries.
    """
    own = rebates.chain(registration.id)
    lines = OrderLine.objects.filter(_of_scheme(registration) | Q(registration_id__in=own))
    settled = Order.objects.filter(status=OrderStatus.SETTLED, lines__in=lines)
    orders = list(settled.distinct().order_by("-settled_at", "-id"))
    with_own = set(OrderLine.objects.filter(registration_id__in=own).values_list("order_id", flat=True))
    balances = ledger.balances_of_orders([order.id for order in orders])
    paid = Payment.objects.filter(status=Status.SUCCEEDED, order__in=[order.id for order in orders])
    known = {order.id: order for order in orders}
    found: list[Source] = []
    for is_own in (True, False):
        of_group = [order for order in orders if (order.id in with_own) == is_own]
        found += [Source(order, balances[order.id]) for order in of_group]
        found += _paid([known[order.id] for order in of_group], paid)
    return [source for source in found if source.cents > 0]


def parts(sources: Sequence[Source], cents: int) -> list[Source]:
    """So many cents, taken from the sources in their order, as far as they go."""
    taken = []
    for source in sources:
        part = min(source.cents, cents)
        if part <= 0:
            break
        taken.append(replace(source, cents=part))
        cents -= part
    return taken


def given_back(sources: Sequence[Source], cents: int) -> int:
    """What of so many cents goes back to what paid."""
    return sum(part.cents for part in parts(sources, cents) if part.payment)


def refundable_cents(registration: Registration) -> int:
    return sum(source.cents for source in sources_of(registration) if source.payment)


def most_kept(registration: Registration, back_cents: int) -> int:
    """The most that a fee may be of what is given up: no more than what of it was paid.

    What is then still owed of its orders is the price of what stays in them.
    """
    own = rebates.chain(registration.id)
    of_it = OrderLine.objects.filter(registration_id__in=own, order__status=OrderStatus.SETTLED)
    order_ids = set(of_it.values_list("order_id", flat=True))
    owed = sum(max(cents, 0) for cents in ledger.balances_of_orders(order_ids).values())
    back_cents -= rebated_cents(registration)
    if not owed:
        return max(back_cents, 0)
    others = [each for each in rebates.sold_of(order_ids) if each.line.registration_id not in own]
    stays = sum(each.cents for each in others if each.line.registration.status == Registered.CONFIRMED)
    return max(min(back_cents, stays + back_cents - owed), 0)


def rebated_cents(registration: Registration) -> int:
    """What staff have taken off its price since it was sold: its part of what they took off its orders."""
    own = rebates.chain(registration.id)
    lines = OrderLine.objects.filter(registration_id__in=own, order__status=OrderStatus.SETTLED)
    taken = Transfer.objects.filter(order__in=lines.values("order"), source__startswith=REBATE).order_by()
    lowered = list(taken.values_list("order_id", flat=True).distinct())
    if not lowered:
        return 0
    return sum(each.rebated_cents for each in rebates.sold_of(lowered) if each.line.registration_id in own)


def give_back(registration: Registration, back: Quote, *, kept_cents: int, cause: UUID, at: datetime) -> list[Refund]:
    """Take what `back` says out of what was sold, but for what is kept: off what is owed, then back to what paid.

    `cause` names it, so that the same cause gives back once.
    """
    lock(Order.objects.filter(pk__in={source.order.id for source in sources_of(registration)}))
    left, entered = -back.amount_cents - kept_cents, _entered(back)
    refunds = []
    for part in parts(sources_of(registration), left):
        left -= part.cents
        _unsell(registration, part, entered, cause=cause, at=at)
        if part.payment is None:
            instalments.fit(order_id=part.order.id, at=at, last_first=True)
        else:
            reason = f"{CAUSE}{cause.hex}"
            refunds.append(owe_refund(payment=part.payment, cents=part.cents, reason=reason, at=at))
    if left > 0 and (order := _order_of(registration)):
        # The payer's bank has it: it is only taken out of what was sold, and of that no more than there is.
        rest = Source(order, min(left, max(ledger.sold_of_order(order.id), 0)))
        _unsell(registration, rest, entered, cause=cause, at=at, what="unpaid")
    return refunds


def _paid(orders: Sequence[Order], payments: Iterable[Payment]) -> list[Source]:
    known = {order.id: order for order in orders}
    of_group = [payment for payment in payments if payment.order_id in known]
    left = refunding.left_of_payments(Payment.objects.filter(pk__in=[payment.id for payment in of_group]))
    return [Source(known[each.order_id], left[each.id], each) for each in refunding.in_order(of_group)]


def _unsell(
    registration: Registration,
    part: Source,
    entered: dict[Entered, int],
    *,
    cause: UUID,
    at: datetime,
    what: str = "",
) -> None:
    """Out of the price and of each tax in proportion: a fee that is kept bears the taxes of what it is kept of."""
    what = what or ("back" if part.payment else "owed")
    # An order may have been paid several times: each gives back by itself.
    of = (part.payment or part.order).id.hex
    for (account, name), cents in zip(entered, _split(registration, part, entered), strict=True):
        entered[account, name] -= cents
        ledger.enter(
            debit=account,
            credit=Account.RECEIVABLE,
            cents=cents,
            order=part.order,
            offering_id=registration.option.offering_id,
            source=f"change:{cause.hex}:{of}:{what}:{name}",
            at=at,
        )


def _split(registration: Registration, part: Source, entered: Mapping[Entered, int]) -> list[int]:
    """In proportion; but what empties the sale of an offering empties its price and its taxes to the cent."""
    price, *taxes = entered.values()
    kept, owed_on = ledger.sold_of_offering(part.order.id, registration.option.offering_id)
    if part.cents == kept + owed_on and min(kept, owed_on, *taxes) >= 0 and any(taxes):
        return [kept, *shares(owed_on, taxes)]
    return shares(part.cents, [price, *taxes])


def _entered(back: Quote) -> dict[Entered, int]:
    taxes: Mapping[str, int] = back.taxes_cents
    found: dict[Entered, int] = {(Account.REVENUE, "price"): -back.amount_cents + sum(taxes.values())}
    return {**found, **{(Account.TAXES, f"tax-{code}"): -cents for code, cents in sorted(taxes.items())}}


def _of_scheme(registration: Registration) -> Q:
    family = reversing.charged(registration).family
    if not family:
        return Q(pk=None)
    return Q(
        order__guardian__in=living_together(registration.basket.guardian_id),
        quote__family__key=family["key"],
        quote__family__season=family["season"],
    )


def _order_of(registration: Registration) -> Order | None:
    lines = OrderLine.objects.filter(registration=registration, order__status=OrderStatus.SETTLED)
    line = lines.select_related("order").order_by("order__settled_at").first()
    return line.order if line else None


def methods_of(sources: Iterable[Source]) -> list[str]:
    """« Visa •••• 4242 », each once; nothing where some of it was not paid at the processor."""
    payments = [source.payment for source in sources if source.payment]
    if any(payment.means != Means.ONLINE for payment in payments):
        return []
    return list(dict.fromkeys(payment.method for payment in payments if payment.method))
