"""Money at the counter, as staff do it: the form, the order's page, the family that is served."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from kernel import clock, ids
from shared_apps.audit.models import Entry
from shared_apps.outbox import delivery
from shared_apps.outbox.models import Message
from tenant_apps.families.models import Participant
from tenant_apps.orders import ledger
from tenant_apps.orders.models import Account, Order
from tenant_apps.orders.models import Status as OrderStatus
from tenant_apps.organisation.models import Role
from tenant_apps.payments.models import Instalment, InstalmentStatus, Means, Payment, Receipt
from tests.clients import HostClient
from tests.factories.catalog import an_offering, an_option
from tests.factories.counter import at_counter, paying
from tests.factories.families import a_child, a_guardian
from tests.factories.moments import TORONTO
from tests.factories.organisation import a_payee, an_establishment
from tests.factories.registrations import a_basket, a_hold
from tests.office.conftest import SignIn
from tests.office.money import an_order_of
from tests.portal.people import words

RECEIVING = [Role.OWNER, Role.ADMINISTRATOR, Role.FINANCE, Role.PROGRAMME_MANAGER, Role.SECRETARY]


def url(name: str, *args: object) -> str:
    return reverse(f"office:{name}", urlconf="config.urls.organisation", args=args)


@pytest.fixture
def clerk(as_staff: SignIn) -> HostClient:
    return as_staff(Role.OWNER)


@pytest.fixture
def order() -> Order:
    return an_order_of(an_option(price=5552))


def said(order: Order, **more: object) -> dict[str, object]:
    today = clock.today(TORONTO).isoformat()
    return {"key": str(ids.uuid7()), "means": "cash", "amount": "55,52", "received_on": today, **more}


def sent(client: HostClient, order: Order, **more: object) -> Any:
    return client.post(url("receive", order.reference), said(order, **more))


def errors(page: Any) -> dict[str, list[str]]:
    assert page.status_code == 422
    return dict(page.context["form"].errors)


@pytest.mark.line("S2-24", "S2-26")
def test_a_clerk_takes_cash_rounded_to_the_coin_and_gives_change(clerk: HostClient, order: Order) -> None:
    shown = words(clerk.get(url("receive", order.reference)))
    assert "55,52 $" in shown
    assert "55,50 $" in shown

    done = clerk.post(url("receive", order.reference), said(order, tendered="60"), follow=True)

    assert done.redirect_chain == [(url("order", order.reference), 302)]
    assert "55,50 $ enregistrés. Rendez 4,50 $ à la famille." in words(done)
    order.refresh_from_db()
    assert (order.status, ledger.balance_of_order(order.id)) == (OrderStatus.SETTLED, 0)
    payment = Payment.objects.get()
    assert (payment.amount_cents, payment.rounding_cents) == (5552, -2)
    assert ledger.totals()[Account.CASH] == 5550
    page = words(done)
    assert "Espèces" in page
    assert f"Reçu {Receipt.objects.get().number} (PDF)" in page
    assert "Paiement reçu par le personnel" in page


def test_the_form_that_is_sent_twice_says_the_same_and_takes_once(clerk: HostClient, order: Order) -> None:
    form = said(order)

    first, second = (clerk.post(url("receive", order.reference), form) for _ in range(2))

    assert (first.status_code, second.status_code) == (302, 302)
    assert Payment.objects.count() == 1


def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(clerk: HostClient, order: Order) -> None:
    assert errors(sent(clerk, order, amount="56")) == {
        "amount": ["C’est plus que ce qui est dû. Corrigez le montant, ou gardez le surplus en crédit."]
    }
    assert errors(sent(clerk, order, means="cheque")) == {"reference": ["Écrivez le numéro du chèque."]}
    assert errors(sent(clerk, order, means="")) == {"means": ["Choisissez comment la famille paie."]}
    assert errors(sent(clerk, order, tendered="50")) == {"tendered": ["C’est moins que le montant reçu."]}
    tomorrow = (clock.today(TORONTO) + timedelta(days=1)).isoformat()
    assert errors(sent(clerk, order, received_on=tomorrow)) == {"received_on": ["Ce jour n’est pas encore arrivé."]}
    assert list(errors(sent(clerk, order, key="x", amount="abc", received_on="0001-01-01"))) == [
        "key",
        "amount",
        "received_on",
    ]
    page = sent(clerk, order, means="cheque", amount="12,34")
    assert 'value="12,34"' in page.content.decode()
    assert not Payment.objects.exists()


@pytest.mark.line("S3-23")
def test_a_store_that_takes_nothing_at_the_counter_shows_no_form(clerk: HostClient, order: Order) -> None:
    paying(counter=[])

    page = clerk.get(url("receive", order.reference))

    assert "Rien ne se paie au comptoir" in words(page)
    assert "Enregistrer le paiement" not in words(page)
    assert errors(sent(clerk, order)) == {"means": ["Sélectionnez un choix valide. cash n’en fait pas partie."]}
    assert not Payment.objects.exists()


def test_who_may_receive_and_who_may_not(as_staff: SignIn, order: Order) -> None:
    school = an_establishment()
    Participant.objects.update(establishment=school)
    at_counter(order, 2000)
    due = Instalment.objects.get()

    for address in (url("receive", order.reference), url("due_day", due.pk)):
        opened = [role for role in Role if as_staff(role, school).get(address).status_code == 200]
        assert opened == [role for role in Role if role in RECEIVING]
        assert as_staff(Role.SECRETARY, an_establishment()).get(address).status_code == 404
    elsewhere = as_staff(Role.SECRETARY, an_establishment())
    assert sent(elsewhere, order).status_code == 404
    assert elsewhere.post(url("remind", order.reference)).status_code == 404
    assert as_staff(Role.AUDITOR).post(url("remind", order.reference)).status_code == 403
    assert Payment.objects.count() == 1


def test_the_auditor_reads_the_order_and_is_offered_nothing_to_do(as_staff: SignIn, order: Order) -> None:
    at_counter(order, 2000)

    page = words(as_staff(Role.AUDITOR).get(url("order", order.reference)))

    assert "35,52 $" in page
    assert "Recevoir un paiement" not in page
    assert "Changer la date" not in page


def test_the_order_says_what_is_left_and_when_and_the_day_is_moved(clerk: HostClient, order: Order) -> None:
    at_counter(order, 2000)
    due = Instalment.objects.get()
    later = due.due_on + timedelta(days=5)

    page = words(clerk.get(url("order", order.reference)))
    assert "Recevoir un paiement" in page
    assert "Échéances" in page
    gone = clerk.post(url("due_day", due.pk), {"due_on": "2020-01-01"})
    assert errors(gone) == {"due_on": ["Choisissez aujourd’hui ou un jour à venir."]}
    moved = clerk.post(url("due_day", due.pk), {"due_on": later.isoformat()}, follow=True)

    assert "La date est changée." in words(moved)
    assert "Échéance changée" in words(moved)
    due.refresh_from_db()
    assert due.due_on == later


def test_a_refused_card_is_told_in_words(clerk: HostClient, order: Order) -> None:
    at_counter(order, 2000)
    Instalment.objects.update(status=InstalmentStatus.FAILED, failure="insufficient_funds", is_automatic=True)

    page = words(clerk.get(url("order", order.reference)))

    assert "Provision insuffisante sur la carte." in page


def served(client: HostClient, *prices: int, **offering: Any) -> Any:
    """A family that a clerk has begun to serve, with these in its basket."""
    guardian = a_guardian()
    basket, child = a_basket(guardian), a_child("Ada", of=guardian)
    for cents in prices:
        a_hold(an_option(price=cents, offering=an_offering(**offering)), basket=basket, child=child, at=clock.now())
    assert client.post(f"/gestion/comptoir/familles/{guardian.id}").status_code == 302
    return guardian


@pytest.mark.line("S2-23", "S2-24")
def test_a_family_served_by_telephone_is_registered_and_pays_later(clerk: HostClient) -> None:
    paying(later="staff", later_days=10)
    guardian = served(clerk, 5000)
    assert "Payer au comptoir ou plus tard" in words(clerk.get("/commande", follow=True))

    done = clerk.post(url("counter_check_out"), {"total": "5000", "how": "later"}, follow=True)

    order = Order.objects.get()
    assert done.redirect_chain == [(url("order", order.reference), 302)]
    assert (order.status, ledger.balance_of_order(order.id)) == (OrderStatus.SETTLED, 5000)
    assert order.lines.get().registration.status == "confirmed"
    assert Entry.objects.filter(action="orders.placed").get().details["on_behalf"] == str(guardian.id)
    delivery.handle_events(at=clock.now())
    [letter] = Message.objects.filter(subject__startswith="À payer")
    assert (letter.recipient, letter.subject) == (guardian.email, "À payer\u202f: 50,00\u00a0$")
    assert f"/compte/{order.token}" in letter.text


def test_a_family_served_at_the_counter_pays_there(clerk: HostClient) -> None:
    served(clerk, 5000)

    onward = clerk.post(url("counter_check_out"), {"total": "5000", "how": "now"})

    order = Order.objects.get()
    assert onward.url == url("receive", order.reference)
    assert sent(clerk, order, amount="50").status_code == 302
    order.refresh_from_db()
    assert (order.status, ledger.balance_of_order(order.id)) == (OrderStatus.SETTLED, 0)


def test_a_basket_for_two_payees_is_received_one_after_the_other(clerk: HostClient) -> None:
    guardian = a_guardian()
    basket, child = a_basket(guardian), a_child("Ada", of=guardian)
    for _ in range(2):
        a_hold(an_option(price=1000, offering=an_offering(payee=a_payee())), basket=basket, child=child, at=clock.now())
    clerk.post(f"/gestion/comptoir/familles/{guardian.id}")

    onward = clerk.post(url("counter_check_out"), {"total": "2000", "how": "now"}, follow=True)

    assert Order.objects.filter(status=OrderStatus.OPEN).count() == 2
    assert "recevez chacun à son tour" in words(onward)


def test_a_basket_that_changed_is_shown_again(clerk: HostClient) -> None:
    served(clerk, 5000)

    again = clerk.post(url("counter_check_out"), {"total": "4999", "how": "now"}, follow=True)

    assert again.redirect_chain == [(url("counter_check_out"), 302)]
    assert not Order.objects.exists()


def test_where_nobody_pays_later_nor_at_the_counter_there_is_nothing_to_choose(clerk: HostClient) -> None:
    paying(counter=[], later="nobody")
    served(clerk, 5000)

    assert clerk.get(url("counter_check_out")).url == "/commande"
    assert "Payer au comptoir" not in words(clerk.get("/commande", follow=True))


def test_nobody_is_served_without_a_family(clerk: HostClient) -> None:
    assert clerk.get(url("counter_check_out")).url == url("counter")


def test_the_terms_are_heard_before_anything_is_kept(clerk: HostClient, profile: Any) -> None:
    profile.rules = {**profile.rules, "labels": {"terms": "Aucun remboursement."}}
    profile.save()
    served(clerk, 5000)

    page = clerk.post(url("counter_check_out"), {"total": "5000", "how": "now"})

    assert errors(page) == {"accepts": ["Sans son accord, rien ne peut être enregistré."]}
    assert "Aucun remboursement." in words(page)
    assert clerk.post(url("counter_check_out"), {"total": "5000", "how": "now", "accepts": "on"}).status_code == 302


def test_means_are_those_of_the_organisation(clerk: HostClient, order: Order) -> None:
    paying(counter=["terminal", "cash"])

    page = clerk.get(url("receive", order.reference))

    assert [value for value, _label in page.context["form"].fields["means"].choices] == [Means.CASH, Means.TERMINAL]
    assert Message.objects.count() == 0
