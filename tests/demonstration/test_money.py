"""What families owe in the demonstration, so that every page of money has something to show."""

import pytest

from tenant_apps.orders import ledger
from tenant_apps.orders.models import Order
from tenant_apps.organisation.models import Payee
from tenant_apps.payments import communication, credit
from tenant_apps.payments.models import Instalment
from tests.demonstration.test_loading import NOVEMBER_2026, load

pytestmark = pytest.mark.usefixtures("organisation_a")


def owed() -> list[tuple[str, str, str, bool]]:
    orders = Order.objects.filter(first_cents=0, total_cents__gt=0).order_by("number")
    return [
        (order.guardian.first_name, order.plan, order.status, ledger.balance_of_order(order.id) > 0) for order in orders
    ]


def test_a_family_of_the_city_pays_in_two_and_owes_another_account() -> None:
    load("city_qc", NOVEMBER_2026)

    assert owed() == [
        ("Nadia", "deux-versements", "settled", True),
        ("Nadia", "later", "settled", True),
    ]
    dues = Instalment.objects.filter(order__plan="deux-versements").order_by("position")
    assert [each.status for each in dues] == ["paid", "due"]
    assert sum(ledger.totals().values()) == 0


def test_a_family_of_the_commune_owes_what_a_transfer_may_pay() -> None:
    load("commune_be", NOVEMBER_2026)

    [order] = Order.objects.filter(first_cents=0, total_cents__gt=0)
    assert owed() == [("Samira", "later", "settled", True)]
    assert communication.formatted(order.communication).startswith("+++090/")
    payee = Payee.objects.get()
    assert payee.iban == "BE68539007547034"
    assert credit.available(order.guardian_id, payee.id) == 2500
