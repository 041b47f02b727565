"""Battery row 15: 300 plans of two parts over a month, with declines, banks that want the payer and withdrawals."""

import random
import time
from collections import Counter
from datetime import timedelta

from tenant_apps.orders import ledger
from tenant_apps.orders.models import Account, Order
from tenant_apps.payments.models import Instalment, InstalmentStatus, Refund
from tenant_apps.payments.operations import charging
from tenant_apps.registrations.models import Registration
from tests.concurrency.crowd import rush
from tests.factories.instalments import SIGNED, an_order_in_parts, practice_of_payment
from tests.factories.organisation import a_payee
from tests.payments.conftest import account, running_sandbox, sandbox

__all__ = ["account", "running_sandbox", "sandbox"]

PLANS, DECLINED, WANT_THE_PAYER, WITHDRAWN = 300, 30, 15, 15
GOOD = PLANS - DECLINED - WANT_THE_PAYER - WITHDRAWN
CARDS = ["chargeCustomerFail"] * DECLINED + ["authenticationRequired"] * WANT_THE_PAYER
DAY, HALF = timedelta(days=1), 6300
LOST = {"kind": "drop_reply", "method": "POST", "path": "^/v1/payment_intents$", "share": 0.02, "times": 30}


def measure_three_hundred_plans_over_a_month(transactional_db, organisation_a, sandbox, account):
    practice_of_payment(retry_days=[3, 5], grace_days=14)
    payee = a_payee(processor_account=account.processor_id)
    chance = random.Random(15)  # noqa: S311
    cards = CARDS + ["visa"] * (GOOD + WITHDRAWN)
    # Signed over a month, as a season opens.
    orders = [an_order_in_parts(payee, card=card, at=SIGNED + timedelta(days=chance.randrange(30))) for card in cards]
    for order in orders[-WITHDRAWN:]:
        _withdraw(order)
    sandbox.control("faults", {"rules": [LOST]})

    began, skipped = time.perf_counter(), {5, 6, 7}
    for day in range(80):
        if day % 30 in skipped:
            continue
        at = SIGNED + 28 * DAY + day * DAY
        assert rush(organisation_a, range(2), lambda _, at=at: charging.charge_due(at=at)) == []
        charging.charge_due(at=at + timedelta(hours=1))
    seconds = time.perf_counter() - began

    charges = [row for row in sandbox.books(payee.processor_account)["charges"] if row["status"] == "succeeded"]
    states = Counter(Instalment.objects.filter(position=2).values_list("status", flat=True))
    print(f"\n{PLANS} plans, 80 days, two runs at once and one after: {seconds:.1f} s; {dict(states)}")
    assert [row["amount"] for row in charges] == [HALF] * GOOD
    assert states == {
        InstalmentStatus.PAID: GOOD,
        InstalmentStatus.FAILED: DECLINED + WANT_THE_PAYER,
        InstalmentStatus.CANCELLED: WITHDRAWN,
    }
    assert ledger.totals()[Account.PROCESSOR] == HALF * (PLANS + GOOD)
    assert sum(ledger.totals().values()) == 0
    assert Refund.objects.count() == 0
    assert set(Registration.objects.values_list("status", flat=True)) == {"confirmed"}


def _withdraw(order: Order) -> None:
    """What the second part would have paid is given up: the organisation keeps the first."""
    ledger.enter(
        debit=Account.REVENUE,
        credit=Account.RECEIVABLE,
        cents=HALF,
        order=order,
        source=f"given up {order.id}",
        at=SIGNED,
    )
