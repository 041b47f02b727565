"""A basket of two schools: one consent, two payments, and what each received told by itself (O-02)."""

from typing import Any
from urllib.parse import urlsplit

import pytest

from billing.models import ConnectedAccount
from kernel import clock
from tenant_apps.orders.models import Order
from tenants.models import Organisation
from tests.clients import HostClient
from tests.factories.catalog import an_option
from tests.factories.families import a_child
from tests.factories.organisation import a_payee, an_organisation_profile
from tests.factories.registrations import a_basket, a_hold
from tests.payments.conftest import an_account
from tests.payments.sandbox import Page, Sandbox
from tests.portal.people import Parent, a_camp, a_parent, words
from tests.portal.test_checkout import back, confirmed

LOST_REPLY = {"kind": "drop_reply", "method": "POST", "path": "^/v1/payment_intents$", "times": 6}


@pytest.fixture
def second(organisation_a: Organisation, account: ConnectedAccount, sandbox: Sandbox) -> ConnectedAccount:
    return an_account(organisation_a, sandbox, "École B")


@pytest.fixture
def basket(parent: Parent, account: ConnectedAccount, second: ConnectedAccount) -> None:
    mine, child = a_basket(parent.guardian), a_child(of=parent.guardian)
    for name, cents, each in (("École A", 1000, account), ("École B", 2000, second)):
        payee = a_payee(name, processor_account=each.processor_id)
        a_hold(an_option(offering=a_camp(payee=payee), price=cents), basket=mine, child=child, at=clock.now())


def consented(parent: Parent, sandbox: Sandbox, **more: str) -> Page:
    address = confirmed(parent.client)["Location"]
    return sandbox.pay(address, **more)


@pytest.mark.line("S3-19")
def test_the_summary_says_that_the_card_is_given_once_and_what_each_receives(parent: Parent, basket: None) -> None:
    said = words(parent.client.get("/commande"))

    assert "École A 10,00 $ École B 20,00 $ Total 30,00 $" in said
    assert "Vous donnez votre carte une seule fois, et chaque destinataire est payé à part." in said
    assert "Payer 30,00 $ en une fois" in said
    assert "l’un après l’autre" not in said


def test_where_a_part_is_due_later_what_each_receives_now_is_said(parent: Parent, basket: None) -> None:
    halves = [{"percent": "50"}, {"percent": "50", "months": 1}]
    plan = {"key": "deux", "label": {"fr": "2 paiements"}, "shares": halves, "natures": ["camp"]}
    an_organisation_profile(rules={"paying": {"plans": [plan]}})

    said = words(parent.client.post("/commande", {"update": "1", "plan": "deux"}))

    assert "5,00 $ à École A 10,00 $ à École B" in said
    assert "Payer 15,00 $ en une fois" in said


@pytest.mark.line("S3-19", "S3-20")
def test_one_page_pays_both_and_each_gives_its_confirmation(parent: Parent, basket: None, sandbox: Sandbox) -> None:
    address = confirmed(parent.client)["Location"]
    page = back(parent.client, sandbox.pay(address).location)

    assert "C’est confirmé" in words(page)
    assert {order.status for order in Order.objects.all()} == {"settled"}
    assert "20,00 $ à École B, référence" in words(page) or "10,00 $ à École A, référence" in words(page)


def test_the_page_of_the_consent_names_every_amount(parent: Parent, basket: None, sandbox: Sandbox) -> None:
    address = confirmed(parent.client)["Location"]

    assert "Vous payez maintenant 10,00\u00a0$ à École A et 20,00\u00a0$ à École B." in sandbox.read(address)


@pytest.mark.line("S3-19")
def test_what_one_school_did_not_receive_is_told_and_paid_by_itself(
    parent: Parent, basket: None, sandbox: Sandbox, second: ConnectedAccount
) -> None:
    paid = consented(parent, sandbox)
    sandbox.control("faults", [{"kind": "decline", "account": second.processor_id, "times": 1}])

    page = back(parent.client, paid.location)

    assert "La carte n’a pas pu payer 20,00 $ à École B." in words(page)
    assert "Payé : 10,00 $ à École A." in words(page)
    assert "Payer 20,00 $ et s’inscrire" in words(page)
    own = confirmed(parent.client)["Location"]
    waiting = Order.objects.get(status="open")
    left = parent.client.get(f"/paiement/annule/{waiting.token}", follow=True)
    assert "Rien n’est perdu et rien d’autre n’a été payé." in words(left)
    assert sandbox.pay(own).location == ""
    done = back(parent.client, sandbox.pay(confirmed(parent.client)["Location"]).location)
    assert "C’est confirmé" in words(done)


def test_a_bank_that_wants_to_ask_is_told_as_such(parent: Parent, basket: None, sandbox: Sandbox) -> None:
    asked = consented(parent, sandbox, card="4000002760003184")

    page = back(parent.client, sandbox.answer(asked.location, "approve").location)

    assert "Votre banque veut vous poser une question avant de payer 10,00 $ à École A." in words(page)
    assert "l’un après l’autre" in words(page)
    assert "Payer 10,00 $ à École A" in words(page)


def test_while_nothing_is_known_the_family_waits_and_pays_no_second_time(
    parent: Parent, basket: None, sandbox: Sandbox
) -> None:
    paid = consented(parent, sandbox)
    sandbox.control("faults", [LOST_REPLY])

    waiting = back(parent.client, paid.location)
    sandbox.control("faults", [])

    assert "Ne payez pas une seconde fois." in words(waiting)
    address = urlsplit(paid.location)
    assert f"{address.path}?{address.query}" in waiting.content.decode()
    order = Order.objects.first()
    assert order is not None
    assert "Ne payez pas une seconde fois." in words(parent.client.get(f"/paiement/retour/{order.token}"))
    assert "C’est confirmé" in words(back(parent.client, paid.location))


def test_who_leaves_the_page_has_paid_nothing(parent: Parent, basket: None, sandbox: Sandbox) -> None:
    confirmed(parent.client)
    order = Order.objects.first()
    assert order is not None

    page = parent.client.get(f"/paiement/annule/{order.token}", follow=True)

    assert "rien n’a été payé" in words(page)


def test_a_page_brought_to_another_family_s_order_tells_nothing(
    parent: Parent, basket: None, sandbox: Sandbox, account: ConnectedAccount
) -> None:
    paid = consented(parent, sandbox)
    other = a_parent(HostClient("a.localhost"))
    payee = a_payee("École C", processor_account=account.processor_id)
    a_hold(
        an_option(offering=a_camp(payee=payee), price=500),
        basket=a_basket(other.guardian),
        child=a_child(of=other.guardian),
        at=clock.now(),
    )
    confirmed(other.client)
    theirs = Order.objects.get(payee=payee)

    page: Any = other.client.get(f"/paiement/retour/{theirs.token}?{urlsplit(paid.location).query}", follow=True)

    assert "Le paiement n’a pas abouti." in words(page)
    assert "École B" not in words(page)


def test_by_setting_each_school_is_paid_by_itself(parent: Parent, basket: None) -> None:
    an_organisation_profile(rules={"paying": {"is_separate": True}})

    assert "Paiement 1 sur 2" in words(parent.client.get("/commande"))
