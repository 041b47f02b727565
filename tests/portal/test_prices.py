"""Prices as families see them: « why this price? », promotional codes, voluntary contributions."""

import pytest

from kernel import clock
from shared_apps.audit.actors import SYSTEM
from tenant_apps.orders.models import Order
from tenant_apps.organisation import queries as organisation
from tenant_apps.registrations import operations
from tenant_apps.registrations.claims import Claim
from tenant_apps.registrations.models import Registration
from tests.factories.catalog import an_offering, an_option
from tests.factories.families import a_child
from tests.factories.organisation import a_payee
from tests.factories.registrations import a_basket, a_hold
from tests.portal.people import Parent, a_sale, an_article, register_url, words

PROMOTION = {
    "rules": [
        {"kind": "early", "until_on": "2099-12-31", "cents": -500},
        {"kind": "promotion", "code": "Été 2099", "percent": "-10"},
        {"kind": "promotion", "code": "FINI", "percent": "-10", "until_on": "2020-01-31"},
    ],
    "tax": "goods",
}


ESTIMATE = "Total estimé Vous verrez le prix exact avant de payer, avec les réductions et les taxes."


@pytest.fixture(autouse=True)
def tables(profile: None) -> None:
    found = organisation.profile()
    found.rules["prices"] = {"taxes": [{"code": "tps", "label": "TPS", "rate": "5", "classes": ["goods"]}]}
    found.save()


@pytest.fixture
def camp(parent: Parent) -> Registration:
    """A place at 100,00 $ in the parent's basket."""
    option = an_option("Semaine 1", price=10000, offering=an_offering("Camp", pricing=PROMOTION))
    return a_hold(option, basket=a_basket(parent.guardian), child=a_child("Ada", of=parent.guardian), at=clock.now())


def a_gift(parent: Parent, cents: int | None) -> None:
    offering = an_offering("Fonds de l’école", nature="contribution", payee=a_payee("École"))
    option = an_option("Don", price=0, is_voluntary=True, offering=offering)
    child = a_child("Bo", of=parent.guardian)
    claim = Claim(child.id, option.id, 1, "parent@example.org", unit_cents=cents)
    operations.hold(basket_id=a_basket(parent.guardian).id, claims=[claim], actor=SYSTEM, at=clock.now())


@pytest.mark.parametrize("path", ["/panier", "/commande"])
def test_each_step_of_a_price_is_told_before_it_is_paid(parent: Parent, camp: Registration, path: str) -> None:
    page = words(parent.client.get(path, follow=True))

    assert (
        "Pourquoi ce prix ? Prix 100,00 $ "
        "Inscription hâtive, jusqu’au 31 décembre 2099 (− 5,00 $) −5,00 $ TPS, 5 % 4,75 $"
    ) in page
    assert "99,75 $" in page


def test_a_price_that_is_only_the_options_needs_no_reason(parent: Parent) -> None:
    a_hold(an_option(price=550), basket=a_basket(parent.guardian), child=a_child(of=parent.guardian), at=clock.now())

    assert "Pourquoi ce prix" not in words(parent.client.get("/panier"))


def test_a_code_lowers_the_basket_and_says_by_how_much(parent: Parent, camp: Registration) -> None:
    page = words(parent.client.post("/panier/code", {"code": " ete 2099"}, follow=True))

    assert "Le code est appliqué." in page
    assert "Code « Été 2099 » (− 10 %) −9,50 $" in page
    assert "89,78 $" in page

    page = words(parent.client.get("/panier"))
    assert "Le code promotionnel « ete 2099 » est appliqué. Retirer le code" in page

    page = words(parent.client.post("/panier/code", follow=True))

    assert "Le code est retiré." in page
    assert "Retirer le code" not in page
    assert "99,75 $" in page


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("RIEN", "Ce code n’existe pas."),
        ("fini", "Ce code était valable jusqu’au 31 janvier 2020."),
        ("x" * 41, "40"),
    ],
)
def test_a_code_that_says_nothing_says_so_at_its_field(parent: Parent, camp: Registration, code: str, why: str) -> None:
    page = parent.client.post("/panier/code", {"code": code})

    assert page.status_code == 200
    assert why in words(page)
    assert f'value="{code}"' in page.content.decode()
    assert 'aria-invalid="true"' in page.content.decode()
    assert "99,75 $" in words(page)


def test_no_code_is_asked_for_where_there_is_none(parent: Parent) -> None:
    a_hold(an_option(price=550), basket=a_basket(parent.guardian), child=a_child(of=parent.guardian), at=clock.now())

    assert "Code promotionnel" not in words(parent.client.get("/panier"))


def test_a_code_for_no_basket_changes_nothing(parent: Parent) -> None:
    assert parent.client.post("/panier/code", {"code": "x"}).status_code == 303


def test_a_contribution_is_never_in_what_is_due_and_the_button_says_what_is_paid(
    parent: Parent, camp: Registration
) -> None:
    a_gift(parent, 2500)

    page = words(parent.client.get("/panier"))

    assert "Total dû 99,75 $ Contribution volontaire 25,00 $ À payer en tout 124,75 $" in page


def test_nothing_is_given_and_nothing_is_asked(parent: Parent) -> None:
    a_gift(parent, None)

    page = words(parent.client.get("/panier"))
    assert "Aucun montant" in page
    assert "Total dû 0,00 $ Contribution volontaire 0,00 $ À payer en tout 0,00 $" in page

    assert "Confirmer l’inscription" in words(parent.client.get("/commande", follow=True))
    parent.client.post("/commande", {"total": "0"})
    assert Order.objects.get().status == "settled"


@pytest.mark.parametrize(
    ("pricing", "label"),
    [
        ({}, "Total"),
        ({"tax": "exempt"}, "Total"),
        ({"family": "fratrie"}, ESTIMATE),
        ({"tax": "goods"}, ESTIMATE),
    ],
)
def test_the_sum_of_what_is_priced_together_is_said_to_be_an_estimate(
    parent: Parent, pricing: dict[str, str], label: str
) -> None:
    found = organisation.profile()
    found.rules["prices"]["families"] = [{"key": "fratrie", "label": "Fratrie", "cap_cents": 1000}]
    found.save()
    sale = a_sale(pricing=pricing)
    an_article(sale, price=2000)
    child = a_child("Ada", of=parent.guardian)

    page = words(parent.client.get(register_url(sale, child.id)))

    assert f" 0,00 $ {label} 0,00 $" in page
