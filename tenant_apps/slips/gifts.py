"""Credit that the organisation gave by itself: a rebate, which nobody paid and no tax slip says."""

from collections import Counter
from collections.abc import Collection
from uuid import UUID

from django.db.models import Q

from tenant_apps.families.models import Guardian
from tenant_apps.orders.models import Account, Transfer


def of_orders(guardian_ids: Collection[UUID]) -> Counter[UUID]:
    """By order, what of the credit that it took was a gift. A family spends first what it was given.

    What comes back of such an order as credit is a gift again. Two queries, none where nobody has credit.
    """
    spent: Counter[UUID] = Counter()
    if not guardian_ids:
        return spent
    families = _families(guardian_ids)
    left: Counter[UUID] = Counter()
    rows = Transfer.objects.filter(Q(debit=Account.CREDIT) | Q(credit=Account.CREDIT), guardian__in=families)
    facts = rows.order_by("at", "id").values_list("guardian_id", "order_id", "debit", "credit", "amount_cents")
    for guardian_id, order_id, debit, credit, cents in facts:
        family = families[guardian_id]
        # From one payee to another it is the same gift.
        if Account.BETWEEN in (debit, credit):
            continue
        if credit == Account.CREDIT:
            is_given = debit == Account.REVENUE
            gift = cents if is_given else min(cents, spent[order_id]) if order_id else 0
            left[family] += gift
            if not is_given and order_id:
                spent[order_id] -= gift
            continue
        gift = min(cents, left[family])
        left[family] -= gift
        if order_id:
            spent[order_id] += gift
    return spent


def _families(guardian_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """Each of these guardians, and those that were merged into them or they into, with one that stands for all."""
    known = Guardian.objects.filter(Q(pk__in=guardian_ids) | Q(merged_into__in=guardian_ids))
    return {key: into or key for key, into in known.values_list("id", "merged_into_id")}
