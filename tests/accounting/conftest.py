"""An organisation that sold, and was paid at the sandbox."""

from collections.abc import Callable

import pytest

from billing.models import ConnectedAccount
from kernel import clock
from tenant_apps.catalog.models import Option
from tenant_apps.orders.models import Order
from tenant_apps.organisation.models import Payee
from tenant_apps.payments import queries
from tenant_apps.payments.operations import settle
from tests.factories.catalog import an_offering, an_option
from tests.factories.orders import a_page, an_order
from tests.factories.organisation import a_payee
from tests.payments.conftest import account, running_sandbox, sandbox  # noqa: F401
from tests.payments.sandbox import SUCCESS, Sandbox

Paid = Callable[..., Order]


@pytest.fixture
def payee(account: ConnectedAccount) -> Payee:  # noqa: F811
    return a_payee(processor_account=account.processor_id)


@pytest.fixture
def option(payee: Payee) -> Option:
    return an_option("Semaine 28", price=12600, places=200, offering=an_offering(payee=payee, hold_minutes=60))


@pytest.fixture
def paid(sandbox: Sandbox, option: Option) -> Paid:  # noqa: F811
    """`paid()` is an order that was paid on its page and settled; `paid(told=False)` one of which we know nothing."""

    def pay(*, told: bool = True, card: str = SUCCESS) -> Order:
        order = an_order(option)
        sandbox.pay(a_page(order), card=card)
        if told:
            settle.settle(payment_id=_payment(order), at=clock.now())
        return order

    return pay


def _payment(order: Order) -> object:
    payment = queries.latest_payment(order)
    assert payment is not None
    return payment.id
