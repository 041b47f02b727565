"""An account that takes no money: nothing is begun on it. It is left once nothing is under way, and gives back."""

from datetime import timedelta

import pytest

from billing import standing
from billing.gateway.accounts import look_at
from billing.operations import refresh_account
from kernel import clock
from shared_apps.audit.actors import Actor
from shared_apps.audit.models import Entry
from tenant_apps.catalog.models import Offering
from tenant_apps.organisation.models import Establishment, Payee
from tenant_apps.organisation.paying import Paying
from tenant_apps.payments import queries
from tenant_apps.payments.errors import OnlinePaused, PayeeNotReady
from tenant_apps.payments.models import Instalment, InstalmentStatus, Payment, RefundStatus
from tenant_apps.payments.operations import accounts, charging, refund, settle, together
from tenants.context import in_registry
from tests.billing.accounts import WEB, require
from tests.factories.catalog import an_offering, an_option
from tests.factories.instalments import SIGNED, an_order_in_parts, practice_of_payment
from tests.factories.moments import NOON
from tests.factories.orders import a_page, an_order
from tests.factories.organisation import a_payee, an_establishment

CLERK = Actor(kind="staff", user_id=None, label="Odile")
DUE = SIGNED + timedelta(days=30)


@pytest.fixture
def payee(account):
    practice_of_payment()
    return a_payee("École A", processor_account=account.processor_id)


@pytest.fixture
def sold(payee):
    return an_option(price=900, places=5, offering=an_offering(payee=payee, hold_minutes=60))


def stop(sandbox, account):
    require(sandbox, account, WEB)
    refresh_account(processor_id=account.processor_id)


def paid_online(sandbox, order):
    sandbox.pay(a_page(order))
    return settle.settle(payment_id=queries.latest_payment(order).id, at=clock.now())


def leave(payee):
    accounts.disconnect(payee_id=payee.pk, actor=CLERK, at=NOON)


def reopen(payee, email="a@example.org"):
    return accounts.open_account(payee_id=payee.pk, email=email, actor=CLERK, at=NOON)


def reopen_after_leaving(payee):
    leave(payee)
    return reopen(payee)


def test_no_payment_is_begun_to_an_account_that_takes_none(sold, account, sandbox):
    order = an_order(sold)
    stop(sandbox, account)

    with pytest.raises(OnlinePaused):
        a_page(order)

    assert Payment.objects.count() == 0


def test_an_account_that_never_took_money_is_said_to_be_not_open_yet(sold, account, sandbox):
    with in_registry():
        type(account).objects.update(opened_at=None)
    require(sandbox, account, WEB)
    with in_registry():
        type(account).objects.update(charges_enabled=False)

    with pytest.raises(PayeeNotReady) as refusal:
        a_page(an_order(sold))

    assert refusal.type is PayeeNotReady


def test_what_stops_while_nobody_looked_is_found_when_a_family_pays(sold, account, sandbox):
    require(sandbox, account, WEB)

    with pytest.raises(OnlinePaused):
        a_page(an_order(sold))

    assert standing.stopped([account.processor_id]) == {account.processor_id}


def test_an_account_that_is_well_again_is_paid_though_nobody_told(sold, account, sandbox):
    stop(sandbox, account)
    require(sandbox, account)

    assert a_page(an_order(sold)).startswith("http")


def test_instalments_wait_for_the_account_and_are_taken_once_it_is_well(payee, account, sandbox):
    an_order_in_parts(payee)
    payments = Payment.objects.count()
    stop(sandbox, account)

    charging.charge_due(at=DUE)
    assert Payment.objects.count() == payments
    require(sandbox, account)
    refresh_account(processor_id=account.processor_id)
    charging.charge_due(at=DUE)

    assert list(Instalment.objects.order_by("position").values_list("status", flat=True)) == ["paid", "paid"]


def test_several_payees_are_paid_together_only_where_each_takes_money(payee, account, sandbox):
    other = a_payee("École B", processor_account="acct_other")
    rules = Paying(methods=("card",))
    basket_id = payee.pk
    assert together.may_be([payee, other], rules, basket_id=basket_id)

    stop(sandbox, account)

    assert not together.may_be([payee, other], rules, basket_id=basket_id)


@pytest.mark.line("S3-10")
def test_an_account_with_an_open_instalment_is_not_left(payee, sandbox):
    an_order_in_parts(payee)

    with pytest.raises(accounts.StillInUse) as refusal:
        leave(payee)

    assert str(refusal.value) == (
        "Ce compte sert encore\u202f: 1 versement à venir. Attendez la fin, puis recommencez."
    )
    Instalment.objects.update(status=InstalmentStatus.CANCELLED)
    leave(payee)


def test_an_account_with_a_payment_under_way_is_not_left(sold, payee):
    a_page(an_order(sold))

    assert accounts.under_way(payee) == ["1 paiement en cours"]
    with pytest.raises(accounts.StillInUse):
        leave(payee)


def test_an_account_with_a_refund_under_way_is_not_left(sold, payee, sandbox):
    payment = paid_online(sandbox, an_order(sold))
    refund.owe_refund(payment=payment, cents=900, reason="places_gone", at=NOON)

    assert accounts.under_way(payee) == ["1 remboursement en cours"]


def test_what_is_under_way_for_another_payee_of_the_account_counts_too(sold, payee):
    a_page(an_order(sold))

    assert accounts.under_way(a_payee(processor_account=payee.processor_account)) == ["1 paiement en cours"]


def test_an_account_that_was_left_takes_no_payment_and_gives_back_what_it_took(sold, payee, account, sandbox):
    payment = paid_online(sandbox, an_order(sold))
    leave(payee)

    with pytest.raises(PayeeNotReady):
        a_page(an_order(sold))
    refund.owe_refund(payment=payment, cents=900, reason="places_gone", at=clock.now())
    refund.send_refunds(at=clock.now())

    assert payment.refunds.get().status == RefundStatus.SUCCEEDED
    assert [row["amount"] for row in sandbox.books(account.processor_id)["refunds"]] == [900]


def test_an_account_that_took_nothing_is_closed_at_the_processor(payee, account, sandbox):
    leave(payee)

    assert look_at(account.processor_id).is_closed


def test_one_that_took_money_is_kept_there(sold, payee, account, sandbox):
    paid_online(sandbox, an_order(sold))

    leave(payee)

    assert not look_at(account.processor_id).is_closed


def test_leaving_twice_is_leaving_once(payee):
    leave(payee)
    leave(payee)

    assert Entry.objects.filter(action="payees.account_left").count() == 1


def test_an_account_is_opened_once_for_a_payee_whoever_asks(sandbox, organisation_a):
    payee = a_payee("École N", processor_account="")

    first, second = (reopen(payee, email) for email in ("a@example.org", "b@example.org"))

    assert first.processor_account == second.processor_account != ""
    assert Entry.objects.filter(action="payees.account_opened").count() == 1


def test_who_opens_an_account_anew_is_a_new_payee_that_sells_what_the_old_one_did(sold, payee, account, sandbox):
    school = an_establishment(payee=payee)
    payment = paid_online(sandbox, an_order(sold))
    leave(payee)

    new, again = reopen(payee), reopen(payee)

    payee.refresh_from_db()
    assert new.pk == again.pk != payee.pk
    assert (new.name, payee.name) == ("École A", "École A (ancien compte 1)")
    assert new.processor_account != payee.processor_account == account.processor_id
    assert Offering.objects.get().payee == Establishment.objects.get(pk=school.pk).payee == new
    payment.refresh_from_db()
    assert payment.order.payee == payee
    assert Payee.objects.count() == 2


def test_who_leaves_the_second_account_too_is_a_third_payee(payee, sandbox):
    second = reopen_after_leaving(payee)
    third = reopen_after_leaving(second)

    assert reopen(payee) == reopen(second) == third
    assert [*Payee.objects.order_by("name").values_list("name", flat=True)] == [
        "École A",
        "École A (ancien compte 1)",
        "École A (ancien compte 2)",
    ]
    second.refresh_from_db()
    assert len({each.processor_account for each in (payee, second, third)}) == 3


def test_the_bank_account_goes_over_with_a_code_of_its_own(payee, sandbox):
    Payee.objects.filter(pk=payee.pk).update(iban="BE68539007547034", code=7)
    leave(payee)

    new = reopen(payee)

    assert (new.iban, Payee.objects.get(pk=payee.pk).code) == ("BE68539007547034", 7)
    assert new.code not in (None, 7)


def test_while_the_processor_is_away_nothing_is_opened(sandbox, organisation_a):
    payee = a_payee("École N", processor_account="")
    sandbox.control("faults", {"rules": [{"kind": "status", "status": 503, "path": "^/v2/core/accounts"}]})

    with pytest.raises(accounts.ProcessorAway):
        reopen(payee)

    assert Payee.objects.get().processor_account == ""
