"""A transfer taken back from the wrong order, as its pages tell it: nothing was given back to anybody."""

from django.urls import reverse

from kernel import clock
from tenant_apps.accounting.bank import home, undoing
from tenant_apps.organisation.models import Role
from tenant_apps.payments.models import Refund
from tests.accounting.bank import a_commune_and_order, imported, sent_for
from tests.clients import HostClient
from tests.factories.counter import CLERK
from tests.office.conftest import SignIn
from tests.portal.people import words


def url(name: str, *args: object) -> str:
    return reverse(f"office:{name}", urlconf="config.urls.organisation", args=args)


def test_it_is_no_refund_for_staff_nor_for_the_family(as_staff: SignIn, client: HostClient) -> None:
    _payee, order = a_commune_and_order()
    [line] = imported(sent_for(order))
    [payment] = home.payments_of(line)
    undoing.take_back(line_id=line.id, payment_id=payment.id, reason="Autre famille", actor=CLERK, at=clock.now())
    finance = as_staff(Role.FINANCE)

    assert finance.get(url("refund_page", Refund.objects.get().pk)).status_code == 404
    for status in ("done", "all"):
        assert order.reference not in words(finance.get(url("refunds"), {"status": status}))
    shown = words(finance.get(url("order", order.reference)))
    client.force_login(order.guardian.user)
    told = words(client.get(f"/compte/{order.token}"))

    assert "Virement repris, il était pour une autre commande" in shown
    assert "car ce virement était pour une autre commande" in told
    assert "Remboursement de" not in told
