"""Transfers that come to an organisation, in the words of a test."""

from kernel import clock
from tenant_apps.accounting.bank import coda, entering, matching
from tenant_apps.accounting.models import StatementLine
from tenant_apps.catalog.models import Option
from tenant_apps.orders.models import Order
from tenant_apps.organisation.models import Payee
from tenant_apps.payments import communication
from tests.accounting.coda import IBAN, Sent, a_file
from tests.factories.catalog import an_offering, an_option
from tests.factories.orders import an_order
from tests.factories.organisation import a_payee, an_organisation_profile


def a_commune() -> Payee:
    """It takes transfers, and every family may pay later."""
    an_organisation_profile(
        currency="eur", territory="BE", rules={"paying": {"later": "families", "takes_transfers": True}}
    )
    return a_payee(iban=IBAN, code=90)


def a_week(payee: Payee, price: int = 12600, **columns: object) -> Option:
    return an_option("Semaine 28", price=price, offering=an_offering(payee=payee, hold_minutes=60), **columns)


def sent_for(order: Order, cents: int | None = None, **told: object) -> Sent:
    """A transfer of the order's total, or of so much, with its communication."""
    structured = "".join(filter(str.isdigit, communication.formatted(order.communication)))
    return Sent(order.total_cents if cents is None else cents, structured=structured, **told)


def imported(*sent: Sent, **told: object) -> list[StatementLine]:
    """As the office does it: read, entered and matched. Returns every line there then is, the first first."""
    foreseen = entering.foresee(coda.read(a_file(*sent, **told)), payee=None)
    added = entering.enter_all(foreseen.new, at=clock.now())
    matching.match_all(at=clock.now(), line_ids=added)
    return lines()


def lines() -> list[StatementLine]:
    return list(StatementLine.objects.filter(book="bank").order_by("found_at", "reference"))


def a_commune_and_order(price: int = 12600) -> tuple[Payee, Order]:
    payee = a_commune()
    return payee, an_order(a_week(payee, price))
