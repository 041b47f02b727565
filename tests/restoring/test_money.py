"""After a restore not a cent is lost: the processor is asked, and what no order explains has a home and an owner."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from billing.models import ConnectedAccount, ProcessorEvent
from billing.webhooks import inbox
from kernel import clock
from shared_apps.outbox import delivery
from shared_apps.outbox import operations as outbox
from shared_apps.outbox.models import Message, MessageStatus
from tenant_apps.accounting.models import LineStatus, StatementLine
from tenant_apps.accounting.proof import numbers as proof
from tenant_apps.accounting.reconciliation.whole import processor_balance
from tenant_apps.accounting.restoring import ProcessorAway
from tenant_apps.orders.models import Numbering, Order
from tenant_apps.orders.models import Status as OrderStatus
from tenant_apps.organisation.models import Payee
from tenant_apps.payments.models import Payment, Receipt, Refund, Status
from tenant_apps.payments.operations import settle
from tenants.context import in_organisation, in_registry
from tenants.models import Organisation, Restore, State, WorkState
from tests.factories.catalog import an_offering, an_option
from tests.factories.orders import a_page, an_order
from tests.factories.organisation import a_payee
from tests.payments.sandbox import Sandbox
from tests.restoring.conftest import Moment, an_organisation, bring_back, wreck

pytestmark = pytest.mark.django_db(transaction=True)

Remember = Callable[[], Moment]
ALL_OF_MONEY = "TRUNCATE orders_order, orders_numbering, payments_payment CASCADE"


@pytest.fixture
def options(account: ConnectedAccount) -> list[Any]:
    offering = an_offering(payee=a_payee(processor_account=account.processor_id), hold_minutes=60)
    return [an_option(f"Camp {number}", price=5000 + 100 * number, places=5, offering=offering) for number in range(4)]


def pay(sandbox: Sandbox, order: Order) -> Payment:
    sandbox.pay(a_page(order))
    payment = Payment.objects.get(order=order, status=Status.STARTED)
    return settle.settle(payment_id=payment.id, at=clock.now())


def in_books(sandbox: Sandbox, account: ConnectedAccount) -> None:
    """What the processor keeps and what our ledger says that it keeps are the same, to the cent."""
    from billing.gateway import books

    assert processor_balance(list(Payee.objects.all())) == books.balance(account.processor_id)


def test_whoever_paid_since_has_what_was_paid(
    sandbox: Sandbox,
    account: ConnectedAccount,
    options: list[Any],
    remember: Remember,
) -> None:
    """One on a page that was open then, one on a page made since: neither is asked twice."""
    open_then, ordered_then = an_order(options[0]), an_order(options[1])
    page = a_page(open_then)
    moment = remember()
    with in_organisation(an_organisation()):
        sandbox.pay(page)
        settle.settle(payment_id=Payment.objects.get(order=open_then).id, at=clock.now())
        since = pay(sandbox, ordered_then)
    wreck("a", ALL_OF_MONEY)

    done = bring_back(moment).report["done"]

    assert done["money"] == {
        "refused": [],
        "recovered": [f"{ordered_then.reference}: 51.00 cad"],
        "recovered_cents": 5100,
    }
    assert done["books"]["breaks"] == []
    with in_organisation(an_organisation()):
        assert {order.status for order in Order.objects.all()} == {OrderStatus.SETTLED}
        assert {payment.status for payment in Payment.objects.all()} == {Status.SUCCEEDED}
        assert Payment.objects.get(order=ordered_then).id == since.id
        assert Receipt.objects.count() == 2
        in_books(sandbox, account)


def test_money_of_an_order_that_is_lost_has_a_home_and_an_owner(
    sandbox: Sandbox,
    account: ConnectedAccount,
    options: list[Any],
    remember: Remember,
) -> None:
    pay(sandbox, an_order(options[0]))
    moment = remember()
    with in_organisation(an_organisation()):
        pay(sandbox, an_order(options[3]))

    done = bring_back(moment).report["done"]

    assert (done["money"]["recovered_cents"], done["books"]["breaks_cents"]) == (0, 5300)
    with in_organisation(an_organisation()):
        [row] = StatementLine.objects.filter(status=LineStatus.OPEN)
        assert (row.cents, row.expected_cents) == (5300, None)
        in_books(sandbox, account)


def test_what_was_given_back_since_is_not_given_back_twice(
    sandbox: Sandbox,
    account: ConnectedAccount,
    options: list[Any],
    remember: Remember,
) -> None:
    from tenant_apps.payments.models import RefundStatus
    from tenant_apps.payments.operations import refund

    payment = pay(sandbox, an_order(options[0]))
    refund.owe_refund(payment=payment, cents=2000, reason="withdrawn", at=clock.now())
    moment = remember()
    with in_organisation(an_organisation()):
        refund.send_refunds(at=clock.now())
    # The processor keeps a request's key for a day: afterwards it would do the same again.
    bring_back(moment)

    with in_organisation(an_organisation()):
        assert Refund.objects.get().status == RefundStatus.SUCCEEDED
        refund.send_refunds(at=clock.now() + timedelta(days=2))
        in_books(sandbox, account)


def test_numbers_go_on_after_the_last_that_was_given(
    sandbox: Sandbox,
    account: ConnectedAccount,
    options: list[Any],
    remember: Remember,
) -> None:
    pay(sandbox, an_order(options[0]))
    moment = remember()
    with in_organisation(an_organisation()):
        given = [pay(sandbox, an_order(option)).receipt for option in options[1:3]]
    assert [receipt.number for receipt in given if receipt] == [2, 3]

    done = bring_back(moment).report["done"]

    assert done["numbers"] == {"passed_over": ["orders 2 to 3", "receipts 2 to 3"]}
    with in_organisation(an_organisation()):
        next_one = pay(sandbox, an_order(options[3]))
        assert (next_one.order.number, next_one.receipt and next_one.receipt.number) == (4, 4)
        assert list(proof.check()) == []


def test_also_where_the_counters_themselves_were_lost(
    sandbox: Sandbox,
    account: ConnectedAccount,
    options: list[Any],
    remember: Remember,
) -> None:
    moment = remember()
    with in_organisation(an_organisation()):
        pay(sandbox, an_order(options[1]))
    wreck("a", "TRUNCATE orders_numbering")

    bring_back(moment)

    with in_organisation(an_organisation()):
        assert dict(Numbering.objects.values_list("series", "last")) == {"orders": 1, "receipts": 1}


def test_while_the_processor_is_away_nothing_is_served(
    sandbox: Sandbox,
    account: ConnectedAccount,
    options: list[Any],
    remember: Remember,
    settings: Any,
) -> None:
    from billing.gateway.client import ProcessorUnavailable
    from billing.gateway.client import client as processor_client

    moment, here = remember(), settings.STRIPE_API_BASE
    settings.STRIPE_API_BASE = "http://127.0.0.1:1"
    processor_client.cache_clear()
    with pytest.raises((ProcessorUnavailable, ProcessorAway)):
        bring_back(moment)
    found = Restore.objects.get()
    assert (an_organisation().state, found.state) == (State.RESTORING, WorkState.RUNNING)
    assert "Processor" in found.error

    settings.STRIPE_API_BASE = here
    processor_client.cache_clear()

    assert (bring_back(moment).state, an_organisation().state) == (WorkState.DONE, State.READY)


def test_an_account_that_left_us_keeps_nobody_waiting(
    sandbox: Sandbox, account: ConnectedAccount, options: list[Any], remember: Remember
) -> None:
    a_payee(processor_account="acct_gone")

    done = bring_back(remember()).report["done"]

    assert (done["money"]["refused"], done["books"]["refused"]) == (["acct_gone"], ["acct_gone"])
    assert an_organisation().state == State.READY


def test_an_account_opened_since_is_the_payees_again(
    sandbox: Sandbox,
    account: ConnectedAccount,
    options: list[Any],
    remember: Remember,
) -> None:
    Payee.objects.update(processor_account="")
    moment = remember()
    with in_organisation(an_organisation()):
        Payee.objects.update(processor_account=account.processor_id)

    done = bring_back(moment).report["done"]

    assert done["accounts"] == {"joined_again": 1}
    with in_organisation(an_organisation()):
        assert set(Payee.objects.values_list("processor_account", flat=True)) == {account.processor_id}


def test_what_the_processor_told_since_is_heard_again(
    account: ConnectedAccount,
    options: list[Any],
    remember: Remember,
) -> None:
    moment = remember()
    with in_registry():
        at = clock.now()
        for name, received in (("evt_since", at), ("evt_long_ago", at - timedelta(days=3))):
            ProcessorEvent.objects.create(
                processor_id=name,
                kind="refund.updated",
                account=account.processor_id,
                payload={},
                received_at=received,
                due_at=received,
                handled_at=received,
                attempts=3,
            )

    bring_back(moment)

    with in_registry():
        assert list(ProcessorEvent.objects.filter(handled_at=None).values_list("processor_id", "attempts")) == [
            ("evt_since", 0)
        ]


def test_meanwhile_the_processor_is_heard_later_and_loses_no_attempt(account: ConnectedAccount) -> None:
    with in_registry():
        at = clock.now()
        ProcessorEvent.objects.create(
            processor_id="evt_meanwhile",
            kind="refund.updated",
            account=account.processor_id,
            payload={"data": {"object": {"id": "re_1"}}},
            received_at=at,
            due_at=at,
        )
        Organisation.objects.filter(slug="a").update(state=State.RESTORING)
        inbox.handle_waiting(at=at)
        event = ProcessorEvent.objects.get()

    assert (event.attempts, event.handled_at, event.due_at) == (0, None, at + timedelta(seconds=30))


def letter(key: str) -> None:
    outbox.queue_message(
        unique_key=key, recipient="marie@example.org", language="fr", subject=key, text=key, at=clock.now()
    )


def test_no_letter_goes_twice(account: ConnectedAccount, remember: Remember, mailoutbox: list[Any]) -> None:
    letter("waited then")
    moment = remember()
    with in_organisation(an_organisation()):
        letter("written since")
        delivery.send_messages(at=clock.now())
    assert len(mailoutbox) == 2

    done = bring_back(moment).report["done"]

    assert done["messages"] == {"sent_since": 1, "remembered": 1, "waiting": 0}
    with in_organisation(an_organisation()):
        letter("written since")
        delivery.send_messages(at=clock.now())
        assert set(Message.objects.values_list("status", flat=True)) == {MessageStatus.SENT}
    assert len(mailoutbox) == 2


def test_a_letter_that_nobody_sent_goes_once(
    account: ConnectedAccount, remember: Remember, mailoutbox: list[Any]
) -> None:
    letter("waited then")

    done = bring_back(remember()).report["done"]

    assert done["messages"] == {"sent_since": 0, "remembered": 0, "waiting": 1}
    with in_organisation(an_organisation()):
        delivery.send_messages(at=clock.now())
    assert len(mailoutbox) == 1
