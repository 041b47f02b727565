"""Battery row 13: 200 debits that a bank answers days later, and 200 payers sent to Bancontact, some of whom vanish."""

import time
from collections import Counter
from datetime import timedelta

from kernel import clock
from shared_apps.outbox.models import Event
from tenant_apps.orders import ledger
from tenant_apps.orders.models import Account
from tenant_apps.orders.models import Status as OrderStatus
from tenant_apps.organisation import operations as organisation
from tenant_apps.payments.models import Payment, Status
from tenant_apps.payments.operations import settle, sweep
from tenant_apps.registrations.models import Places
from tests.factories.catalog import an_offering, an_option
from tests.factories.instalments import practice_of_payment
from tests.factories.orders import a_page, an_order
from tests.factories.organisation import a_payee
from tests.payments.conftest import account, running_sandbox, sandbox

__all__ = ["account", "running_sandbox", "sandbox"]

DEBITS, REFUSED = 200, 60
SENT, ABANDONED, RETURN_LOST = 200, 40, 10
DEBIT = {"method": "acss_debit", "institution": "110", "transit": "11000"}
FIVE_MINUTES, DAY = timedelta(minutes=5), timedelta(days=1)


def measure_debits(transactional_db, organisation_a, sandbox, account):
    practice_of_payment(methods=["card", "acss_debit"], grace_days=14)
    option = _option(account)
    orders = [an_order(option) for _ in range(DEBITS)]
    for number, order in enumerate(orders):
        sandbox.pay(a_page(order), account="000222222227" if number < REFUSED else "000123456789", **DEBIT)

    began = time.perf_counter()
    found = []
    for day in range(21):
        at = clock.now() + timedelta(minutes=3) + day * DAY
        sweep.ask_the_banks(at=at)
        sweep.sweep(at=at)
        found.append(_states(orders))
        sandbox.control("clock", {"advance_seconds": 86400})
    seconds = time.perf_counter() - began

    print(f"\n{DEBITS} debits over 21 days: {seconds:.1f} s; day 4 {found[4]}, day 6 {found[6]}, day 20 {found[20]}")
    assert found[4] == {(OrderStatus.OPEN, Status.PROCESSING): DEBITS}
    paid, refused = (OrderStatus.SETTLED, Status.SUCCEEDED), (OrderStatus.OPEN, Status.FAILED)
    assert found[6] == found[18] == {paid: DEBITS - REFUSED, refused: REFUSED}
    assert Event.objects.filter(kind="payments.bounced").count() == REFUSED
    assert ledger.totals()[Account.PROCESSOR] == 5000 * (DEBITS - REFUSED)


def measure_bancontact(transactional_db, organisation_a, sandbox, account):
    organisation.describe(currency="eur")
    practice_of_payment(methods=["card", "bancontact"])
    option = _option(account)
    orders = [an_order(option) for _ in range(SENT)]
    banks = [sandbox.pay(a_page(order), method="bancontact").location for order in orders]
    for number, bank in enumerate(banks[ABANDONED:]):
        sandbox.answer(bank, "approve_and_stay" if number < RETURN_LOST else "approve")
        if number >= RETURN_LOST:
            settle.settle(payment_id=Payment.objects.get(order=orders[ABANDONED + number]).id, at=clock.now())

    began = time.perf_counter()
    for _ in range(13):
        sandbox.control("clock", {"advance_seconds": 300})
    sweep.sweep(at=clock.now() + 13 * FIVE_MINUTES)
    seconds = time.perf_counter() - began

    found = _states(orders)
    print(f"\n{SENT} sent to Bancontact: {found} after 65 minutes, swept in {seconds:.1f} s")
    assert found == {
        (OrderStatus.SETTLED, Status.SUCCEEDED): SENT - ABANDONED,
        (OrderStatus.CANCELLED, Status.CANCELLED): ABANDONED,
    }
    assert Places.objects.get(option_id=option.id).taken == SENT - ABANDONED
    assert len(sandbox.books(account.processor_id)["charges"]) == SENT - ABANDONED


def _option(account):
    return an_option(price=5000, offering=an_offering(payee=a_payee(processor_account=account.processor_id)))


def _states(orders):
    payments = Payment.objects.filter(order__in=orders)
    return dict(Counter(payments.values_list("order__status", "status")))
