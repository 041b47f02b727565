"""« Abonnement »: what the organisation has, uses and owes, and what it may change of it."""

from datetime import date
from urllib.parse import urlsplit

import pytest

from billing import changing
from billing.models import Invoice, Usage
from kernel import ids
from tenants.context import in_organisation, in_registry
from tenants.models import SuspendedFor
from tenants.operations import suspend as moves
from tests.billing.conftest import BEGINNING, DETAILS, GATINEAU, TRIAL_END, invoices_of, subscription_of
from tests.billing.conftest import invoiced as invoiced
from tests.billing.conftest import on_trial as on_trial
from tests.billing.conftest import platform as platform
from tests.factories.organisation import an_establishment
from tests.payments.conftest import running_sandbox as running_sandbox
from tests.payments.conftest import sandbox as sandbox

HOME = "/gestion/reglages/abonnement"
FORM = {**GATINEAU, "name": "Ville de Gatineau", "email": "comptes@gatineau.example", "tax_number": ""}


def text_of(client, address=HOME):
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode().replace("\xa0", " ").replace("\u202f", " ")


@pytest.mark.parametrize(
    ("role", "status"),
    [("owner", 200), ("administrator", 200), ("finance", 200), ("auditor", 403), ("secretary", 403)],
)
def test_it_is_for_who_answers_for_money(on_trial, as_staff, role, status):
    assert as_staff(role).get(HOME).status_code == status


def test_where_nothing_is_sold_there_is_no_such_page(as_staff, organisation_a):
    assert as_staff("owner").get(HOME).status_code == 404


def test_the_trial_says_what_it_is_and_how_long_it_lasts(on_trial, as_staff):
    shown = text_of(as_staff("owner"))

    assert "Essentiel – essai, encore 60 jours" in shown
    assert "49,00 $ par mois, 150 participants compris ; 0,60 $ par participant de plus." in shown
    assert "0,8 % de chaque paiement en ligne d’une famille." in shown
    assert "1 janvier 2027" in shown or "1er janvier 2027" in shown


def test_details_are_kept_and_a_wrong_one_is_told_at_its_field(on_trial, as_staff):
    owner = as_staff("owner")

    wrong = owner.post(f"{HOME}/facturation", {**FORM, "tax_number": "123456789", "state": ""})
    assert (wrong.status_code, "Ville de Gatineau" in wrong.content.decode()) == (422, True)
    assert set(wrong.context["form"].errors) == {"tax_number", "state"}
    right = owner.post(f"{HOME}/facturation", FORM)

    assert right.url == HOME
    assert subscription_of(on_trial).billing == {**DETAILS, "tax_number": "", "purchase_order": ""}
    assert "25, rue Laurier, J8X 4C8 Gatineau (QC), CA" in text_of(owner)


def test_a_plan_is_changed_after_saying_what_changes(on_trial, as_staff):
    owner = as_staff("owner")
    assert "Aucuns frais sur les paiements des familles." in text_of(owner, f"{HOME}/forfaits/grand")

    owner.post(f"{HOME}/forfaits/grand")

    assert subscription_of(on_trial).plan_id == "grand"
    assert owner.get(f"{HOME}/forfaits/grand").status_code == 404


def test_a_plan_that_is_too_small_is_refused_in_words(on_trial, as_staff):
    changing.choose_plan(organisation_id=on_trial.id, code="grand", at=BEGINNING)
    for _ in range(4):
        an_establishment()
    owner = as_staff("owner")

    answer = owner.post(f"{HOME}/forfaits/essentiel", follow=True)

    said = [str(message) for message in answer.context["messages"]]
    assert said == ["Le forfait «\u202fEssentiel\u202f» comprend 3 établissements\u202f: vous en avez davantage."]
    assert subscription_of(on_trial).plan_id == "grand"


def test_an_invoice_shows_its_lines_and_where_to_pay_it(invoiced, as_staff):
    shown = text_of(as_staff("finance"))
    (invoice,) = invoices_of(invoiced)

    assert "TVQ 9,975 % – 4,89 $" in shown
    assert "56,34 $" in shown
    assert f'href="{invoice.page_url}"' in shown
    assert f'href="{invoice.pdf_url}"' in shown


def test_a_suspended_organisation_still_pays(invoiced, as_staff):
    moves.suspend(organisation_id=invoiced.id, reason=SuspendedFor.UNPAID, at=TRIAL_END)
    owner = as_staff("owner")

    assert owner.post(f"{HOME}/facturation", FORM).url == HOME
    assert owner.post(f"{HOME}/carte").url.startswith("http")
    assert owner.post(f"{HOME}/fin").url == HOME


def test_a_card_is_given_on_the_processors_page(invoiced, platform, as_staff):
    owner = as_staff("owner")
    asked = owner.post(f"{HOME}/carte")
    came_back = platform.sandbox.pay(asked.url).location
    back = urlsplit(came_back)

    owner.get(f"{back.path}?{back.query}")

    assert subscription_of(invoiced).card == "Visa •••• 4242"
    assert [row.state for row in invoices_of(invoiced)] == ["paid"]
    assert "Chaque facture est payée par Visa •••• 4242" in text_of(owner)


@pytest.mark.parametrize("given", ["", "?page=cs_test_none", "?page=../../etc"])
def test_a_return_that_gives_nothing_changes_nothing(invoiced, as_staff, given):
    assert as_staff("owner").get(f"{HOME}/carte/retour{given}").url == HOME

    assert subscription_of(invoiced).card == ""


def test_the_processor_away_is_said_and_what_was_written_stays(invoiced, platform, as_staff):
    platform.sandbox.control("faults", {"rules": [{"kind": "status", "status": 503}]})

    answer = as_staff("owner").post(f"{HOME}/facturation", {**FORM, "city": "Aylmer"}, follow=True)
    platform.sandbox.control("faults", {"rules": []})

    assert [message.level_tag for message in answer.context["messages"]] == ["error"]
    assert subscription_of(invoiced).billing["address"]["city"] == "Aylmer"


def test_the_end_is_confirmed_and_taken_back(invoiced, as_staff):
    owner = as_staff("owner")
    assert "Le mois en cours va jusqu’à son terme" in text_of(owner, f"{HOME}/fin")

    owner.post(f"{HOME}/fin")
    assert "L’abonnement prend fin le" in text_of(owner)
    owner.post(f"{HOME}/continuer")

    assert subscription_of(invoiced).ends_at is None


def test_another_organisations_invoices_are_not_shown(invoiced, organisation_b, as_staff):
    shown = text_of(as_staff("owner"))
    with in_organisation(organisation_b):
        assert list(Invoice.objects.all()) == []
    assert invoices_of(invoiced)[0].number in shown


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_asks_as_much_for_three_invoices_and_months_as_for_one(
    invoiced, as_staff, number, django_assert_num_queries
):
    with in_registry():
        for month in range(1, number + 1):
            Usage.objects.create(organisation=invoiced, day=date(2027, month, 3), participants=5)
        (invoice,) = invoices_of(invoiced)
        for copy in range(1, number):
            invoice.pk = None
            invoice._state.adding = True
            invoice.processor_id = f"in_{copy}"
            invoice.id = ids.uuid7()
            invoice.save()
    owner = as_staff("owner")
    owner.get(HOME)

    with django_assert_num_queries(PAGE_QUERIES):
        owner.get(HOME)


PAGE_QUERIES = 19
