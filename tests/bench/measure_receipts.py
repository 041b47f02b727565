"""Receipts drawn one after the other, and what of the time is the drawing itself (P10)."""

import time

from tenant_apps.payments import receipts
from tenant_apps.payments.models import Receipt
from tests.documents.money import NOON, a_camp, a_school, came, ordered
from tests.factories.organisation import an_organisation_profile

RECEIPTS = 200
# A second of one processor (P10).
LEAST = 50


def measure_receipts(organisation_a):
    an_organisation_profile()
    order = ordered(a_camp(a_school()), at=NOON)
    came(order, order.total_cents)
    receipt = Receipt.objects.select_related("payment__order__payee", "payment__order__guardian").get()
    size = len(receipts.pdf(receipt))

    cpu, began = time.process_time(), time.perf_counter()
    for _number in range(RECEIPTS):
        receipts.pdf(receipt)
    seconds, cpu = time.perf_counter() - began, time.process_time() - cpu

    print(f"\n{RECEIPTS} receipts of {size / 1000:.0f} kB, one after the other")
    assert RECEIPTS / cpu >= LEAST
    print(f"  {RECEIPTS / seconds:7.1f} a second by the clock, {RECEIPTS / cpu:7.1f} by the time of one processor")
