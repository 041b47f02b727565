"""Another card for what is to come: believed on the processor's word, and put in the place of the one before."""

from dataclasses import replace
from datetime import timedelta

import pytest

from billing.gateway.client import client
from kernel import clock
from shared_apps.audit.actors import SYSTEM
from tenant_apps.orders import ledger
from tenant_apps.payments import events, queries
from tenant_apps.payments.errors import OrderGone, PayeeNotReady, PaymentUnavailable
from tenant_apps.payments.models import InstalmentStatus, Payment
from tenant_apps.payments.operations import cards, charging, later, settle, warning
from tenant_apps.payments.operations.begin import begin_payment
from tests.factories.changes import a_paid_page
from tests.factories.families import a_guardian
from tests.factories.instalments import SIGNED, a_kept_card, an_order_in_parts, parts_of, practice_of_payment, states_of
from tests.factories.orders import CANCEL_URL, RETURN_URL
from tests.factories.organisation import a_payee
from tests.payments.sandbox import DECLINED

DAY = timedelta(days=1)
DUE = SIGNED + 30 * DAY
BACK, CANCEL = "http://a.localhost/carte?page={CHECKOUT_SESSION_ID}", "http://a.localhost/carte"


@pytest.fixture
def payee(account):
    practice_of_payment()
    return a_payee(processor_account=account.processor_id)


def page_of(*orders):
    return cards.begin_change(order_ids=[order.id for order in orders], return_url=BACK, cancel_url=CANCEL, at=SIGNED)


def given(sandbox, url, card="5555555555554444", **more):
    """The name of the page as the browser brings it back."""
    return sandbox.pay(url, card=card, **more).location.partition("page=")[2]


def card_of(order):
    order.refresh_from_db()
    return order.card.get("label", "")


def test_a_card_that_replaces_a_refused_one_pays_at_once_and_the_next_parts(sandbox, payee):
    order = an_order_in_parts(payee, card="chargeCustomerFail")
    charging.charge_due(at=DUE)
    assert states_of(order)[1] == InstalmentStatus.FAILED

    page = given(sandbox, page_of(order))
    assert cards.finish_change(page_id=page, at=DUE + DAY) == "Mastercard •••• 4444"
    charging.charge_due(at=DUE + DAY)

    assert card_of(order) == "Mastercard •••• 4444"
    assert states_of(order) == [InstalmentStatus.PAID] * 2


def test_it_is_that_of_every_order_of_the_family_with_the_payee_and_of_no_other(sandbox, payee):
    guardian, elsewhere = a_guardian(), a_payee(processor_account=payee.processor_account)
    mine = [an_order_in_parts(payee, guardian=guardian) for _ in range(2)]
    others = [an_order_in_parts(payee), an_order_in_parts(elsewhere, guardian=guardian)]

    cards.finish_change(page_id=given(sandbox, page_of(mine[0])), at=SIGNED)

    assert [card_of(order) for order in mine] == ["Mastercard •••• 4444"] * 2
    assert [card_of(order) for order in others] == ["Visa •••• 4242"] * 2


def test_the_event_and_the_browser_say_it_twice_and_it_is_done_once(sandbox, payee):
    order = an_order_in_parts(payee, card="chargeCustomerFail")
    charging.charge_due(at=DUE)
    page = given(sandbox, page_of(order), card="4000000000000341")
    session = {"id": page.partition("-")[2], "mode": "setup", "metadata": {"card_of": str(order.id)}}

    events.page_changed(session)
    charging.charge_due(at=parts_of(order)[1].try_at)
    refused = parts_of(order)[1]
    events.page_changed(session)
    cards.finish_change(page_id=page, at=DUE + DAY)

    assert (refused.attempts, refused.status) == (1, InstalmentStatus.FAILED)
    assert parts_of(order)[1].try_at == refused.try_at


def test_the_page_that_was_opened_last_has_the_last_word(sandbox, payee):
    order = an_order_in_parts(payee)
    first = given(sandbox, page_of(order))
    sandbox.control("clock", {"advance_seconds": 60})
    second = given(sandbox, page_of(order), card="4000056655665556")

    for page in (second, first):
        cards.finish_change(page_id=page, at=SIGNED)

    assert card_of(order) == "Visa •••• 5556"


def test_a_card_that_the_bank_refuses_replaces_nothing(sandbox, payee):
    order = an_order_in_parts(payee)
    url = page_of(order)
    assert sandbox.pay(url, card=DECLINED).status == 402

    session_id = url.rpartition("/")[2]

    assert cards.finish_change(page_id=f"{payee.id.hex}-{session_id}", at=SIGNED) == ""
    assert card_of(order) == "Visa •••• 4242"


@pytest.mark.parametrize("page", ["", "nonsense", "0" * 32 + "-cs_test_1", "{payee}-cs_test_unknown"])
def test_a_page_that_is_none_of_ours_changes_nothing(sandbox, payee, page):
    order = an_order_in_parts(payee)

    assert cards.finish_change(page_id=page.format(payee=payee.id.hex), at=SIGNED) == ""
    assert card_of(order) == "Visa •••• 4242"


def test_an_order_without_a_card_gets_one(sandbox, payee):
    order = an_order_in_parts(payee, card={})
    charging.charge_due(at=DUE)

    cards.finish_change(page_id=given(sandbox, page_of(order)), at=DUE + DAY)
    charging.charge_due(at=DUE + DAY)

    assert (card_of(order), states_of(order)) == ("Mastercard •••• 4444", [InstalmentStatus.PAID] * 2)


def test_what_cannot_be_begun_is_refused_in_words(sandbox, payee):
    closed, nowhere = a_payee(processor_account="acct_1Unknown"), a_payee(processor_account="")

    with pytest.raises(OrderGone):
        page_of()
    with pytest.raises(PayeeNotReady):
        page_of(an_order_in_parts(nowhere, card={}))
    with pytest.raises(PaymentUnavailable):
        page_of(an_order_in_parts(closed, card={}))


def test_a_card_is_good_until_the_last_day_of_its_month(sandbox, payee):
    order = an_order_in_parts(payee)
    found = []
    for expires in ("2026-09", "2026-10", ""):
        order.card = {**order.card, "expires": expires}
        found.append(warning.card_expires_before(order))

    assert found == [parts_of(order)[1].due_on, None, None]


class TestAPartThatIsPaidEarly:
    """By whoever has a card at hand: what is to come stays on the one that was kept."""

    def paid(self, sandbox, order, cents=1000):
        """What the processor was asked to keep the card for."""
        url = begin_payment(
            order_id=order.id, return_url=RETURN_URL, cancel_url=CANCEL_URL, at=clock.now(), most_cents=cents
        )
        sandbox.pay(url, card="5555555555554444")
        paid = settle.settle(payment_id=queries.latest_payment(order).id, at=clock.now())
        account = {"stripe_account": paid.order.payee.processor_account}
        return client().v1.payment_intents.retrieve(paid.intent_id, {}, account).setup_future_usage

    @pytest.fixture
    def order(self, sandbox, payee):
        return an_order_in_parts(payee, at=clock.now())

    def test_it_leaves_the_card_that_was_kept_and_keeps_no_other(self, sandbox, order):
        assert self.paid(sandbox, order) is None

        assert ledger.balance_of_order(order.id) == 5300
        assert card_of(order) == "Visa •••• 4242"

    def test_a_card_that_a_page_keeps_all_the_same_replaces_none(self, sandbox, payee, order):
        """As of a page that was opened before the card was changed, or of an event that comes twice."""
        payment = Payment.objects.select_related("order__payee").get(order=order)

        settle.enter(payment=payment, answer=a_page_that_keeps(payment, payee), at=clock.now())

        assert card_of(order) == "Visa •••• 4242"

    def test_where_none_is_kept_it_keeps_one(self, sandbox, payee):
        order = an_order_in_parts(payee, card={}, at=clock.now())

        assert self.paid(sandbox, order) == "off_session"

        assert card_of(order) == "Mastercard •••• 4444"

    def test_of_all_that_is_left_none_is_kept(self, sandbox, payee):
        order = an_order_in_parts(payee, card={}, at=clock.now())

        assert self.paid(sandbox, order, None) is None

        assert (ledger.balance_of_order(order.id), card_of(order)) == (0, "")


@pytest.mark.parametrize("cents", [0, -1])
def test_less_than_something_is_nothing_to_pay(sandbox, payee, cents):
    order = an_order_in_parts(payee)

    url = begin_payment(order_id=order.id, return_url=RETURN_URL, cancel_url=CANCEL_URL, at=SIGNED, most_cents=cents)

    assert (url, Payment.objects.filter(order=order).count()) == (None, 1)


def a_page_that_keeps(payment, payee):
    return replace(a_paid_page(payment), card=a_kept_card(payee, "mastercard"))


def test_what_staff_gave_a_day_to_come_is_not_asked_of_a_new_card_before_it(sandbox, payee):
    order = an_order_in_parts(payee, card="chargeCustomerFail")
    charging.charge_due(at=DUE)
    refused = parts_of(order)[1]
    later.change_due(instalment_id=refused.id, on=(DUE + 60 * DAY).date(), actor=SYSTEM, at=DUE)

    cards.finish_change(page_id=given(sandbox, page_of(order)), at=DUE + DAY)
    charging.charge_due(at=DUE + DAY)

    assert states_of(order)[1] == InstalmentStatus.DUE
    charging.charge_due(at=DUE + 60 * DAY)
    assert states_of(order)[1] == InstalmentStatus.PAID
