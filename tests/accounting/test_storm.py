"""The processor's events over HTTP at their worst: often, out of order, before the answer, late, never (row 8)."""

from collections import Counter
from datetime import timedelta

import pytest

from billing.gateway.client import client as processor_client
from billing.models import ProcessorEvent
from billing.webhooks import inbox
from deploy.embedded import services
from kernel import clock
from shared_apps.outbox import delivery
from shared_apps.outbox.models import Event, Message
from tenant_apps.accounting import reconciling
from tenant_apps.accounting.proof import ledger_check
from tenant_apps.orders import ledger
from tenant_apps.orders.models import Account, Order
from tenant_apps.orders.models import Status as OrderStatus
from tenant_apps.payments.models import Payment, Receipt, Status
from tenants.context import in_registry
from tests.payments.sandbox import DECLINED, Sandbox

pytestmark = pytest.mark.django_db(transaction=True)

PAYMENTS = 20
THREE_DAYS = 3 * 86400
TOLD = "^checkout\\.session\\.completed$"
TROUBLES = [
    {"kind": "never", "types": TOLD, "share": 0.3, "times": 3},
    {"kind": "before_reply", "types": TOLD, "share": 0.2},
    {"kind": "webhook_delay", "types": "^(payment_intent|charge)", "seconds": THREE_DAYS, "share": 0.1},
    {"kind": "duplicate", "copies": 5, "share": 0.2},
    {"kind": "duplicate", "copies": 2, "share": 0.5},
    {"kind": "shuffle", "seconds": 1},
]


@pytest.fixture
def sandbox(live_server, settings):
    """A sandbox of its own, whose events come to a server of ours."""
    port = live_server.url.rpartition(":")[2]
    address = f"http://{settings.PLATFORM_DOMAIN}:{port}/webhooks/stripe"
    with services.temporary_folder() as folder, services.sandbox(folder, webhook_url=address) as server:
        for name, value in server.environment().items():
            setattr(settings, name, value)
        processor_client.cache_clear()
        yield Sandbox(server.api)
        processor_client.cache_clear()


def handled(sandbox, *, later=timedelta()):
    """Every event that has come, and then the mails that it makes."""
    sandbox.control("webhooks/flush", {"timeout": 60})
    with in_registry():
        while ProcessorEvent.objects.filter(handled_at=None, due_at__lte=clock.now() + later).exists():
            inbox.handle_waiting(at=clock.now() + later)
    delivery.handle_events(at=clock.now() + later)


def tell_again(sandbox, account):
    """Three days late, those that never came too."""
    api = processor_client().v1.events
    late = api.list({"type": "checkout.session.completed"}, {"stripe_account": account.processor_id})
    for event in late.auto_paging_iter():
        sandbox.control(f"webhooks/resend/{event.id}", {})


def test_in_a_storm_each_payment_is_confirmed_once_and_the_books_are_the_processors(sandbox, account, paid):
    sandbox.control("faults", TROUBLES)
    orders = [paid(told=False) for _ in range(PAYMENTS)]
    [refused] = [paid(told=False, card=DECLINED)]
    handled(sandbox)
    told = Payment.objects.filter(status=Status.SUCCEEDED).count()
    with in_registry():
        copies = Counter(ProcessorEvent.objects.values_list("kind", flat=True))

    [light] = reconciling.reconcile_all(at=clock.now(), since=clock.now() - timedelta(minutes=15))

    # Some were never told: the quarter of an hour's look found them.
    assert told < PAYMENTS
    assert copies["checkout.session.completed"] == told
    assert light.differences == []
    assert {order.status for order in Order.objects.filter(pk__in=[order.pk for order in orders])} == {
        OrderStatus.SETTLED
    }
    sandbox.control("faults", [])
    sandbox.control("clock", {"advance_seconds": THREE_DAYS + 3600})
    tell_again(sandbox, account)
    handled(sandbox, later=timedelta(days=4))
    final(sandbox, account, refused)


def final(sandbox, account, refused):
    """What the processor has is what we have, each thing once."""
    books = sandbox.books(account.processor_id)
    charged = {each["payment_intent"] for each in books["charges"] if each["status"] == "succeeded"}
    assert set(Payment.objects.filter(status=Status.SUCCEEDED).values_list("intent_id", flat=True)) == charged
    assert len(charged) == PAYMENTS
    assert Order.objects.get(pk=refused.pk).status == OrderStatus.OPEN
    assert sorted(Receipt.objects.values_list("number", flat=True)) == list(range(1, PAYMENTS + 1))
    assert Event.objects.filter(kind="orders.settled").count() == PAYMENTS
    delivery.handle_events(at=clock.now() + timedelta(days=4))
    sent = Counter(Message.objects.filter(unique_key__contains="order").values_list("unique_key", flat=True))
    assert (len(sent), set(sent.values())) == (PAYMENTS, {1})
    [whole] = reconciling.reconcile_all(at=clock.now())
    assert whole.differences == []
    assert ledger.totals()[Account.PROCESSOR] == books["totals"]["cad"]["net"]
    assert ledger_check.check() == []
