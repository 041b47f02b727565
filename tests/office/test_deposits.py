"""Deposits in the workplace: the drawer by day, the count, the slip and the list."""

import io
from typing import Any

import pytest
from django.urls import reverse
from pypdf import PdfReader

from tenant_apps.orders import ledger
from tenant_apps.orders.models import Account
from tenant_apps.organisation.models import Payee, Role
from tenant_apps.payments import drawer
from tenant_apps.payments.models import Means, Payment
from tests.clients import HostClient
from tests.factories.catalog import an_offering, an_option
from tests.factories.counter import at_counter
from tests.factories.organisation import a_payee
from tests.office.conftest import SignIn
from tests.office.money import an_order_of
from tests.portal.people import words


def url(name: str, *args: object) -> str:
    return reverse(f"office:{name}", urlconf="config.urls.organisation", args=args)


@pytest.fixture
def finance(as_staff: SignIn) -> HostClient:
    return as_staff(Role.FINANCE)


@pytest.fixture
def payee() -> Payee:
    return a_payee("École des Érables", address="1, rue des Pins\nLaval", bank_account="815-30001-1234567")


def received(payee: Payee, cents: int, means: str = Means.CASH, reference: str = "") -> Payment:
    order = an_order_of(an_option(price=cents, offering=an_offering(payee=payee)))
    return at_counter(order, cents, means, reference=reference)


def test_the_drawer_is_counted_and_the_slip_is_printed(finance: HostClient, payee: Payee) -> None:
    received(payee, 5550)
    cheque = received(payee, 2075, Means.CHEQUE, "0042")
    page = words(finance.get(url("deposit", payee.pk)))
    assert "55,50 $" in page
    assert "0042" in page

    done = finance.post(
        url("deposit", payee.pk), {"expected": "5550", "counted": "55,50", "cheques": [str(cheque.pk)]}, follow=True
    )

    assert done.redirect_chain == [(url("deposits"), 302)]
    assert "Le dépôt nº 1 est prêt" in words(done)
    assert ledger.totals(payee.pk)[Account.BANK] == 7625
    slip = finance.get(url("deposit_slip", payee.pk, 1))
    assert slip.headers["Content-Disposition"] == 'inline; filename="depot-00001.pdf"'
    text = "\n".join(each.extract_text() for each in PdfReader(io.BytesIO(slip.content)).pages)
    for said in ("Bordereau de dépôt nº 00001", "815-30001-1234567", "0042", "20,75", "55,50", "76,25"):
        assert said in text


def test_a_count_that_differs_asks_why_and_keeps_what_was_typed(finance: HostClient, payee: Payee) -> None:
    received(payee, 5550)

    page = finance.post(url("deposit", payee.pk), {"expected": "5550", "counted": "55"})

    assert page.status_code == 422
    assert page.context["form"].errors == {
        "note": ["Le compte diffère de ce qui est attendu\u202f: expliquez l’écart."]
    }
    assert 'value="55"' in page.content.decode()
    done = finance.post(
        url("deposit", payee.pk), {"expected": "5550", "counted": "55", "note": "Pièce perdue"}, follow=True
    )
    assert "Pièce perdue" in words(done)
    assert [slip.difference_cents for slip in drawer.deposits([payee.pk])] == [-50]


def test_a_drawer_that_changed_is_shown_as_it_is_and_may_be_sent_again(finance: HostClient, payee: Payee) -> None:
    received(payee, 5000)

    page = finance.post(url("deposit", payee.pk), {"expected": "4000", "counted": "50"})

    assert page.status_code == 422
    assert list(page.context["form"].errors) == ["counted"]
    assert 'name="expected" value="5000"' in page.content.decode()
    again = finance.post(url("deposit", payee.pk), {"expected": "5000", "counted": "50"})
    assert again.status_code == 302


def test_another_payees_cheque_is_no_choice(finance: HostClient, payee: Payee) -> None:
    received(payee, 5000)
    other = received(a_payee(), 1000, Means.CHEQUE, "9")

    page = finance.post(url("deposit", payee.pk), {"expected": "5000", "counted": "50", "cheques": [str(other.pk)]})
    assert page.status_code == 302
    other.refresh_from_db()
    assert other.deposit is None


def statuses(as_staff: SignIn, address: str) -> dict[str, int]:
    return {role: as_staff(role).get(address).status_code for role in Role}


def test_who_reads_deposits_and_who_makes_them(as_staff: SignIn, payee: Payee) -> None:
    received(payee, 5000)
    reading = {Role.OWNER, Role.ADMINISTRATOR, Role.FINANCE, Role.AUDITOR}

    read, made = statuses(as_staff, url("deposits")), statuses(as_staff, url("deposit", payee.pk))

    assert {role for role, status in read.items() if status == 200} == reading
    assert {role for role, status in made.items() if status == 200} == reading - {Role.AUDITOR}
    assert as_staff(Role.AUDITOR).post(url("deposit", payee.pk), {}).status_code == 403


def test_there_is_no_slip_that_was_not_made(finance: HostClient, payee: Payee) -> None:
    assert finance.get(url("deposit_slip", payee.pk, 1)).status_code == 404
    assert "Rien à déposer" in words(finance.get(url("deposit", payee.pk)))
    assert "Rien n’attend d’être déposé." in words(finance.get(url("deposits")))


def test_wrong_words_are_told_and_never_an_error(finance: HostClient, payee: Payee) -> None:
    received(payee, 5000)

    wrong: dict[str, Any] = {"expected": "x", "counted": "y", "cheques": ["z"], "note": "n" * 400}
    assert finance.post(url("deposit", payee.pk), wrong).status_code == 422
    assert finance.post(url("deposit", payee.pk), {}).status_code == 422
