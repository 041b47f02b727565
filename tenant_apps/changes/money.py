"""Money that goes back for a change: out of what was sold, and onto the cards that paid, never more than they paid.

What one line of a family price gives back may be more than was paid for that line: the rest comes from the household's
other orders of the same price (docs/prices.md).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, Sum

from kernel.database import lock
from tenant_apps.catalog.pricing.quote import Quote
from tenant_apps.catalog.pricing.rounding import shares
from tenant_apps.families.queries import living_together
from tenant_apps.orders import ledger
from tenant_apps.orders.models import Account, Order, OrderLine
from tenant_apps.orders.models import Status as OrderStatus
from tenant_apps.payments.models import Payment, Refund, Status
from tenant_apps.payments.operations.refund import owe_refund
from tenant_apps.registrations import reversing
from tenant_apps.registrations.models import Registration

# Of one line, by what was entered: the account, and what its rows are called.
Entered = tuple[Account, str]
# What the reason of such a refund begins with; the cause follows.
CAUSE = "change:"


@dataclass(frozen=True, slots=True)
class Source:
    """One payment, and what of it has not gone back."""

    payment: Payment
    cents: int


def refundable_cents(registration: Registration) -> int:
    return sum(source.cents for source in sources_of(registration))


def sources_of(registration: Registration) -> list[Source]:
    """The payments that a change of this registration may give back from, its own first. Two queries."""
    own = _chain(registration)
    lines = OrderLine.objects.filter(_of_scheme(registration) | Q(registration_id__in=own))
    orders = Order.objects.filter(status=OrderStatus.SETTLED, lines__in=lines)
    payments = Payment.objects.filter(status=Status.SUCCEEDED, order__in=orders).select_related("order__payee")
    with_own = set(OrderLine.objects.filter(registration_id__in=own).values_list("order_id", flat=True))
    found = [
        Source(payment, payment.amount_cents - (payment.given or 0))
        for payment in payments.annotate(given=Sum("refunds__amount_cents")).order_by("-started_at", "-id")
    ]
    return sorted(
        (source for source in found if source.cents > 0), key=lambda source: source.payment.order_id not in with_own
    )


def give_back(registration: Registration, back: Quote, *, fee_cents: int, cause: UUID, at: datetime) -> list[Refund]:
    """Take what `back` says out of what was sold, but for the fee, and owe it to the cards that paid.

    `cause` names it, so that the same cause gives back once. Nothing is owed of what no card paid.
    """
    lock(Order.objects.filter(pk__in={source.payment.order_id for source in sources_of(registration)}))
    left, entered = -back.amount_cents - fee_cents, _entered(back)
    refunds = []
    for source in sources_of(registration):
        cents = min(source.cents, left)
        if cents <= 0:
            break
        _unsell(registration, source.payment.order, entered, cents, cause=cause, at=at)
        reason = f"{CAUSE}{cause.hex}"
        refunds.append(owe_refund(payment=source.payment, cents=cents, reason=reason, at=at))
        left -= cents
    if left > 0 and (order := _order_of(registration)):
        _unsell(registration, order, entered, left, cause=cause, at=at, what="unpaid")
    return refunds


def _unsell(
    registration: Registration,
    order: Order,
    entered: dict[Entered, int],
    cents: int,
    *,
    cause: UUID,
    at: datetime,
    what: str = "back",
) -> None:
    """Out of the price and of each tax in proportion: a fee that is kept bears the taxes of what it is kept of."""
    for (account, name), part in zip(entered, shares(cents, list(entered.values())), strict=True):
        entered[account, name] -= part
        ledger.enter(
            debit=account,
            credit=Account.RECEIVABLE,
            cents=part,
            order=order,
            offering_id=registration.option.offering_id,
            source=f"change:{cause.hex}:{order.id.hex}:{what}:{name}",
            at=at,
        )


def _entered(back: Quote) -> dict[Entered, int]:
    taxes: Mapping[str, int] = back.taxes_cents
    found: dict[Entered, int] = {(Account.REVENUE, "price"): -back.amount_cents + sum(taxes.values())}
    return {**found, **{(Account.TAXES, f"tax-{code}"): -cents for code, cents in sorted(taxes.items())}}


def _chain(registration: Registration) -> list[UUID]:
    """The registration, and those that it stands for: their money is in it."""
    found = [registration.id]
    before = registration.replaces_id
    while before is not None:
        found.append(before)
        before = Registration.objects.values_list("replaces_id", flat=True).get(pk=before)
    return found


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
    """« Visa •••• 4242 », each once."""
    return list(dict.fromkeys(source.payment.method for source in sources if source.payment.method))
