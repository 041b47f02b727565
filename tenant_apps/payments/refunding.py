"""Questions about what goes back: how much of a payment still may, by what means, and what waits for staff."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import Q, QuerySet, Sum

from tenant_apps.organisation import queries as organisation
from tenant_apps.organisation.rules import read as read_rules
from tenant_apps.payments import disputed
from tenant_apps.payments.models import MISPLACED, Means, Payment, Refund, RefundMeans, RefundStatus, Status

# Done by a person, who then says so.
BY_HAND = (RefundMeans.CHEQUE, RefundMeans.TRANSFER, RefundMeans.CASH)
# What was paid at the processor goes back first, then the family's own credit, then what the counter took.
_FIRST = (Means.ONLINE, Means.CREDIT)

# A refund that failed and has no other way yet; cheques and the like to make; what the processor does; what is done.
AGAIN = Q(status=RefundStatus.FAILED, replaced_by=None)
TO_MAKE = Q(status=RefundStatus.DUE, means__in=BY_HAND)
ON_ITS_WAY = Q(status__in=(RefundStatus.DUE, RefundStatus.PENDING), means=RefundMeans.CARD)
DONE = Q(status=RefundStatus.SUCCEEDED)
# What went, or goes, to a family.
GIVEN = ~Q(reason__startswith=MISPLACED)


def left_of(payment_id: UUID) -> int:
    """Cents of the payment that may still go back."""
    return left_of_payments(Payment.objects.filter(pk=payment_id)).get(payment_id, 0)


def left_of_payments(payments: QuerySet[Payment]) -> dict[UUID, int]:
    """Of each: what was paid, less what goes back or went, and what the payer's bank contests. One query.

    A refund that failed still counts, since it is owed, until another one replaces it.
    """
    rows = payments.filter(status=Status.SUCCEEDED).annotate(
        given=Sum("refunds__amount_cents", filter=Q(refunds__replaced_by=None))
    )
    return {row.id: max(row.amount_cents - (row.given or 0) - contested_cents(row), 0) for row in rows}


def contested_cents(payment: Payment) -> int:
    """Of all that a payment's bank opened: one that is lost takes nothing back from the next."""
    return sum(int(each["cents"]) for each in disputed.all_of(payment.dispute) if each["status"] in disputed.TAKEN)


def in_order(payments: Collection[Payment]) -> list[Payment]:
    """As money goes back onto them: the latest first among those of one means."""
    latest = sorted(payments, key=lambda payment: (payment.started_at, payment.id), reverse=True)
    return sorted(latest, key=lambda payment: _rank(payment.means))


def means_of(payment: Payment) -> RefundMeans:
    """What paid gives back; for what the counter took, as the organisation's rules say."""
    if payment.means == Means.ONLINE:
        return RefundMeans.CARD
    if payment.means == Means.CREDIT:
        return RefundMeans.CREDIT
    return RefundMeans(read_rules(organisation.profile().rules).paying.refunds_by)


def may_return(refund: Refund) -> bool:
    """Whether it was made by a person and may come back, as a cheque that is lost."""
    is_made = refund.status == RefundStatus.SUCCEEDED and refund.means in BY_HAND
    return is_made and not refund.is_in_books_alone


def may_be_otherwise(refund: Refund) -> bool:
    """Whether another way may be chosen: it failed, or nobody has made it yet."""
    if refund.status == RefundStatus.FAILED:
        return not Refund.objects.filter(replaces=refund).exists()
    return refund.status == RefundStatus.DUE and refund.means in BY_HAND


def _rank(means: str) -> int:
    return _FIRST.index(Means(means)) if means in _FIRST else len(_FIRST)
