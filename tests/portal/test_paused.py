"""A payee whose account takes no money at present: the family is told before it tries, and keeps its other ways."""

import pytest

from billing.models import ConnectedAccount
from billing.operations import refresh_account
from kernel import clock
from tenant_apps.organisation.models import Payee
from tenant_apps.payments.models import Payment
from tests.billing.accounts import WEB, require
from tests.factories.catalog import an_option
from tests.factories.families import a_child
from tests.factories.organisation import a_payee
from tests.factories.registrations import a_basket, a_hold
from tests.payments.sandbox import Sandbox
from tests.portal.people import Parent, a_camp, words
from tests.portal.test_accounts import an_unpaid_order, pay, statement
from tests.portal.test_checkout import confirmed
from tests.portal.test_terms import rules

TOLD = "Le paiement en ligne n’est pas disponible pour le moment pour École A"


@pytest.fixture
def payee(account: ConnectedAccount, sandbox: Sandbox) -> Payee:
    """Of an account that took money, and takes none now."""
    require(sandbox, account, WEB)
    refresh_account(processor_id=account.processor_id)
    return a_payee("École A", processor_account=account.processor_id)


@pytest.fixture
def basket(parent: Parent, payee: Payee) -> None:
    week = an_option(offering=a_camp(payee=payee), price=1000)
    a_hold(week, basket=a_basket(parent.guardian), child=a_child(of=parent.guardian), at=clock.now())


def test_the_summary_says_so_before_the_family_pays(parent: Parent, basket: None) -> None:
    assert TOLD in words(parent.client.get("/commande"))


def test_who_pays_all_the_same_is_told_and_nothing_is_begun(parent: Parent, basket: None) -> None:
    answer = confirmed(parent.client, follow=True)

    assert answer.status_code == 200
    assert f"{TOLD}. Vos places restent gardées" in words(answer)
    assert Payment.objects.count() == 0


def test_a_transfer_is_still_offered(parent: Parent, payee: Payee) -> None:
    rules(plans=[], takes_transfers=True)
    Payee.objects.filter(pk=payee.pk).update(iban="BE68539007547034", code=7)
    week = an_option(offering=a_camp(payee=payee), price=1000)
    a_hold(week, basket=a_basket(parent.guardian), child=a_child(of=parent.guardian), at=clock.now())

    page = words(parent.client.get("/commande"))

    assert TOLD in page
    assert "irement" in page


def test_what_is_owed_is_told_without_a_button_that_leads_nowhere(parent: Parent, payee: Payee) -> None:
    order = an_unpaid_order(parent, payee)

    page = words(parent.client.get(statement(order)))

    assert TOLD in page
    assert "Payer par carte" not in page
    assert "Ce qui est dû reste le même." in page
    assert pay(parent, order, "10").status_code in (303, 422)
    assert Payment.objects.count() == 0


def test_an_account_that_is_well_says_nothing_of_it(
    parent: Parent, payee: Payee, account: ConnectedAccount, sandbox: Sandbox
) -> None:
    require(sandbox, account)
    refresh_account(processor_id=account.processor_id)
    order = an_unpaid_order(parent, payee)

    page = words(parent.client.get(statement(order)))

    assert TOLD not in page
    assert "Payer par carte" in page
