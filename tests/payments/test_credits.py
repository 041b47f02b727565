"""The credit of a family: where it comes from, where it goes, and that it is spent once."""

from uuid import uuid4

import pytest

from tenant_apps.families.models import Guardian
from tenant_apps.orders import ledger
from tenant_apps.orders.models import Account
from tenant_apps.payments import credit, movements
from tenant_apps.payments.errors import CreditShort, ProofMissing
from tenant_apps.payments.models import Means, Payment, RefundMeans, Status
from tenant_apps.payments.operations import crediting, refund
from tenant_apps.payments.operations.cancel import let_go
from tenant_apps.payments.operations.receive import conclude
from tests.factories.catalog import an_offering, an_option
from tests.factories.families import a_guardian
from tests.factories.moments import NOON
from tests.factories.orders import an_order
from tests.factories.organisation import a_payee, an_organisation_profile
from tests.factories.refunds import CLERK, a_payment_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def profile(organisation_a):
    return an_organisation_profile()


@pytest.fixture
def payee():
    return a_payee()


@pytest.fixture
def guardian():
    return a_guardian()


def grant(guardian, payee, cents, key=None):
    crediting.grant(
        guardian_id=guardian.id,
        payee_id=payee.id,
        cents=cents,
        words="Geste commercial",
        key=key or uuid4(),
        actor=CLERK,
        at=NOON,
    )


def pay_out(guardian, payee, cents, *, proof="1047", key=None):
    crediting.pay_out(
        guardian_id=guardian.id,
        payee_id=payee.id,
        cents=cents,
        means=RefundMeans.CHEQUE,
        proof=proof,
        key=key or uuid4(),
        actor=CLERK,
        at=NOON,
    )


def move(guardian, payee, other, cents, key=None):
    crediting.move(
        guardian_id=guardian.id,
        from_payee_id=payee.id,
        to_payee_id=other.id,
        cents=cents,
        key=key or uuid4(),
        actor=CLERK,
        at=NOON,
    )


def balances(payee):
    return {account.value: cents for account, cents in ledger.totals(payee.id).items() if cents}


def test_a_gesture_is_taken_out_of_revenue_once(guardian, payee):
    key = uuid4()

    for _ in range(2):
        grant(guardian, payee, 500, key)

    assert credit.balance(guardian.id, payee.id) == 500
    assert balances(payee) == {"revenue": 500, "credit": -500}


@pytest.mark.line("O-10")
def test_credit_follows_the_child_to_another_school_once(guardian, payee):
    other, key = a_payee(), uuid4()
    grant(guardian, payee, 500)

    for _ in range(2):
        move(guardian, payee, other, 300, key)

    assert credit.by_payee(guardian.id) == {payee.id: 200, other.id: 300}
    assert balances(payee) == {"revenue": 500, "credit": -200, "between": -300}
    assert balances(other) == {"between": 300, "credit": -300}


def test_no_more_is_moved_or_paid_out_than_there_is(guardian, payee):
    grant(guardian, payee, 500)

    with pytest.raises(CreditShort):
        move(guardian, payee, a_payee(), 501)
    with pytest.raises(CreditShort):
        pay_out(guardian, payee, 501)

    assert credit.balance(guardian.id, payee.id) == 500


def test_credit_is_paid_out_once_with_its_proof(guardian, payee):
    key = uuid4()
    grant(guardian, payee, 500)
    with pytest.raises(ProofMissing):
        pay_out(guardian, payee, 500, proof="")

    for _ in range(2):
        pay_out(guardian, payee, 500, key=key)

    assert credit.balance(guardian.id, payee.id) == 0
    assert balances(payee) == {"revenue": 500, "bank": -500}


def test_who_was_merged_into_another_has_the_same_credit_and_it_is_paid_out_once(guardian, payee):
    kept = a_guardian()
    grant(guardian, payee, 500)
    Guardian.objects.filter(pk=guardian.pk).update(merged_into=kept)
    pay_out(kept, payee, 500)

    # As from a page that was open before.
    with pytest.raises(CreditShort):
        pay_out(guardian, payee, 500)

    assert (credit.balance(guardian.id, payee.id), credit.balance(kept.id, payee.id)) == (0, 0)


@pytest.mark.line("S4-44")
def test_what_an_open_order_reserves_is_neither_spent_nor_paid_out_elsewhere(payee):
    order = an_order(an_option(price=400, offering=an_offering(payee=payee)), at=NOON)
    grant(order.guardian, payee, 500)

    assert credit.reserve(order=order, most_cents=400, at=NOON) == 400

    assert credit.available(order.guardian_id, payee.id) == 100
    with pytest.raises(CreditShort):
        pay_out(order.guardian, payee, 101)
    let_go([order], at=NOON)
    assert credit.available(order.guardian_id, payee.id) == 500


def test_what_credit_paid_goes_back_to_credit_at_once(payee):
    option = an_option(price=400, offering=an_offering(payee=payee))
    order = an_order(option, at=NOON)
    grant(order.guardian, payee, 400)
    credit.reserve(order=order, most_cents=400, at=NOON)
    conclude(order=order, at=NOON)
    spent = Payment.objects.get(means=Means.CREDIT)
    assert (spent.status, credit.balance(order.guardian_id, payee.id)) == (Status.SUCCEEDED, 0)

    refund.owe_refund(payment=spent, cents=400, reason="places_gone", at=NOON)

    assert credit.balance(order.guardian_id, payee.id) == 400
    assert ledger.totals()[Account.REFUNDS] == 0


def test_the_statement_of_credit_says_each_movement_and_what_was_left(payee, django_assert_num_queries):
    payment = a_payment_of(an_option(price=1000, offering=an_offering(payee=payee)))
    guardian = payment.order.guardian
    refund.owe_refund(payment=payment, cents=600, reason="surplus", at=NOON, means=RefundMeans.CREDIT)
    grant(guardian, payee, 50)
    other = a_payee()
    move(guardian, payee, other, 250)
    pay_out(guardian, payee, 400)

    with django_assert_num_queries(2):
        told = [
            (each.payee, str(each.words), each.cents, each.balance_cents) for each in movements.movements(guardian.id)
        ]

    assert told == [
        (payee, "Versé à la famille", -400, 0),
        (other, "Viré depuis un autre compte de paiement", 250, 250),
        (payee, "Viré vers un autre compte de paiement", -250, 400),
        (payee, "Geste de l’organisation", 50, 650),
        (payee, "Remboursement gardé en crédit", 600, 600),
    ]
