"""« Comptes et reçus »: what is owed, what is due when, paying all or a part of it, and another card."""

import re
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest

from billing.models import ConnectedAccount
from kernel import clock
from tenant_apps.orders import ledger
from tenant_apps.orders.models import Order
from tenant_apps.organisation.models import Payee
from tenant_apps.payments.agreement import Terms
from tenant_apps.payments.models import Instalment, InstalmentStatus, Means, Payment, Receipt
from tests.clients import HostClient
from tests.documents.money import HALVES, a_camp, a_credit, a_school, came, ordered, paying, unpaid
from tests.factories.families import a_guest
from tests.payments.sandbox import Sandbox
from tests.portal.people import Parent, a_parent, words

ACCOUNTS = "/mon-dossier/comptes-et-recus"


@pytest.fixture
def payee(account: ConnectedAccount) -> Payee:
    """One that takes cards."""
    return a_school(processor_account=account.processor_id)


def an_unpaid_order(parent: Parent, payee: Payee | None = None, cents: int = 12500, **terms: Any) -> Order:
    """Registered, and to be paid from the account (S2-24)."""
    camp = a_camp(payee or a_school(), price=cents)
    number = Order.objects.count()
    order = ordered(camp, of=parent.guardian, child=f"Ada {number}", at=clock.now(), terms=Terms(**terms))
    order.reference = f"ABCD-{number:04}"
    order.save()
    return unpaid(order, at=clock.now())


def statement(order: Order) -> str:
    return f"/compte/{order.token}"


def pay(parent: Parent, order: Order, amount: str) -> Any:
    return parent.client.post(f"{statement(order)}/payer", {"amount": amount})


def path_of(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}"


@pytest.mark.line("S2-23", "S2-25")
def test_what_is_owed_comes_first_then_one_account_per_order(parent: Parent) -> None:
    paid = an_unpaid_order(parent, cents=4000)
    came(paid, 4000, at=clock.now())
    owed = an_unpaid_order(parent)

    page = words(parent.client.get(ACCOUNTS))

    assert page.index("Solde à payer 125,00 $") < page.index("Vos commandes")
    assert f"{owed.reference} Camp de jour – Semaine 1" in page
    assert "Reste à payer 125,00 $" in page
    assert "Payée" in page
    assert "Reçu 000001 (PDF)" in page


@pytest.mark.line("S2-23", "S2-24")
def test_a_balance_is_paid_from_the_account_and_its_receipt_is_there(
    parent: Parent, payee: Payee, sandbox: Sandbox
) -> None:
    order = an_unpaid_order(parent, payee)

    answer = pay(parent, order, "125,00")
    back = sandbox.pay(answer["Location"]).location
    page = words(parent.client.get(path_of(back), follow=True))

    assert answer.status_code == 303
    assert "Merci : votre paiement de 125,00 $ est reçu." in page
    assert "Reste à payer 0,00 $" in page
    assert "Reçu 000001 (PDF)" in page
    assert ledger.balance_of_order(order.id) == 0
    assert parent.client.get(f"{statement(order)}/recus/1.pdf")["Content-Type"] == "application/pdf"


def test_a_part_is_paid_and_the_rest_stays_due(parent: Parent, payee: Payee, sandbox: Sandbox) -> None:
    order = an_unpaid_order(parent, payee)

    back = sandbox.pay(pay(parent, order, "50")["Location"]).location
    page = words(parent.client.get(path_of(back), follow=True))

    assert "Reste à payer 75,00 $" in page
    assert Payment.objects.get().amount_cents == 5000


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("", "Écrivez le montant à payer."),
        ("beaucoup", "Écrivez un montant en chiffres, comme 10 ou 5,50."),
        ("0,50", "Le montant est compris entre 1,00 $ et 125,00 $."),
        ("125,01", "Le montant est compris entre 1,00 $ et 125,00 $."),
        ("124,50", "Payez tout, ou laissez au moins 1,00 $ à payer."),
    ],
)
def test_an_amount_that_cannot_be_is_told_at_the_field(parent: Parent, written: str, told: str) -> None:
    order = an_unpaid_order(parent)

    response = pay(parent, order, written)

    assert response.status_code == 200
    assert f"Montant à payer : {told}" in words(response)
    assert f'value="{written}"' in response.content.decode() or not written
    assert not Payment.objects.exists()


def test_leaving_the_processors_page_closes_it(parent: Parent, payee: Payee) -> None:
    order = an_unpaid_order(parent, payee)
    pay(parent, order, "125")

    page = words(parent.client.get(f"{statement(order)}/annule", follow=True))

    assert "Vous avez quitté le paiement. Rien n’a été payé." in page
    assert Payment.objects.get().status == "cancelled"


@pytest.mark.parametrize("path", ["/payer", "/carte"])
def test_a_form_that_is_opened_by_its_address_is_the_account(parent: Parent, path: str) -> None:
    order = an_unpaid_order(parent)

    answer = parent.client.get(statement(order) + path)

    assert (answer.status_code, answer["Location"]) == (303, statement(order))


@pytest.mark.line("S4-45")
def test_an_order_that_waits_for_a_transfer_says_in_its_account_how_it_is_paid(parent: Parent) -> None:
    paying(takes_transfers=True)
    payee = a_school(iban="BE68539007547034", bic="GKCCBEBB", code=90)
    order = ordered(a_camp(payee), of=parent.guardian, at=clock.now())

    page, listed = words(parent.client.get(statement(order))), words(parent.client.get(ACCOUNTS))
    told = parent.client.get(f"/confirmation/{order.token}").content.decode()

    assert "Payer par virement Vos places sont gardées jusqu’au" in page
    assert "le virement doit être arrivé d’ici là." in page
    assert "IBAN BE68 5390 0754 7034" in page
    assert "Montant 125,00 $ Communication structurée +++090/" in page
    assert "Payer plutôt par carte" in page
    assert "Voir comment payer" in listed
    assert f'href="{statement(order)}"' in told
    assert "<title>Votre virement est attendu" in told


def test_a_transfer_is_not_asked_of_who_is_paying_by_card(parent: Parent) -> None:
    paying(takes_transfers=True)
    order = ordered(a_camp(a_school(iban="BE68539007547034", code=90)), of=parent.guardian, at=clock.now())
    Payment.objects.create(
        order=order, attempt=1, amount_cents=12500, currency="cad", status="processing", started_at=clock.now()
    )

    assert "Payer par virement" not in words(parent.client.get(statement(order)))


def test_nothing_is_asked_of_who_owes_nothing(parent: Parent) -> None:
    order = an_unpaid_order(parent)
    came(order, 12500, at=clock.now())

    answer = parent.client.post(f"{statement(order)}/payer", {"amount": "10"}, follow=True)

    assert "Il n’y a plus rien à payer pour cette commande." in words(answer)
    assert Payment.objects.count() == 1


def with_halves(parent: Parent, payee: Payee, child: str = "Ada") -> Order:
    """The first half is paid; the second is taken from the card in a month."""
    paying(**HALVES)
    order = ordered(a_camp(payee), of=parent.guardian, child=child, at=clock.now(), terms=Terms(plan="halves"))
    came(order, 6250, at=clock.now())
    order.refresh_from_db()
    order.card = {"customer": "cus_1", "method": "pm_1", "label": "Visa •••• 4242", "expires": "2030-04"}
    order.save()
    return order


@pytest.mark.line("S2-19")
def test_the_second_date_and_the_card_are_in_the_account(parent: Parent) -> None:
    order = with_halves(parent, a_school())

    page, listed = words(parent.client.get(statement(order))), words(parent.client.get(f"{ACCOUNTS}/versements"))

    assert "Prélevé automatiquement sur la carte Visa •••• 4242." in page
    assert "Carte gardée pour les prélèvements : Visa •••• 4242. Elle expire en 04/2030." in page
    assert "62,50 $ Prélevé automatiquement sur la carte Visa •••• 4242." in listed
    assert "Prochaine échéance" in words(parent.client.get(ACCOUNTS))


def test_a_refused_instalment_says_why_and_until_when(parent: Parent) -> None:
    order = with_halves(parent, a_school())
    until = clock.now().date() + timedelta(days=14)
    refused = Instalment.objects.filter(order=order, status=InstalmentStatus.DUE)
    refused.update(status=InstalmentStatus.FAILED, failure="expired_card", grace_until=until)

    page = words(parent.client.get(statement(order)))

    assert "Non payé La carte est expirée : donnez-en une autre. Payez-le au plus tard le" in page
    assert "Paiement en retard" in words(parent.client.get(ACCOUNTS))
    assert "Versement non payé" in words(parent.client.get(ACCOUNTS))


def test_what_a_new_card_is_asked_at_once_is_said_before_it_is_given(parent: Parent) -> None:
    payee = a_school()
    order = with_halves(parent, payee)
    Order.objects.filter(pk=order.pk).update(reference="ABCD-0001")
    other = with_halves(parent, payee, "Bo")
    Order.objects.filter(pk=other.pk).update(reference="ABCD-0002")
    elsewhere = with_halves(parent, a_school(), "Cy")
    late = Instalment.objects.filter(order__in=[order, other, elsewhere], status=InstalmentStatus.DUE)
    late.update(status=InstalmentStatus.FAILED, due_on=clock.now().date() - timedelta(days=2))

    page = words(parent.client.get(statement(order)))

    told = "les 2 versements non payés de vos commandes (125,00 $ en tout) sont pris tout de suite sur la nouvelle."
    assert f"Si vous changez de carte, {told} Changer de carte" in page


def test_what_is_taken_on_one_day_is_told_in_one_amount(parent: Parent) -> None:
    payee = a_school()
    order = with_halves(parent, payee)
    Order.objects.filter(pk=order.pk).update(reference="ABCD-0001")
    with_halves(parent, payee, "Bo")
    page = words(parent.client.get(ACCOUNTS))
    Instalment.objects.filter(order=order, status=InstalmentStatus.DUE).update(status=InstalmentStatus.FAILED)
    refused = words(parent.client.get(ACCOUNTS))

    assert re.search(r"Prochaine échéance \w+ \d+\w* \w+ \d{4} 125,00 \$", page)
    assert re.search(r"Versement non payé \w+ \d+\w* \w+ \d{4} 62,50 \$", refused)


def test_a_card_that_is_being_asked_is_said_to_be(parent: Parent) -> None:
    order = with_halves(parent, a_school())
    refused = Instalment.objects.filter(order=order, status=InstalmentStatus.DUE)
    refused.update(status=InstalmentStatus.FAILED, failure="card_declined", try_at=clock.now())
    now = words(parent.client.get(statement(order)))
    refused = Instalment.objects.filter(order=order, status=InstalmentStatus.FAILED)
    refused.update(try_at=clock.now() + timedelta(days=3))
    later = words(parent.client.get(statement(order)))

    assert "Nous essayons de nouveau en ce moment" in now
    assert "Nous essaierons de nouveau le" in later


@pytest.mark.line("S2-19")
def test_another_card_is_given_on_the_processors_page(parent: Parent, payee: Payee, sandbox: Sandbox) -> None:
    order = with_halves(parent, payee)
    order.card = {}
    order.save()

    page = parent.client.post(f"{statement(order)}/carte")["Location"]
    back = sandbox.pay(page, card="5555555555554444").location
    told = words(parent.client.get(path_of(back), follow=True))

    assert re.search(r"Vos prochains versements seront pris sur la carte .*4444", told)
    order.refresh_from_db()
    assert "4444" in order.card["label"]


def test_a_card_that_was_not_given_changes_nothing(parent: Parent) -> None:
    order = with_halves(parent, a_school())

    page = words(parent.client.get(f"{statement(order)}/carte/retour?page=nothing", follow=True))

    assert "La carte n’a pas été changée." in page
    assert "Visa •••• 4242" in page


def test_the_credit_of_the_family_is_there(parent: Parent) -> None:
    a_credit(parent.guardian, a_school(), 3000)

    assert "Crédit familial" in words(parent.client.get(ACCOUNTS))
    assert "École du Dôme 30,00 $ Voir les mouvements (École du Dôme)" in words(parent.client.get(ACCOUNTS))


@pytest.mark.parametrize("path", ["", "/facture.pdf", "/recus/1.pdf", "/retour", "/annule", "/carte/retour"])
def test_another_households_account_does_not_exist(parent: Parent, path: str) -> None:
    other = a_parent(HostClient("a.localhost"))
    order = an_unpaid_order(other)
    came(order, 2500, Means.CASH, at=clock.now())

    assert parent.client.get(statement(order) + path).status_code == 404


@pytest.mark.parametrize("path", ["/payer", "/carte"])
def test_another_household_pays_and_changes_nothing(parent: Parent, path: str) -> None:
    order = an_unpaid_order(a_parent(HostClient("a.localhost")))

    assert parent.client.post(statement(order) + path, {"amount": "10"}).status_code == 404
    assert not Payment.objects.exists()


def test_who_has_an_account_signs_in_first(parent: Parent) -> None:
    order = an_unpaid_order(parent)

    answer = HostClient("a.localhost").get(statement(order))

    assert (answer.status_code, answer["Location"]) == (302, f"/connexion?next={statement(order)}")


def test_a_guest_pays_by_the_address_that_they_were_sent(client: HostClient, payee: Payee, sandbox: Sandbox) -> None:
    guest = Parent(a_guest(), client)
    order = an_unpaid_order(guest, payee)

    page = words(client.get(statement(order)))
    answer = pay(guest, order, "125,00")
    sandbox.pay(answer["Location"])
    client.get(f"{statement(order)}/retour")

    assert "Reste à payer 125,00 $" in page
    assert ledger.balance_of_order(order.id) == 0
    assert client.get(f"{statement(order)}/recus/{Receipt.objects.get().number}.pdf").status_code == 200


def test_the_list_is_narrowed_by_child(parent: Parent) -> None:
    paid, other = an_unpaid_order(parent), an_unpaid_order(parent)
    child = other.lines.get().registration.participant_id

    page = words(parent.client.get(f"{ACCOUNTS}?enfant={child}"))

    assert other.reference in page
    assert paid.reference not in page
    assert paid.reference in words(parent.client.get(f"{ACCOUNTS}?enfant=rien&annee=0"))


def test_twenty_orders_are_one_page(parent: Parent) -> None:
    for _number in range(21):
        an_unpaid_order(parent)

    assert words(parent.client.get(ACCOUNTS)).count("Camp de jour") == 20
    assert words(parent.client.get(f"{ACCOUNTS}?page=2")).count("Camp de jour") == 1


@pytest.mark.parametrize("orders", [1, 3])
def test_the_number_of_queries_does_not_follow_the_orders(
    parent: Parent, orders: int, django_assert_num_queries: Any
) -> None:
    for _number in range(orders):
        came(an_unpaid_order(parent), 2500, at=clock.now())
    parent.client.get(ACCOUNTS)

    with django_assert_num_queries(25):
        parent.client.get(ACCOUNTS)
