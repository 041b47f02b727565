"""A receipt is corrected from the workplace, by those who answer for money."""

import pytest
from django.urls import reverse

from tenant_apps.organisation.models import Role
from tenant_apps.payments.models import Receipt
from tests.factories.catalog import an_option
from tests.office.conftest import SignIn
from tests.office.money import a_paid_order
from tests.portal.people import words

MAY = [Role.OWNER, Role.ADMINISTRATOR, Role.FINANCE]


def address(receipt: Receipt) -> str:
    return reverse("office:receipt_correct", urlconf="config.urls.organisation", args=[receipt.pk])


@pytest.fixture
def receipt() -> Receipt:
    a_paid_order(an_option(price=4500))
    return Receipt.objects.get()


def test_only_who_answers_for_money_corrects_it(as_staff: SignIn, receipt: Receipt) -> None:
    assert [role for role in Role if as_staff(role).get(address(receipt)).status_code == 200] == MAY


def test_the_new_one_stands_and_the_order_says_what_was_done(as_staff: SignIn, receipt: Receipt) -> None:
    client = as_staff(Role.FINANCE)

    said = {"payer": "Émile Roy", "address": "3, rue Haute\r\nGatineau", "reason": "Autre payeur"}
    page = words(client.post(address(receipt), said, follow=True))

    assert "Le reçu nº 000002 remplace le reçu nº 000001. La famille le reçoit par courriel." in page
    assert "Reçu corrigé" in page
    assert Receipt.objects.get(number=2).words == {"payer": "Émile Roy", "address": "3, rue Haute\nGatineau"}


def test_without_a_reason_nothing_is_issued_and_nothing_typed_is_lost(as_staff: SignIn, receipt: Receipt) -> None:
    response = as_staff(Role.OWNER).post(address(receipt), {"payer": "Émile Roy", "reason": ""})

    assert response.status_code == 422
    assert "<title>Erreur\u202f:" in response.content.decode()
    assert "Motif : Dites pourquoi ce reçu est remplacé." in words(response)
    assert 'value="Émile Roy"' in response.content.decode()
    assert Receipt.objects.count() == 1


def test_one_that_was_replaced_meanwhile_is_left_alone(as_staff: SignIn, receipt: Receipt) -> None:
    client = as_staff(Role.OWNER)
    client.post(address(receipt), {"payer": "Émile Roy", "reason": "Nom"})

    page = words(client.post(address(receipt), {"payer": "Anne Roy", "reason": "Nom"}))

    assert "Ce reçu est déjà remplacé par un autre. Corrigez le plus récent." in page
    assert Receipt.objects.count() == 2
