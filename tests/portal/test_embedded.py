"""The processor's page inside ours: who is sent there, what that page alone may load, and the ways out of it."""

import re
from typing import Any
from urllib.parse import urlsplit

import pytest

from billing.gateway import checkout
from billing.models import ConnectedAccount
from kernel import clock
from shared_apps.design import security
from tenant_apps.orders import ledger
from tenant_apps.orders.models import Order
from tenant_apps.organisation.models import Payee
from tenant_apps.payments.models import Payment
from tests.clients import HostClient
from tests.factories.catalog import an_option
from tests.factories.families import a_child
from tests.factories.organisation import a_payee, an_organisation_profile
from tests.factories.registrations import a_basket, a_hold
from tests.payments.sandbox import Page, Sandbox
from tests.portal.people import Parent, a_camp, a_parent, words
from tests.portal.test_accounts import an_unpaid_order, pay
from tests.portal.test_checkout import back, confirmed

DOWN = {"kind": "status", "status": 503, "method": "GET", "path": "^/v1/checkout/sessions/"}


@pytest.fixture
def payee(account: ConnectedAccount) -> Payee:
    return a_payee("École A", processor_account=account.processor_id)


@pytest.fixture
def parent(parent: Parent, payee: Payee) -> Parent:
    """A camp of 55 $ in the basket, of an organisation that shows the payment in a page of its own."""
    an_organisation_profile(rules={"paying": {"page": "embedded"}})
    camp = an_option(offering=a_camp(payee=payee), price=5500)
    a_hold(camp, basket=a_basket(parent.guardian), child=a_child(of=parent.guardian), at=clock.now())
    return parent


def begun(client: HostClient) -> str:
    return urlsplit(confirmed(client)["Location"]).path


def pay_inside(sandbox: Sandbox, payment: Payment) -> Page:
    """What the script in the browser does: the frame, then the form in it, then the way out."""
    return sandbox.pay(f"{sandbox.api}/pay/{payment.session_id}")


def way_out(page: Page) -> str:
    [address] = re.findall(r'href="([^"]+)" target="_top" data-leave', page.text)
    return str(address)


def test_the_family_stays_on_the_site_and_pays_there(parent: Parent, sandbox: Sandbox) -> None:
    address = begun(parent.client)
    page = parent.client.get(address)
    payment = Payment.objects.get()
    paid = back(parent.client, way_out(pay_inside(sandbox, payment)))

    assert address == f"/paiement/{Order.objects.get().token}"
    assert "Payer 55,00 $ à École A" in words(page)
    assert "C’est confirmé" in words(paid)
    payment.refresh_from_db()
    assert (payment.status, payment.amount_cents) == ("succeeded", 5500)


def test_that_page_alone_may_load_the_script(parent: Parent, sandbox: Sandbox, settings: Any) -> None:
    address = begun(parent.client)
    pages = {path: parent.client.get(path) for path in ("/", "/panier", "/commande", address)}
    policies = {path: page["Content-Security-Policy"] for path, page in pages.items()}

    usual = security.policy(settings.STRIPE_API_BASE)
    api = sandbox.api
    its_own = f"{usual}; script-src 'self' {api}; frame-src {api}; connect-src 'self' {api}"
    assert policies == {"/": usual, "/panier": usual, "/commande": usual, address: its_own}
    scripts = {path: settings.STRIPE_JS_URL in page.content.decode() for path, page in pages.items()}
    assert scripts == {"/": False, "/panier": False, "/commande": False, address: True}


def test_the_script_is_told_the_key_the_account_and_the_secret_of_this_payment(
    parent: Parent, payee: Payee, settings: Any
) -> None:
    shown = parent.client.get(begun(parent.client)).content.decode()

    secret = checkout.look_at(account=payee.processor_account, page_id=Payment.objects.get().session_id or "").secret
    said = dict(re.findall(r'data-pay-(key|account|secret)="([^"]+)"', shown))
    assert said == {"key": settings.STRIPE_PUBLISHABLE_KEY, "account": payee.processor_account, "secret": secret}


def test_without_a_public_key_the_processor_s_own_page_is_used(parent: Parent, settings: Any) -> None:
    settings.STRIPE_PUBLISHABLE_KEY = ""

    assert begun(parent.client).startswith("/pay/")


def test_where_it_is_not_chosen_the_processor_s_own_page_is_used(parent: Parent) -> None:
    an_organisation_profile(rules={})

    assert begun(parent.client).startswith("/pay/")


def test_a_second_tab_finds_the_same_payment(parent: Parent) -> None:
    assert begun(parent.client) == begun(parent.client)
    assert Payment.objects.count() == 1


def test_without_a_script_the_processor_s_page_is_opened_and_ours_is_closed(parent: Parent, sandbox: Sandbox) -> None:
    address = begun(parent.client)
    hosted = parent.client.post(address)["Location"]

    first, second = Payment.objects.order_by("attempt")
    assert (first.status, second.status, second.page_url) == ("cancelled", "started", hosted)
    assert "Cette page a expiré" in sandbox.read(f"{sandbox.api}/pay/{first.session_id}")
    assert "C’est confirmé" in words(back(parent.client, sandbox.pay(hosted).location))
    assert [payment.status for payment in Payment.objects.order_by("attempt")] == ["cancelled", "succeeded"]


def test_who_has_paid_already_is_not_sent_to_pay_again(parent: Parent, sandbox: Sandbox) -> None:
    address = begun(parent.client)
    pay_inside(sandbox, Payment.objects.get())

    assert "C’est confirmé" in words(parent.client.post(address, follow=True))
    assert [payment.status for payment in Payment.objects.all()] == ["succeeded"]


def test_coming_back_to_a_page_that_was_paid_says_so(parent: Parent, sandbox: Sandbox) -> None:
    address = begun(parent.client)
    pay_inside(sandbox, Payment.objects.get())

    assert "C’est confirmé" in words(parent.client.get(address, follow=True))
    assert Payment.objects.get().status == "succeeded"


def test_who_leaves_has_the_page_closed_behind_them(parent: Parent, sandbox: Sandbox) -> None:
    address = begun(parent.client)
    [left] = re.findall(r'href="(/paiement/annule/[^"]+)"', parent.client.get(address).content.decode())

    assert "rien n’a été payé" in words(parent.client.get(left, follow=True))
    assert Payment.objects.get().status == "cancelled"
    assert parent.client.get(address)["Location"] == "/commande"


def test_while_the_processor_does_not_answer_nothing_is_lost(parent: Parent, sandbox: Sandbox) -> None:
    address = begun(parent.client)
    sandbox.control("faults", {"rules": [DOWN]})
    told = words(parent.client.get(address, follow=True))
    sandbox.control("faults", {"rules": []})

    assert "Le service de paiement ne répond pas pour l’instant." in told
    assert parent.client.get(address).status_code == 200


def test_an_address_of_no_order_is_not_found(parent: Parent, client: HostClient) -> None:
    assert [client.get("/paiement/rien").status_code, client.post("/paiement/rien").status_code] == [404, 404]


def test_a_balance_is_paid_there_too_by_its_own_family_alone(parent: Parent, payee: Payee, sandbox: Sandbox) -> None:
    order = an_unpaid_order(parent, payee)
    owed = ledger.balance_of_order(order.id)
    address = urlsplit(pay(parent, order, "20,00")["Location"]).path

    assert address == f"/paiement/{order.token}"
    assert "Payer 20,00 $ à École A" in words(parent.client.get(address))
    assert a_parent(HostClient("a.localhost")).client.get(address).status_code == 404
    assert "/connexion" in HostClient("a.localhost").get(address)["Location"]
    hosted = parent.client.post(address)["Location"]
    assert "20,00" in sandbox.read(hosted)
    back(parent.client, sandbox.pay(hosted).location)
    assert ledger.balance_of_order(order.id) == owed - 2000
