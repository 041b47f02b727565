"""Posts at the processor's door that it did not send, or that say what is not so: nothing changes (row 9)."""

import hashlib
import hmac
import json
import random
import time
from datetime import timedelta

import pytest

from billing.models import ConnectedAccount, ProcessorEvent
from billing.webhooks import inbox
from kernel import clock
from shared_apps.outbox.models import Event
from tenant_apps.orders import ledger
from tenant_apps.orders.models import Account
from tenant_apps.payments import queries
from tenant_apps.payments.models import Payment, Receipt, Status
from tenants.context import in_registry
from tests.clients import HostClient
from tests.factories.orders import a_page, an_order

pytestmark = pytest.mark.django_db

POSTS = 30


@pytest.fixture
def door(settings):
    """What the platform's own address answers to a post, and the secret with which it is signed."""
    platform = HostClient(settings.PLATFORM_DOMAIN)

    def post(event, *, secret=None, age=0, signature=None, body=None):
        sent = json.dumps(event)
        at = int(time.time()) - age
        key = (secret or settings.STRIPE_WEBHOOK_SECRET).encode()
        signed = hmac.new(key, f"{at}.{sent}".encode(), hashlib.sha256).hexdigest()
        header = {"Stripe-Signature": f"t={at},v1={signed}" if signature is None else signature}
        return platform.post("/webhooks/stripe", data=body or sent, content_type="application/json", headers=header)

    return post


@pytest.fixture
def waiting(sandbox, option):
    """An order whose page is open and unpaid."""
    order = an_order(option)
    a_page(order)
    return queries.latest_payment(order)


def an_event(account, payment, **changes):
    """That the page was paid, as the processor would say it."""
    session = {
        "id": payment.session_id,
        "object": "checkout.session",
        "status": "complete",
        "payment_status": "paid",
        "amount_total": payment.amount_cents,
        "currency": payment.currency,
        "metadata": {"payment": str(payment.id)},
    }
    return {
        "id": f"evt_{random.getrandbits(64):x}",
        "object": "event",
        "type": "checkout.session.completed",
        "account": account,
        "livemode": False,
        "data": {"object": {**session, **changes.pop("session", {})}},
        **changes,
    }


def handle(later=timedelta()):
    with in_registry():
        inbox.handle_waiting(at=clock.now() + later)


def kept():
    with in_registry():
        return ProcessorEvent.objects.count()


def state():
    return (
        sorted(Payment.objects.values_list("id", "status")),
        ledger.totals(),
        Receipt.objects.count(),
        Event.objects.filter(kind="orders.settled").count(),
    )


@pytest.mark.parametrize(
    "forgery",
    [{"signature": ""}, {"secret": "whsec_wrong"}, {"age": 301}, {"signature": "t=1,v1=00"}, {"body": "{}"}],
    ids=["no signature", "wrong secret", "301 seconds old", "nonsense", "another body"],
)
def test_what_the_processor_did_not_sign_is_refused_and_not_kept(account, waiting, door, forgery):
    before = state()

    answers = {door(an_event(account.processor_id, waiting), **forgery).status_code for _ in range(POSTS)}
    handle()

    assert answers == {400}
    assert (kept(), state()) == (0, before)


def test_an_event_of_the_other_mode_is_taken_and_left_alone(account, waiting, door):
    before = state()

    answer = door(an_event(account.processor_id, waiting, livemode=True))
    handle()

    assert answer.status_code == 200
    assert (kept(), state()) == (0, before)


def test_an_event_of_another_organisations_account_changes_nothing_of_ours(account, waiting, door, organisation_b):
    with in_registry():
        ConnectedAccount.objects.create(organisation=organisation_b, processor_id="acct_b", name="B")
    before = state()

    door(an_event("acct_b", waiting))
    handle()

    assert (kept(), state()) == (1, before)


@pytest.mark.parametrize(
    "changed",
    [
        {"amount_total": 1},
        {"currency": "eur"},
        {"id": "cs_test_invented"},
        {"metadata": {"payment": "no name of ours"}},
    ],
    ids=["amount", "currency", "page", "payment"],
)
def test_what_an_event_says_of_money_is_not_believed(account, waiting, door, changed):
    """Signed as it may be: the processor is asked, and nobody has paid."""
    before = state()

    door(an_event(account.processor_id, waiting, session=changed))
    handle()

    assert state() == before


def test_an_event_that_is_sent_again_and_again_is_one_payment(account, sandbox, waiting, door):
    sandbox.pay(waiting.page_url)
    event = an_event(account.processor_id, waiting, session={"amount_total": 1})

    answers = {door(event).status_code for _ in range(POSTS)}
    handle()
    once = state()
    for _ in range(3):
        door(an_event(account.processor_id, waiting))
    handle(timedelta(hours=1))

    assert answers == {200}
    assert Payment.objects.get(pk=waiting.pk).status == Status.SUCCEEDED
    assert ledger.totals()[Account.PROCESSOR] == waiting.amount_cents
    assert state() == once


def test_a_refused_post_takes_next_to_no_time(account, waiting, door):
    door({}, signature="")
    taken = []
    for _ in range(20):
        began = time.monotonic()
        door(an_event(account.processor_id, waiting), secret="whsec_wrong")
        taken.append(time.monotonic() - began)

    # The quickest: what the machine does besides is not what is asked here.
    assert min(taken) < 0.05
