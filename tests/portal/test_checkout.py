"""From the summary to the payment and back, with the payment sandbox."""

import re
from contextlib import AbstractContextManager
from datetime import date
from typing import Any
from urllib.parse import urlsplit

import pytest

from billing.models import ConnectedAccount
from kernel import clock
from kernel.database import connection
from shared_apps.outbox import delivery
from shared_apps.outbox.models import Message
from tenant_apps.families.models import Guardian, Guardianship
from tenant_apps.orders.models import Order
from tenant_apps.organisation.models import Payee
from tenant_apps.payments.models import Payment
from tenant_apps.payments.operations.settle import settle
from tenant_apps.registrations.models import Registration
from tests.clients import HostClient
from tests.factories.catalog import an_option
from tests.factories.families import a_child, a_guardian
from tests.factories.forms import a_form
from tests.factories.organisation import a_payee, an_organisation_profile
from tests.factories.registrations import a_basket, a_hold
from tests.payments.sandbox import DECLINED, Sandbox
from tests.portal.people import (
    CHILD,
    GUEST,
    Parent,
    a_camp,
    a_guest,
    a_parent,
    a_sale,
    an_article,
    quantities,
    register_url,
    words,
)


@pytest.fixture
def payee(account: ConnectedAccount) -> Payee:
    return a_payee("Organisation A", processor_account=account.processor_id)


def confirmed(client, answers=None, **more):
    """The summary, sent with the total that it shows."""
    shown = re.search(r'name="total" value="(\d+)"', client.get("/commande").content.decode())
    return client.post("/commande", {"total": shown[1] if shown else "", **(answers or {})}, **more)


def told() -> list[Message]:
    """What the worker writes of all that happened so far."""
    delivery.handle_events(at=clock.now())
    return list(Message.objects.order_by("id"))


def ordered(client: HostClient, payee: Payee, *, quantity: int = 3, **columns: Any) -> None:
    """A guest has filled in the form of a sale, up to the summary."""
    offering = a_sale(title="Macaroni", payee=payee, **columns)
    article = an_article(offering, "Biscuits feuille d’érable", code="101")
    a_guest(client).post(register_url(offering), {**CHILD, **GUEST, **quantities((article, quantity))})


def hosted_page(client: HostClient) -> str:
    response = confirmed(client)
    assert response.status_code == 303
    assert "/pay/" in response["Location"]
    return str(response["Location"])


def back(client: HostClient, address: str) -> Any:
    """The browser follows the processor's way back."""
    parts = urlsplit(address)
    return client.get(f"{parts.path}?{parts.query}", follow=True)


def told_meanwhile(payment: Payment) -> AbstractContextManager[None]:
    """The processor's event is entered once a page has read the order, and before the page reads its payments."""
    is_told = False

    def event(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal is_told
        if not is_told and 'FROM "payments_payment"' in sql:
            is_told = True
            settle(payment_id=payment.id, at=clock.now())
        return execute(sql, params, many, context)

    return connection.execute_wrapper(event)


@pytest.mark.line("S1-40", "S1-44")
def test_the_summary_shows_what_was_said_and_the_total(client: HostClient, payee: Payee) -> None:
    version = a_form(
        {"key": "last_name", "required": True},
        {"key": "first_name", "required": True},
        {"key": "student_number", "label": "Numéro de fiche"},
        {"key": "home_group", "label": "Groupe-repère"},
        {"key": "birth_date", "kind": "date", "label": "Date de naissance"},
        {"key": "allergies", "class": "health", "label": "Allergies"},
    )
    offering = a_sale(payee=payee, registration_form=version.form)
    article = an_article(offering, "Biscuits feuille d’érable", code="101", price=100)
    said = {"student_number": "1234567", "home_group": "601", "birth_date": "2011-06-15", "allergies": "arachides"}
    a_guest(client).post(register_url(offering), {**CHILD, **GUEST, **said, **quantities((article, 10))})

    page = words(client.get("/commande"))

    assert "Résumé des informations" in page
    assert "Nom et prénom de l’élève Lapointe John" in page
    assert "Numéro de fiche 1234567" in page
    assert "Groupe-repère 601" in page
    assert "Date de naissance 15 juin 2011" in page
    assert "Articles 101 – Biscuits feuille d’érable : 10 × 1,00 $" in page
    assert "Récapitulatif de la commande Total 10,00 $" in page
    assert "Payer 10,00 $ et s’inscrire" in page
    assert "arachides" not in page


@pytest.mark.line("S1-45")
def test_going_back_from_the_summary_loses_nothing(client: HostClient, payee: Payee) -> None:
    ordered(client, payee)
    registration = Registration.objects.get()

    page = client.get("/commande").content.decode()
    address = f"/activites/{registration.option.offering.slug}/inscription?enfant={registration.participant_id}"
    form = client.get(address).content.decode()

    assert f'href="{address}">Précédent</a>' in page
    assert 'value="John"' in form
    assert f'name="choix-q-{registration.option_id}" value="3"' in form


@pytest.mark.line("S1-46", "S1-48")
def test_a_guest_pays_and_is_confirmed(client: HostClient, payee: Payee, sandbox: Sandbox) -> None:
    ordered(client, payee)

    paid = sandbox.pay(hosted_page(client))
    page = back(client, paid.location)

    order = Order.objects.get()
    assert page.redirect_chain[-1] == (f"/confirmation/{order.token}", 303)
    assert "C’est confirmé" in words(page)
    assert order.reference in words(page)
    assert "La confirmation est envoyée à anne@famille.example." in words(page)
    assert "Créer un compte" in words(page)
    assert Registration.objects.get().status == "confirmed"


@pytest.mark.line("S4-41", "S4-43")
def test_the_mail_with_what_was_chosen_leaves_once_it_is_paid_and_not_before(
    client: HostClient, payee: Payee, sandbox: Sandbox
) -> None:
    ordered(client, payee)
    page = hosted_page(client)
    before = told()

    back(client, sandbox.pay(page).location)
    subjects = [message.subject for message in told()]

    assert before == []
    assert sorted(subject.split("\u202f")[0] for subject in subjects) == ["Inscription confirmée", "Paiement reçu"]


def test_the_confirmation_can_be_reloaded_and_opened_by_who_holds_its_address(
    client: HostClient, payee: Payee, sandbox: Sandbox
) -> None:
    ordered(client, payee)
    back(client, sandbox.pay(hosted_page(client)).location)
    order = Order.objects.get()

    for visitor in (client, client, HostClient("a.localhost")):
        assert "C’est confirmé" in words(visitor.get(f"/confirmation/{order.token}"))
    assert Order.objects.get().settled_at == order.settled_at


def test_a_payment_told_of_while_the_family_comes_back_is_confirmed(
    client: HostClient, payee: Payee, sandbox: Sandbox
) -> None:
    ordered(client, payee)
    paid = sandbox.pay(hosted_page(client))

    with told_meanwhile(Payment.objects.get()):
        page = back(client, paid.location)

    assert page.redirect_chain == [(f"/confirmation/{Order.objects.get().token}", 303)]
    assert "C’est confirmé" in words(page)
    assert "Le paiement n’a pas abouti" not in words(page)


def test_a_payment_told_of_while_the_confirmation_is_opened_is_confirmed(
    client: HostClient, payee: Payee, sandbox: Sandbox
) -> None:
    ordered(client, payee)
    sandbox.pay(hosted_page(client))
    address = f"/confirmation/{Order.objects.get().token}"

    with told_meanwhile(Payment.objects.get()):
        page = client.get(address, follow=True)

    assert page.redirect_chain == [(address, 303)]
    assert "C’est confirmé" in words(page)


def test_a_payment_told_of_while_another_tab_pays_opens_no_second_page(
    client: HostClient, payee: Payee, sandbox: Sandbox
) -> None:
    ordered(client, payee)
    sandbox.pay(hosted_page(client))

    with told_meanwhile(Payment.objects.get()):
        answer = client.post("/commande", {"total": "1650"})

    assert answer["Location"] == f"/confirmation/{Order.objects.get().token}"
    assert Payment.objects.count() == 1


def test_going_back_after_paying_says_it_is_paid_and_never_pays_twice(
    client: HostClient, payee: Payee, account: ConnectedAccount, sandbox: Sandbox
) -> None:
    ordered(client, payee)
    back(client, sandbox.pay(hosted_page(client)).location)

    page = client.get("/commande")
    again = confirmed(client, follow=True)

    order = Order.objects.get()
    for response in (page, again):
        assert "Votre commande est payée" in words(response)
        assert f"/confirmation/{order.token}" in response.content.decode()
    assert order.payments.count() == 1


def test_two_tabs_pay_on_the_same_page(client: HostClient, payee: Payee) -> None:
    ordered(client, payee)

    assert hosted_page(client) == hosted_page(client)


def test_leaving_the_payment_loses_nothing_and_closes_the_page(
    client: HostClient, payee: Payee, sandbox: Sandbox
) -> None:
    ordered(client, payee)
    page = hosted_page(client)
    order = Order.objects.get()

    response = client.get(f"/paiement/annule/{order.token}", follow=True)

    assert "Vous avez quitté le paiement. Rien n’est perdu et rien n’a été payé." in words(response)
    assert "Payer 16,50 $ et s’inscrire" in words(response)
    assert Registration.objects.get().status == "held"
    assert sandbox.pay(page).location == ""


def test_a_refused_card_brings_back_with_nothing_lost(client: HostClient, payee: Payee, sandbox: Sandbox) -> None:
    ordered(client, payee)
    refused = sandbox.pay(hosted_page(client), card=DECLINED)
    order = Order.objects.get()

    response = client.get(f"/paiement/retour/{order.token}", follow=True)

    assert refused.location == ""
    assert "Le paiement n’a pas abouti. Rien n’est perdu : vos places sont toujours gardées." in words(response)
    assert "Payer 16,50 $ et s’inscrire" in words(response)


def test_changing_the_order_after_the_payment_page_was_opened_closes_that_page(
    client: HostClient, payee: Payee, sandbox: Sandbox
) -> None:
    ordered(client, payee)
    old = hosted_page(client)
    line = Registration.objects.get()
    address = f"/activites/{line.option.offering.slug}/inscription?enfant={line.participant_id}"

    client.post(address, {**CHILD, "contact-email": "anne@famille.example", **quantities((line.option, 1))})
    page = words(client.get("/commande"))

    assert "Payer 5,50 $ et s’inscrire" in page
    assert sandbox.pay(old).location == ""


@pytest.mark.line("S1-47")
def test_what_costs_nothing_is_confirmed_at_once(parent: Parent) -> None:
    camp = a_camp()
    week = an_option("Semaine 1", offering=camp, price=0)
    a_hold(week, basket=a_basket(parent.guardian), child=a_child(of=parent.guardian), at=clock.now())

    summary = words(parent.client.get("/commande"))
    response = confirmed(parent.client, follow=True)

    assert "Confirmer l’inscription" in summary
    assert "C’est confirmé" in words(response)
    assert Registration.objects.get().status == "confirmed"


def test_payees_are_paid_one_after_the_other(
    parent: Parent, payee: Payee, account: ConnectedAccount, sandbox: Sandbox
) -> None:
    an_organisation_profile(rules={"paying": {"is_separate": True}})
    other = a_payee("École B", processor_account=account.processor_id)
    basket, child = a_basket(parent.guardian), a_child(of=parent.guardian)
    for each in (payee, other):
        a_hold(an_option(offering=a_camp(payee=each), price=1000), basket=basket, child=child, at=clock.now())

    before = words(parent.client.get("/commande"))
    half = back(parent.client, sandbox.pay(hosted_page(parent.client)).location)
    whole = back(parent.client, sandbox.pay(hosted_page(parent.client)).location)

    assert "Chaque destinataire est payé à part, l’un après l’autre." in before
    assert "Payé : 10,00 $ à Organisation A." in words(half)
    assert "Reste à payer 10,00 $" in words(half)
    assert "C’est confirmé" in words(whole)
    assert "10,00 $ à Organisation A, référence" in words(whole)


@pytest.mark.line("S2-12", "S2-13")
def test_where_terms_are_asked_nothing_is_paid_before_they_are_accepted(parent: Parent, payee: Payee) -> None:
    an_organisation_profile(rules={"labels": {"terms": {"fr": "Aucun remboursement après le début."}}})
    a_hold(
        an_option(offering=a_camp(payee=payee), price=1000),
        basket=a_basket(parent.guardian),
        child=a_child(of=parent.guardian),
        at=clock.now(),
    )

    refused = confirmed(parent.client)
    accepted = confirmed(parent.client, {"accepted": "on"})

    assert refused.status_code == 200
    assert "Aucun remboursement après le début." in words(refused)
    assert "Acceptez les modalités de paiement pour continuer." in words(refused)
    assert accepted.status_code == 303


@pytest.mark.line("S3-22")
def test_the_cards_that_are_taken_are_named(parent: Parent) -> None:
    an_organisation_profile(rules={"card_brands": ["visa", "visa_debit", "mastercard"]})
    child = a_child(of=parent.guardian)
    a_hold(an_option(offering=a_camp()), basket=a_basket(parent.guardian), child=child, at=clock.now())

    assert "Cartes acceptées : Visa, Visa Débit, Mastercard." in words(parent.client.get("/commande"))


def test_a_payee_that_cannot_be_paid_yet_is_told_and_the_places_stay(parent: Parent) -> None:
    week = an_option(offering=a_camp(payee=a_payee("École B", processor_account="")), price=1000)
    a_hold(week, basket=a_basket(parent.guardian), child=a_child(of=parent.guardian), at=clock.now())

    response = confirmed(parent.client, follow=True)

    assert "Le paiement en ligne n’est pas encore ouvert pour École B." in words(response)
    assert Registration.objects.get().status in ("held", "awaiting_payment")


def test_the_receipt_is_a_pdf_and_the_dates_go_to_a_calendar(
    client: HostClient, payee: Payee, sandbox: Sandbox
) -> None:
    ordered(client, payee, starts_on=clock.now().date().replace(year=2035, month=8, day=24))
    back(client, sandbox.pay(hosted_page(client)).location)
    token = Order.objects.get().token

    receipt = client.get(f"/confirmation/{token}/recu.pdf")
    calendar = client.get(f"/confirmation/{token}/calendrier.ics")

    assert receipt["Content-Type"] == "application/pdf"
    assert receipt.content.startswith(b"%PDF")
    assert b"DTSTART;VALUE=DATE:20350824" in calendar.content
    assert b"DTEND;VALUE=DATE:20350825" in calendar.content


@pytest.mark.parametrize(
    "path",
    [
        "/confirmation/inconnu",
        "/confirmation/%00",
        "/confirmation/inconnu/recu.pdf",
        "/confirmation/inconnu/calendrier.ics",
        "/paiement/retour/inconnu",
        "/paiement/annule/inconnu",
    ],
)
def test_an_unknown_token_opens_nothing(client: HostClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_before_payment_there_is_neither_receipt_nor_calendar(client: HostClient, payee: Payee) -> None:
    ordered(client, payee)
    hosted_page(client)
    token = Order.objects.get().token

    assert client.get(f"/confirmation/{token}/recu.pdf").status_code == 404
    assert client.get(f"/confirmation/{token}/calendrier.ics").status_code == 404
    assert "C’est confirmé" not in words(client.get(f"/confirmation/{token}"))
    assert not Message.objects.exists()


def test_an_empty_checkout_says_so(client: HostClient) -> None:
    assert "Rien à payer" in words(client.get("/commande"))
    assert "Rien à payer" in words(confirmed(client))


def test_one_family_never_sees_the_checkout_of_another(client: HostClient, payee: Payee) -> None:
    ordered(client, payee)

    other = a_parent(HostClient("a.localhost"))

    assert "Lapointe John" not in words(other.client.get("/commande"))


def test_when_the_processor_is_silent_on_the_way_back_the_page_waits_and_then_confirms(
    client: HostClient, payee: Payee, sandbox: Sandbox
) -> None:
    ordered(client, payee)
    paid = sandbox.pay(hosted_page(client))
    sandbox.control("faults", [{"kind": "status", "status": 500, "path": "checkout/sessions"}])

    waiting = back(client, paid.location)
    sandbox.control("faults", [])
    confirmed = back(client, paid.location)

    assert "Votre paiement est en traitement" in words(waiting)
    assert "Ne payez pas une seconde fois." in words(waiting)
    assert "C’est confirmé" in words(confirmed)


def test_when_the_processor_is_silent_before_paying_the_places_stay(
    client: HostClient, payee: Payee, sandbox: Sandbox
) -> None:
    ordered(client, payee)
    sandbox.control("faults", [{"kind": "status", "status": 500, "path": "checkout/sessions"}])

    response = confirmed(client, follow=True)

    assert "Le service de paiement ne répond pas pour l’instant. Vos places restent gardées" in words(response)
    assert "Payer 16,50 $ et s’inscrire" in words(response)


def test_what_was_begun_without_an_account_is_still_there_after_signing_in(client: HostClient, payee: Payee) -> None:
    ordered(client, payee)

    a_parent(client)

    assert "Lapointe John" in words(client.get("/panier"))
    assert "Payer 16,50 $ et s’inscrire" in words(client.get("/commande"))


@pytest.mark.parametrize(
    ("lost", "told"),
    [
        ({"may_enrol": False}, "Votre lien avec John ne permet pas de l’inscrire."),
        ({"may_pay": False}, "Votre lien avec John ne permet pas de payer pour cette inscription."),
        ({"guardian": None}, "Vous n’êtes pas responsable de la facturation"),
    ],
)
def test_a_right_taken_away_after_the_hold_stops_the_payment(
    parent: Parent, payee: Payee, lost: dict[str, Any], told: str
) -> None:
    option = an_option(offering=a_camp(payee=payee), price=4500)
    a_hold(option, basket=a_basket(parent.guardian), child=a_child("John", of=parent.guardian), at=clock.now())
    Guardian.objects.update(is_billable="guardian" not in lost)
    if "guardian" not in lost:
        Guardianship.objects.update(**lost)

    answer = confirmed(parent.client)
    page = words(parent.client.get(answer["Location"]))

    assert (answer["Location"], told in page) == ("/commande", True)
    assert Order.objects.count() == 0
    assert Registration.objects.get().status == "held"


def test_a_right_taken_away_stops_the_orders_that_were_placed_before_too(parent: Parent, payee: Payee) -> None:
    option = an_option(offering=a_camp(payee=payee), price=4500)
    a_hold(option, basket=a_basket(parent.guardian), child=a_child("John", of=parent.guardian), at=clock.now())
    hosted_page(parent.client)
    Guardianship.objects.update(may_enrol=False)

    assert confirmed(parent.client)["Location"] == "/commande"


def test_weeks_settled_after_the_hold_take_nothing_back(parent: Parent, payee: Payee) -> None:
    camp = a_camp(payee=payee, starts_on=date(2090, 7, 3), ends_on=date(2090, 7, 7))
    option = an_option(offering=camp, price=4500)
    a_hold(option, basket=a_basket(parent.guardian), child=a_child("John", of=parent.guardian), at=clock.now())
    other = Guardianship.objects.create(guardian=a_guardian(), participant=Registration.objects.get().participant)
    Guardianship.objects.filter(pk=other.pk).update(custody=[{"from": None, "until": None, "weeks": "all"}])

    assert "/pay/" in hosted_page(parent.client)
