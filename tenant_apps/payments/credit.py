"""The credit of a family: money kept with the organisation, by payee, and reserved while an order is open (S4-44)."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Case, F, OuterRef, Q, QuerySet, Subquery, Sum, When
from django.db.models.functions import Coalesce

from kernel.database import lock
from kernel.transactions import operation
from tenant_apps.families.models import Guardian
from tenant_apps.orders.models import Account, Order, Transfer
from tenant_apps.payments.attempts import next_attempt
from tenant_apps.payments.models import Means, Payment, Status


def balance(guardian_id: UUID, payee_id: UUID) -> int:
    """Cents that the family has with the payee, what open orders reserve included."""
    rows = rows_of(guardian_id).filter(payee_id=payee_id)
    gained, spent = (_sum(rows.filter(**{side: Account.CREDIT})) for side in ("credit", "debit"))
    return gained - spent


def available(guardian_id: UUID, payee_id: UUID) -> int:
    """What of it no open order reserves."""
    reserved = Payment.objects.filter(
        means=Means.CREDIT,
        status=Status.STARTED,
        order__guardian__in=_same(guardian_id),
        order__payee_id=payee_id,
    )
    return balance(guardian_id, payee_id) - _sum(reserved)


def reserved_for(order_id: UUID) -> int:
    return _sum(Payment.objects.filter(order_id=order_id, means=Means.CREDIT, status=Status.STARTED))


def by_payee(guardian_id: UUID) -> dict[UUID, int]:
    """What the family has with each payee, where it has something."""
    payees = rows_of(guardian_id).order_by().values_list("payee_id", flat=True).distinct()
    found = {payee_id: balance(guardian_id, payee_id) for payee_id in payees}
    return {payee_id: cents for payee_id, cents in found.items() if cents}


def families() -> QuerySet[Guardian]:
    """Those who have some, with their `credit_cents` over all payees."""
    rows = Transfer.objects.exclude(guardian=None).order_by()
    owner = Coalesce("guardian__merged_into", "guardian")
    signed = Case(
        When(credit=Account.CREDIT, then=F("amount_cents")),
        When(debit=Account.CREDIT, then=-F("amount_cents")),
        default=0,
    )
    of_each = rows.annotate(owner=owner).values("owner").annotate(cents=Sum(signed))
    held = of_each.filter(owner=OuterRef("pk")).values("cents")
    some = Guardian.objects.annotate(credit_cents=Subquery(held)).filter(credit_cents__gt=0)
    return some.order_by("last_name", "first_name", "id")


@operation
def reserve(*, order: Order, most_cents: int, at: datetime) -> int:
    """Set the family's credit aside for the order, `most_cents` of it at most. Returns the cents."""
    cents = min(locked(order), most_cents)
    if cents <= 0:
        return 0
    Payment.objects.create(
        order=order,
        attempt=next_attempt(order.id),
        means=Means.CREDIT,
        amount_cents=cents,
        currency=order.currency,
        started_at=at,
    )
    return cents


def locked(order: Order) -> int:
    """What is available for the order, which no other order takes until the end of the transaction."""
    return locked_of(order.guardian_id, order.payee_id)


def locked_of(guardian_id: UUID, payee_id: UUID) -> int:
    """What is available with the payee, which nobody else takes until the end of the transaction."""
    locked, same = set[UUID](), set(_same(guardian_id))
    while not same <= locked:
        # Who was merged meanwhile shares the credit of others.
        lock(Guardian.objects.filter(pk__in=same))
        locked, same = same, set(_same(guardian_id))
    return available(guardian_id, payee_id)


def release(order_ids: Sequence[UUID], at: datetime) -> None:
    """An order that is let go reserves nothing any more."""
    reserved = Payment.objects.filter(order_id__in=order_ids, means=Means.CREDIT, status=Status.STARTED)
    reserved.update(status=Status.CANCELLED, ended_at=at)


def _same(guardian_id: UUID) -> list[UUID]:
    """The guardian, or whom they were merged into, and those that were merged too: the ledger is never altered."""
    owner = Guardian.objects.filter(pk=guardian_id).values(owner=Coalesce("merged_into", "pk"))
    return list(Guardian.objects.filter(Q(pk__in=owner) | Q(merged_into__in=owner)).values_list("id", flat=True))


def rows_of(guardian_id: UUID) -> QuerySet[Transfer]:
    return Transfer.objects.filter(Q(debit=Account.CREDIT) | Q(credit=Account.CREDIT), guardian__in=_same(guardian_id))


def _sum(rows: QuerySet[Transfer] | QuerySet[Payment]) -> int:
    return rows.aggregate(sum=Sum("amount_cents"))["sum"] or 0
