"""Several payees, one consent: the card is typed once, each is paid by itself, and nothing is asked of a card twice."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest

from billing.gateway import shared_cards
from billing.gateway.client import client
from billing.models import ConnectedAccount
from kernel import clock
from shared_apps.audit.actors import SYSTEM
from tenant_apps.orders import ledger
from tenant_apps.orders.models import Account, Order
from tenant_apps.organisation import queries as organisation
from tenant_apps.organisation.paying import Paying
from tenant_apps.organisation.rules import read
from tenant_apps.payments import events
from tenant_apps.payments.errors import ChargeUnderWay, PaymentUnavailable
from tenant_apps.payments.models import Instalment, Payment, Receipt
from tenant_apps.payments.operations import charging, sweep, together
from tenant_apps.payments.operations.begin import begin_payment
from tenant_apps.payments.operations.check_out import Terms, check_out, leave_check_out
from tenants.models import Organisation
from tests.factories.catalog import an_offering, an_option
from tests.factories.families import a_child
from tests.factories.instalments import IN_TWO, practice_of_payment
from tests.factories.orders import CANCEL_URL, RETURN_URL
from tests.factories.organisation import a_payee
from tests.factories.registrations import a_basket, a_hold
from tests.payments.conftest import an_account
from tests.payments.sandbox import SUCCESS, Sandbox

ASKS_THE_PAYER = "4000002760003184"
REFUSES_PAYMENTS = "4000000000000341"
LOST_REPLY = {"kind": "drop_reply", "method": "POST", "path": "^/v1/payment_intents$", "times": 3}


@dataclass
class Basket:
    orders: list[Order]
    accounts: list[str]
    sandbox: Sandbox

    @property
    def id(self) -> Any:
        return self.orders[0].basket_id

    def page(self) -> str:
        return together.begin(
            orders=self.orders,
            words="Vous payez maintenant deux montants.",
            return_url=RETURN_URL + "?ensemble={CHECKOUT_SESSION_ID}",
            cancel_url=CANCEL_URL,
            at=clock.now(),
        )

    def consent(self, card: str = SUCCESS) -> str:
        """The page's own name, as the browser brings it back."""
        return self.sandbox.pay(self.page(), card=card).location.partition("ensemble=")[2]

    def statuses(self) -> list[str]:
        return list(Order.objects.filter(basket_id=self.id).order_by("payee__name").values_list("status", flat=True))

    def charged(self) -> list[list[int]]:
        """Of each account, what its books say came in."""
        books = [self.sandbox.books(account)["charges"] for account in self.accounts]
        return [[row["amount"] for row in rows if row["status"] == "succeeded"] for rows in books]


def finish(page: str) -> list[tuple[str, bool, str]]:
    found = together.finish(page_id=page, at=clock.now())
    return [(outcome.order.payee.name, outcome.is_paid, outcome.failure) for outcome in found]


@pytest.fixture
def second(organisation_a: Organisation, account: ConnectedAccount, sandbox: Sandbox) -> ConnectedAccount:
    return an_account(organisation_a, sandbox, "École B")


@pytest.fixture
def basket(account: ConnectedAccount, second: ConnectedAccount, sandbox: Sandbox) -> Basket:
    return placed(sandbox, account, second)


def placed(sandbox: Sandbox, *accounts: ConnectedAccount, plan: str = "") -> Basket:
    mine, at = a_basket(), clock.now()
    child = a_child(of=mine.guardian)
    for name, cents, each in zip(("École A", "École B"), (1000, 2000), accounts, strict=True):
        payee = a_payee(name, processor_account=each.processor_id)
        week = an_option(offering=an_offering(payee=payee, hold_minutes=60), price=cents, places=5)
        a_hold(week, basket=mine, child=child, at=at)
    orders = check_out(
        basket_id=mine.id, expected_cents=3000, actor=SYSTEM, language="fr", at=at, terms=Terms(plan=plan)
    )
    orders.sort(key=lambda order: order.payee.name)
    return Basket(orders, [each.processor_id for each in accounts], sandbox)


@pytest.mark.line("S3-19", "S3-20")
def test_a_card_typed_once_pays_each_payee_on_its_own_account(basket: Basket) -> None:
    page = basket.consent()

    assert finish(page) == [("École A", True, ""), ("École B", True, "")]

    assert basket.charged() == [[1000], [2000]]
    assert basket.statuses() == ["settled", "settled"]
    assert [
        (receipt.payee.name, receipt.payment.amount_cents) for receipt in Receipt.objects.order_by("payee__name")
    ] == [
        ("École A", 1000),
        ("École B", 2000),
    ]
    assert Payment.objects.filter(method="Visa •••• 4242", session_id=None).count() == 2
    assert ledger.totals()[Account.PROCESSOR] == 3000
    assert sum(ledger.totals().values()) == 0


def test_nothing_is_charged_before_the_card_is_given(basket: Basket) -> None:
    page = basket.page()
    session = client().v1.checkout.sessions.list({}).data[0]

    assert session.url == page
    assert finish(session.id) == []
    assert Payment.objects.count() == 0
    assert basket.charged() == [[], []]


def test_brought_back_many_times_and_by_the_event_it_is_paid_once(basket: Basket) -> None:
    page = basket.consent()
    session = client().v1.checkout.sessions.retrieve(page).to_dict()

    for _ in range(3):
        finish(page)
        events.page_changed(session)

    assert basket.charged() == [[1000], [2000]]
    assert Receipt.objects.count() == 2


def test_whoever_leaves_after_giving_the_card_is_charged_by_the_event_alone(basket: Basket) -> None:
    page = basket.consent()

    events.page_changed(client().v1.checkout.sessions.retrieve(page).to_dict())

    assert basket.statuses() == ["settled", "settled"]


@pytest.mark.line("S3-19")
def test_what_one_account_cannot_take_is_told_and_the_other_stays_paid(basket: Basket) -> None:
    page = basket.consent()
    basket.sandbox.control("faults", [{"kind": "decline", "account": basket.accounts[1]}])

    assert finish(page) == [("École A", True, ""), ("École B", False, "generic_decline")]
    basket.sandbox.control("faults", [])

    assert basket.charged() == [[1000], []]
    assert basket.statuses() == ["settled", "open"]
    assert Receipt.objects.count() == 1
    # The page was for one attempt: brought back, it does not try the card again.
    assert [is_paid for _, is_paid, _ in finish(page)] == [True, False]
    assert basket.charged() == [[1000], []]


def test_what_was_refused_is_paid_on_a_page_of_its_own(basket: Basket) -> None:
    page = basket.consent()
    basket.sandbox.control("faults", [{"kind": "decline", "account": basket.accounts[1], "times": 1}])
    finish(page)
    payees = [order.payee for order in basket.orders]
    left = basket.orders[1]

    assert not together.may_be(payees, organisation_rules(), basket_id=basket.id)
    url = begin_payment(order_id=left.id, return_url=RETURN_URL, cancel_url=CANCEL_URL, at=clock.now())
    assert url is not None
    basket.sandbox.pay(url)
    sweep.sweep(at=clock.now() + timedelta(minutes=3))

    assert basket.charged() == [[1000], [2000]]
    assert basket.statuses() == ["settled", "settled"]


@pytest.mark.parametrize(
    ("card", "failure"), [(ASKS_THE_PAYER, "authentication_required"), (REFUSES_PAYMENTS, "generic_decline")]
)
def test_a_bank_that_asks_the_payer_or_says_no_leaves_all_to_be_paid_and_says_why(
    basket: Basket, card: str, failure: str
) -> None:
    page = basket.sandbox.pay(basket.page(), card=card)
    if "/authenticate/" in page.location:
        page = basket.sandbox.answer(page.location, "approve")

    assert finish(page.location.partition("ensemble=")[2]) == [("École A", False, failure), ("École B", False, failure)]
    assert basket.statuses() == ["open", "open"]
    assert basket.charged() == [[], []]


def test_a_reply_that_is_lost_is_found_again_and_never_charged_twice(basket: Basket) -> None:
    page = basket.consent()
    basket.sandbox.control("faults", [LOST_REPLY | {"account": basket.accounts[0]}])

    unknown = together.finish(page_id=page, at=clock.now())
    basket.sandbox.control("faults", [])

    assert [outcome.is_unknown for outcome in unknown] == [True, False]
    # Meanwhile no page is opened on which it would be paid again, and its place is not let go.
    with pytest.raises(ChargeUnderWay):
        begin_payment(order_id=basket.orders[0].id, return_url=RETURN_URL, cancel_url=CANCEL_URL, at=clock.now())
    with pytest.raises(ChargeUnderWay):
        leave_check_out(basket_id=basket.id, actor=SYSTEM, at=clock.now())
    assert finish(page) == [("École A", True, ""), ("École B", True, "")]
    assert basket.charged() == [[1000], [2000]]


def test_who_dies_before_the_answer_is_found_by_the_sweep(basket: Basket) -> None:
    page = basket.consent()
    basket.sandbox.control("faults", [LOST_REPLY | {"times": 6}])
    together.finish(page_id=page, at=clock.now())
    basket.sandbox.control("faults", [])

    sweep.sweep(at=clock.now() + timedelta(minutes=11))

    assert basket.statuses() == ["settled", "settled"]
    assert basket.charged() == [[1000], [2000]]


def test_an_order_that_changed_since_is_not_charged(basket: Basket) -> None:
    page = basket.consent()
    leave_check_out(basket_id=basket.id, actor=SYSTEM, at=clock.now())

    assert finish(page) == [("École A", False, ""), ("École B", False, "")]
    assert basket.charged() == [[], []]


def test_an_order_of_which_another_amount_is_asked_since_is_not_charged(basket: Basket) -> None:
    page = basket.consent()
    Order.objects.filter(pk=basket.orders[0].pk).update(first_cents=900)

    assert finish(page) == [("École A", False, ""), ("École B", True, "")]
    assert basket.charged() == [[], [2000]]


def test_an_order_that_is_being_paid_on_its_own_page_is_left_to_it(basket: Basket) -> None:
    page = basket.consent()
    begin_payment(order_id=basket.orders[0].id, return_url=RETURN_URL, cancel_url=CANCEL_URL, at=clock.now())

    assert finish(page) == [("École A", False, ""), ("École B", True, "")]
    assert basket.charged() == [[], [2000]]


def test_pages_of_one_order_are_closed_before_the_one_of_all_is_opened(basket: Basket) -> None:
    own = begin_payment(order_id=basket.orders[0].id, return_url=RETURN_URL, cancel_url=CANCEL_URL, at=clock.now())

    basket.page()

    assert basket.sandbox.pay(str(own)).status == 410


def test_a_payee_that_cannot_be_charged_is_apart_from_those_that_can(basket: Basket) -> None:
    page = basket.consent()
    payee = basket.orders[1].payee
    payee.processor_account = "acct_none"
    payee.save()

    assert [is_paid for _, is_paid, _ in finish(page)] == [True, False]
    assert basket.statuses() == ["settled", "open"]


def test_the_platform_keeps_nobody_s_card(basket: Basket) -> None:
    page = basket.consent()
    kept = shared_cards.look_at(page).customer

    finish(page)

    assert client().v1.customers.list({}).data == []
    assert kept


def test_the_card_of_a_plan_is_kept_by_the_payee_and_pays_the_next_part(
    account: ConnectedAccount, second: ConnectedAccount, sandbox: Sandbox
) -> None:
    practice_of_payment()
    basket = placed(sandbox, account, second, plan=IN_TWO)
    assert [order.first_cents for order in basket.orders] == [500, 1000]

    finish(basket.consent())
    charging.charge_due(at=clock.now() + timedelta(days=32))

    assert basket.charged() == [[500, 500], [1000, 1000]]
    assert set(Instalment.objects.values_list("status", flat=True)) == {"paid"}


def test_a_page_of_another_organisation_or_of_nobody_pays_nothing(basket: Basket) -> None:
    page = basket.consent()
    metadata = client().v1.checkout.sessions.retrieve(page).metadata
    assert metadata is not None
    sandbox_says(basket.sandbox, page, metadata.to_dict() | {"organisation": "org_of_somebody_else"})

    assert finish(page) == []
    assert finish("cs_test_none") == []
    assert basket.charged() == [[], []]


def test_a_processor_that_does_not_answer_is_asked_again(basket: Basket) -> None:
    page = basket.consent()
    basket.sandbox.control("faults", [{"kind": "status", "status": 503, "path": "checkout/sessions"}])

    with pytest.raises(PaymentUnavailable):
        finish(page)
    basket.sandbox.control("faults", [])
    assert [is_paid for _, is_paid, _ in finish(page)] == [True, True]


def test_payees_are_paid_together_where_nothing_is_against_it(basket: Basket) -> None:
    rules, payees = organisation_rules(), [order.payee for order in basket.orders]

    assert together.may_be(payees, rules, basket_id=basket.id)
    assert not together.may_be(payees[:1], rules, basket_id=basket.id)
    assert not together.may_be(payees, replace(rules, is_separate=True), basket_id=basket.id)
    assert not together.may_be(payees, replace(rules, methods=("card", "bancontact")), basket_id=basket.id)
    assert not together.may_be([*payees, a_payee(processor_account="")], rules, basket_id=basket.id)
    assert not together.may_be(payees * 5, rules, basket_id=basket.id)


def organisation_rules() -> Paying:
    return read(organisation.profile().rules).paying


def sandbox_says(sandbox: Sandbox, identifier: str, metadata: dict[str, str]) -> None:
    sandbox.control(f"objects/{identifier}", {"metadata": metadata})
