"""Somebody alters the processor's books in twenty places: each is found, where it is, and nothing else (row 17)."""

import random

import pytest

from billing.gateway.client import client
from kernel import clock
from tenant_apps.accounting import reconciling
from tenant_apps.accounting.models import LineStatus, StatementLine
from tenant_apps.payments import queries
from tenant_apps.payments.operations import refund

pytestmark = pytest.mark.django_db

CENTS = 20


@pytest.fixture
def busy(sandbox, account, paid):
    """An account with fourteen payments, four of them given back in part, and two payouts."""
    orders = [paid() for _ in range(8)]
    for order in orders[:4]:
        payment = queries.latest_payment(order)
        refund.owe_refund(payment=payment, cents=2600, reason="change:x", at=clock.now())
    refund.send_refunds(at=clock.now())
    pay_out(sandbox, account)
    for _ in range(6):
        paid()
    pay_out(sandbox, account)
    return account.processor_id


def pay_out(sandbox, account):
    """What was paid is available some days later; then back to the present, where pages can be opened."""
    sandbox.control("clock", {"advance_seconds": 3 * 86400})
    sandbox.control(f"accounts/{account.processor_id}/payout", {})
    sandbox.control("clock", {"advance_seconds": -3 * 86400})


def reconcile():
    return [each for report in reconciling.reconcile_all(at=clock.now()) for each in report.differences]


def whole(listed):
    return [each.to_dict() for each in listed.auto_paging_iter()]


def places(account):
    """Every amount of their books that can be altered: (object, field, value)."""
    api, here = client().v1, {"stripe_account": account}
    found = [(row["id"], "amount", row["amount"]) for row in whole(api.balance_transactions.list({}, here))]
    found += [(row["id"], "amount_captured", row["amount_captured"]) for row in whole(api.charges.list({}, here))]
    found += [(row["id"], "amount", row["amount"]) for row in whole(api.refunds.list({}, here))]
    found += [(row["id"], "amount", row["amount"]) for row in whole(api.payouts.list({}, here))]
    return found


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_twenty_cents_altered_in_twenty_places_are_exactly_twenty_lines(sandbox, busy, seed):
    assert reconcile() == []
    altered = random.Random(seed).sample(places(busy), 20)  # noqa: S311
    for name, field, cents in altered:
        sandbox.control(f"objects/{name}", {field: cents + CENTS})

    found = reconcile()

    assert {each.reference for each in found} == {name for name, _field, _cents in altered}
    assert len(found) == 20
    assert {abs(each.cents - each.expected_cents) for each in found} == {CENTS}
    assert StatementLine.objects.filter(status=LineStatus.OPEN).count() == 20


def test_what_was_put_right_is_closed_by_the_next_run(sandbox, busy):
    reconcile()
    name, field, cents = places(busy)[0]
    sandbox.control(f"objects/{name}", {field: cents + CENTS})
    assert len(reconcile()) == 1
    sandbox.control(f"objects/{name}", {field: cents})

    assert reconcile() == []
    assert [line.status for line in StatementLine.objects.all()] == [LineStatus.MATCHED]


@pytest.mark.parametrize("field", ["fee", "net"])
def test_a_fee_or_a_net_that_was_altered_is_found_at_its_row(sandbox, busy, field):
    reconcile()
    row = next(row for row in whole(client().v1.balance_transactions.list({}, {"stripe_account": busy})) if row["fee"])
    sandbox.control(f"objects/{row['id']}", {field: row[field] + CENTS})

    assert [(each.kind, each.reference) for each in reconcile()] == [("movement", row["id"])]


def test_what_a_charge_says_went_back_of_it_is_compared_with_its_refunds(sandbox, busy):
    reconcile()
    charge = whole(client().v1.charges.list({}, {"stripe_account": busy}))[0]
    sandbox.control(f"objects/{charge['id']}", {"amount_refunded": charge["amount_refunded"] + CENTS})

    assert [(each.kind, each.reference) for each in reconcile()] == [("charge", charge["id"])]
