"""Taxes and steps from the basket to the ledger, the processor and the receipt: the same cents everywhere."""

from io import BytesIO

import pytest
from pypdf import PdfReader

from kernel import clock
from shared_apps.audit.actors import SYSTEM
from tenant_apps.orders import ledger
from tenant_apps.orders.models import Account, Transfer
from tenant_apps.organisation import queries as organisation
from tenant_apps.payments import queries, receipts
from tenant_apps.payments.models import Refund, RefundStatus
from tenant_apps.payments.operations import refund, settle
from tenant_apps.payments.operations.check_out import check_out
from tenant_apps.registrations.models import Registration
from tenant_apps.registrations.models import Status as RegistrationStatus
from tenant_apps.registrations.places import give_back
from tenant_apps.registrations.queries import basket_lines
from tests.factories.catalog import an_offering, an_option
from tests.factories.families import a_child, a_guardian
from tests.factories.orders import a_page, an_order
from tests.factories.organisation import a_payee
from tests.factories.registrations import a_basket, a_hold

GOODS = {"tax": "goods", "family": "fratrie"}


@pytest.fixture
def payee(account):
    profile = organisation.profile()
    profile.rules["prices"] = {
        "families": [{"key": "fratrie", "label": "Fratrie", "discounts": ["0", "10"]}],
        "taxes": [
            {"code": "tps", "label": "TPS", "rate": "5", "classes": ["goods"], "number": "123456789 RT0001"},
            {"code": "tvq", "label": "TVQ", "rate": "9.975", "classes": ["goods"]},
        ],
    }
    profile.save()
    return a_payee(processor_account=account.processor_id)


def an_order_of_two_children(payee):
    """100,00 $ and three at 5,55 $ of one family scheme."""
    camp = an_option("Camp", price=10000, offering=an_offering(payee=payee, pricing=GOODS))
    meals = an_option(
        "Repas",
        price=555,
        maximum_quantity=9,
        offering=an_offering(payee=payee, pricing=GOODS, selection="quantities"),
    )
    guardian = a_guardian()
    basket, at = a_basket(guardian), clock.now()
    a_hold(camp, basket=basket, child=a_child("Ada", of=guardian), at=at)
    a_hold(meals, basket=basket, child=a_child("Bo", of=guardian), quantity=3, at=at)
    cents = sum(line.amount_cents for line in basket_lines(basket.id))
    [order] = check_out(basket_id=basket.id, expected_cents=cents, actor=SYSTEM, language="fr", at=at)
    return order


def settled(order):
    return settle.settle(payment_id=queries.latest_payment(order).id, at=clock.now())


def text_of(receipt):
    pages = PdfReader(BytesIO(receipts.pdf(receipt))).pages
    return " ".join(" ".join(page.extract_text() for page in pages).replace("\u00a0", " ").split())


def test_the_processor_is_asked_what_the_steps_come_to_and_the_ledger_keeps_taxes_apart(sandbox, payee):
    order = an_order_of_two_children(payee)
    # 100,00 + 14,99 after the discount of the second child; 5 % and 9,975 % of 114,99.
    assert order.total_cents == 11499 + 575 + 1147

    sandbox.pay(a_page(order))
    payment = settled(order)

    assert payment.amount_cents == 13221
    assert ledger.totals() == dict.fromkeys(Account, 0) | {
        Account.REVENUE: -11499,
        Account.TAXES: -1722,
        Account.PROCESSOR: 13221,
    }
    assert [row["amount"] for row in sandbox.books(payee.processor_account)["charges"]] == [13221]


def test_the_receipt_says_each_tax_with_its_number_and_what_changed_the_price(sandbox, payee):
    order = an_order_of_two_children(payee)
    sandbox.pay(a_page(order))
    settled(order)

    text = text_of(queries.receipt_of(order))

    for words in (
        "Fratrie : 2e personne, rabais de 10 % : −1,66 $",
        "Sous-total 114,99 $",
        "TPS, 5 % (nº 123456789 RT0001) 5,75 $",
        "TVQ, 9,975 % 11,47 $",
        "Total payé 132,21 $",
    ):
        assert words in text


def test_a_tax_that_is_included_is_told_and_not_added(sandbox, payee):
    profile = organisation.profile()
    taxes = [{"code": "tva", "label": "TVA", "rate": "21", "classes": ["goods"], "is_included": True}]
    profile.rules["prices"]["taxes"] = taxes
    profile.save()
    order = an_order(an_option(price=12100, offering=an_offering(payee=payee, pricing={"tax": "goods"})))
    sandbox.pay(a_page(order))
    settled(order)

    assert (order.total_cents, ledger.totals()[Account.REVENUE], ledger.totals()[Account.TAXES]) == (
        12100,
        -10000,
        -2100,
    )
    text = text_of(queries.receipt_of(order))
    assert "Dont TVA, 21 % 21,00 $" in text
    assert "Sous-total" not in text


def test_late_money_goes_back_with_its_taxes_and_the_ledger_closes(sandbox, payee):
    option = an_option(price=10000, places=1, offering=an_offering(payee=payee, pricing=GOODS))
    order = an_order(option)
    sandbox.pay(a_page(order))
    Registration.objects.update(status=RegistrationStatus.RELEASED)
    give_back({option.id: 1})
    a_hold(option, at=clock.now())

    settled(order)
    refund.send_refunds(at=clock.now())

    [given_back] = Refund.objects.all()
    assert (given_back.amount_cents, given_back.status) == (11498, RefundStatus.SUCCEEDED)
    assert ledger.totals() == dict.fromkeys(Account, 0)


def test_a_tax_that_the_whole_no_longer_bears_comes_back_in_the_ledger(sandbox, payee):
    """The second child costs more and is not taxed: the first one's tax would be on 90,00 $, had it come second."""
    guardian = a_guardian()
    first, second = a_child("Ada", of=guardian), a_child("Bo", of=guardian)
    taxed = an_option(price=10000, offering=an_offering(payee=payee, pricing=GOODS))
    exempt = an_option(price=20000, offering=an_offering(payee=payee, pricing={"family": "fratrie"}))

    for option, child in ((taxed, first), (exempt, second)):
        basket, at = a_basket(guardian), clock.now()
        held = a_hold(option, basket=basket, child=child, at=at)
        held.refresh_from_db()
        cents = held.amount_cents
        [order] = check_out(basket_id=basket.id, expected_cents=cents, actor=SYSTEM, language="fr", at=at)
        sandbox.pay(a_page(order))
        settled(order)

    assert ledger.totals()[Account.TAXES] == -(450 + 898)
    assert ledger.totals()[Account.REVENUE] == -29000
    assert ledger.totals()[Account.PROCESSOR] == 29000 + 450 + 898
    assert sum(ledger.totals().values()) == 0
    assert Transfer.objects.filter(debit=Account.TAXES).count() == 2
