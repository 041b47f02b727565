"""What the workplace's pages say, and what they do with wrong input."""

import csv
import io
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kernel import clock
from shared_apps.audit.actors import SYSTEM
from shared_apps.audit.models import Entry
from tenant_apps.families.models import Guardian
from tenant_apps.forms import signing
from tenant_apps.forms.models import Decision, FormVersion
from tenant_apps.orders import ledger
from tenant_apps.orders.models import Account
from tenant_apps.organisation.models import Role
from tenant_apps.registrations.models import Places
from tests.clients import HostClient
from tests.factories.catalog import an_offering, an_option
from tests.factories.families import a_child, a_guardian
from tests.factories.forms import a_consent
from tests.factories.moments import NOON, TORONTO
from tests.factories.organisation import a_level, a_payee, an_establishment
from tests.factories.registrations import a_basket, a_hold
from tests.office.conftest import SignIn
from tests.office.money import a_paid_order, an_order_of, ordered


def url(name: str, *args: object) -> str:
    return reverse(f"office:{name}", urlconf="config.urls.organisation", args=args)


@pytest.fixture
def owner(as_staff: SignIn) -> HostClient:
    return as_staff(Role.OWNER)


def names(page: Any) -> list[str]:
    return [registration.participant.first_name for registration in page.context["found"]]


def paid_for(child: str, **columns: Any) -> Any:
    participant = a_child(child, **columns)
    return a_paid_order(an_option(), child=participant, basket=a_basket(participant.guardianships.get().guardian))


def test_today_counts_what_was_confirmed_and_received(owner: HostClient) -> None:
    now = clock.now()
    paid_for("Ada")
    a_paid_order(an_option(price=1000), at=now - timedelta(days=8))

    page = owner.get(url("home"))

    assert page.context["confirmed"].today == 1
    assert page.context["confirmed"].this_week == 1
    assert page.context["received"] == 550
    assert "5,50\u00a0$" in page.content.decode()


def test_today_warns_of_what_is_almost_full_and_of_what_closes_soon(owner: HostClient) -> None:
    today = clock.today(TORONTO)
    closing = an_offering("Ferme bientôt", deadline_on=today + timedelta(days=3))
    an_offering("Fermée", deadline_on=today - timedelta(days=1))
    an_offering("Ferme plus tard", deadline_on=today + timedelta(days=30))
    tight = an_option("Serré", places=10, maximum_quantity=10)
    a_hold(tight, quantity=9, at=clock.now())
    roomy = an_option("Large", places=10, maximum_quantity=10)
    a_hold(roomy, quantity=8, at=clock.now())
    an_option("Sans place", places=0)
    an_option("Illimité", places=None)

    page = owner.get(url("home"))

    assert [(option.name, option.left) for option in page.context["almost_full"]] == [("Sans place", 0), ("Serré", 1)]
    assert "Complet" in page.content.decode()
    assert list(page.context["closing_soon"]) == [closing]


def test_a_hold_that_ran_out_takes_no_place_on_the_home_page(owner: HostClient) -> None:
    lapsed = an_option("Abandonné", places=1)
    a_hold(lapsed, at=clock.now() - timedelta(days=2))

    assert page_names(owner) == []


def test_what_is_over_is_not_almost_full(owner: HostClient) -> None:
    yesterday = clock.today(TORONTO) - timedelta(days=1)
    an_option("Passé", places=0, starts_on=yesterday)
    an_option("Terminée", places=0, offering=an_offering(starts_on=yesterday))
    an_option("En cours", places=0, starts_on=yesterday, ends_on=clock.today(TORONTO))

    assert page_names(owner) == ["En cours"]


def page_names(client: HostClient) -> list[str]:
    return [option.name for option in client.get(url("home")).context["almost_full"]]


def test_orders_pieces_and_participants_are_counted_apart(owner: HostClient) -> None:
    sale = an_offering("Macaroni", selection="quantities", nature="meals")
    monday, tuesday = (an_option(name, offering=sale, maximum_quantity=9) for name in ("Lundi", "Mardi"))
    guardian = a_guardian()
    basket, ada = a_basket(guardian), a_child("Ada", of=guardian)
    a_hold(monday, quantity=2, child=ada, basket=basket, at=clock.now())
    a_paid_order(tuesday, child=ada, basket=basket)
    a_paid_order(monday)
    a_hold(monday, at=clock.now())

    [row] = owner.get(url("offerings")).context["offerings"]

    assert (row.participants, row.orders_placed, row.pieces) == (2, 2, 4)
    for address in (url("offerings"), url("offering", sale.slug)):
        page = owner.get(address).content.decode()
        assert "2 commandes" in page
        assert "4 portions" in page


def test_home_asks_as_many_questions_for_much_as_for_little(owner: HostClient) -> None:
    owner.get(url("home"))

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            owner.get(url("home"))
        return len([query for query in queries if "set_config" not in query["sql"]])

    paid_for("Ada")
    an_option(places=1)
    few = count()
    for name in ("Bo", "Chloé", "Denis"):
        paid_for(name)
        an_option(places=1)
        an_offering(deadline_on=clock.today(TORONTO))

    assert count() == few


@pytest.mark.parametrize("wanted", ["lapointe", "ELOISE", "éloïse lapointe", "Lapo Élo"])
def test_a_name_is_found_without_its_accents_and_in_any_order(owner: HostClient, wanted: str) -> None:
    paid_for("Éloïse")
    paid_for("Bo", last_name="Tremblay")
    # The guardian of both is a Lapointe.
    page = owner.get(url("registrations"), {"q": wanted})

    assert "Éloïse" in names(page)
    assert names(owner.get(url("registrations"), {"q": "tremblay"})) == ["Bo"]
    assert names(owner.get(url("registrations"), {"q": "personne"})) == []


def test_the_list_is_narrowed_by_offering_school_and_status(owner: HostClient) -> None:
    school = an_establishment()
    order = paid_for("Ada", establishment=school)
    offering = order.lines.get().registration.option.offering
    paid_for("Chloé")

    assert names(owner.get(url("registrations"), {"offering": offering.slug})) == ["Ada"]
    assert names(owner.get(url("registrations"), {"establishment": school.code})) == ["Ada"]
    assert sorted(names(owner.get(url("registrations"), {"status": "confirmed"}))) == ["Ada", "Chloé"]
    assert names(owner.get(url("registrations"), {"status": "released"})) == []


def test_the_list_is_sorted_as_asked(owner: HostClient) -> None:
    for name in ("Bo", "Ada", "Chloé"):
        paid_for(name)

    assert names(owner.get(url("registrations"), {"sort": "participant"})) == ["Ada", "Bo", "Chloé"]
    assert names(owner.get(url("registrations"), {"sort": "-participant"})) == ["Chloé", "Bo", "Ada"]
    assert names(owner.get(url("registrations"))) == ["Chloé", "Ada", "Bo"]


@pytest.mark.parametrize(
    "query",
    [
        {"offering": "n-existe-pas"},
        {"offering": "a\x00b"},
        {"establishment": "'; DROP TABLE"},
        {"status": "xx"},
        {"q": "x" * 101},
        {"q": "\x00"},
        {"sort": "password"},
        {"sort": "--date"},
        {"page": "zero"},
        {"page": "99999"},
        {"q": "% _ \\ ' \""},
    ],
)
def test_nonsense_in_the_address_is_answered_with_the_list(owner: HostClient, query: dict[str, str]) -> None:
    paid_for("Ada")

    page = owner.get(url("registrations"), query)

    assert page.status_code == 200
    assert owner.get(url("registrations_csv"), query).status_code == 200


def test_a_wrong_filter_is_told_at_its_field(owner: HostClient) -> None:
    page = owner.get(url("registrations"), {"status": "xx"})

    assert list(page.context["form"].errors) == ["status"]
    assert 'href="#id_status"' in page.content.decode()


def test_the_list_asks_as_many_questions_for_three_as_for_one(owner: HostClient) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            owner.get(url("registrations"))
            owner.get(url("registrations_csv"))
        return len([query for query in queries if "set_config" not in query["sql"]])

    paid_for("Ada")
    owner.get(url("registrations"))
    one = count()
    paid_for("Bo")
    paid_for("Chloé")

    assert count() == one


def test_the_table_to_download_says_what_the_list_says(owner: HostClient) -> None:
    guardian = a_guardian()
    Guardian.objects.filter(pk=guardian.pk).update(phone="+18195550123")
    ada = a_child(
        "Ada",
        of=guardian,
        establishment=an_establishment("École du Dôme"),
        level=a_level("6e année"),
        answers={"home_group": "601", "teacher": "Mme Roy"},
    )
    option = an_option("Groupe 1", offering=an_offering("Zoo"), starts_on=date(2036, 5, 4))
    order = a_paid_order(option, child=ada, basket=a_basket(guardian))

    answer = owner.get(url("registrations_csv"))
    head, row = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";")

    assert answer.headers["Content-Disposition"] == 'attachment; filename="inscriptions.csv"'
    assert dict(zip(head, row, strict=True)) == {
        "Nom": "Lapointe",
        "Prénom": "Ada",
        "Groupe": "601",
        "Niveau": "6e année",
        "Enseignant": "Mme Roy",
        "Établissement": "École du Dôme",
        "Activité": "Zoo",
        "Choix": "Groupe 1",
        "Date du choix": "2036-05-04",
        "Quantité": "1",
        "État": "Confirmée",
        "Date d’inscription": clock.today(TORONTO).isoformat(),
        "Parent": "Lapointe Marie",
        "Téléphone": "819-555-0123",
        "Courriel": "parent@example.org",
        "Commande": order.reference,
        "Montant": "5,50",
    }


def test_a_name_that_is_a_formula_reaches_the_spreadsheet_as_text(owner: HostClient) -> None:
    paid_for('=HYPERLINK("http://evil.example")')

    assert b"'=HYPERLINK" in owner.get(url("registrations_csv")).content


def test_an_offering_shows_its_places_and_who_agreed(owner: HostClient) -> None:
    consent = a_consent()
    offering = an_offering("Zoo", consent_form=consent.form)
    option = an_option("Groupe 1", places=10, offering=offering)
    decided = {"Ada": Decision.YES, "Bo": Decision.NO, "Chloé": None}
    for name, decision in decided.items():
        child = a_child(name)
        guardian = child.guardianships.get().guardian
        a_hold(option, child=child, basket=a_basket(guardian), at=clock.now())
        if decision:
            sign(consent, child, guardian, decision)
    # A change of mind is the last word.
    bo = next(line for line in _lines(owner, offering) if line.registration.participant.first_name == "Bo")
    sign(consent, bo.registration.participant, bo.registration.basket.guardian, Decision.YES)

    page = owner.get(url("offering", offering.slug))

    [places] = page.context["options"]
    assert (places.capacity, places.taken, places.left) == (10, 3, 7)
    assert [(line.registration.participant.first_name, line.consent) for line in page.context["lines"]] == [
        ("Ada", "yes"),
        ("Bo", "yes"),
        ("Chloé", "silent"),
    ]
    assert [(str(each["label"]), each["value"]) for each in page.context["consents"]] == [
        ("Oui", 2),
        ("Non", 0),
        ("Retirée", 0),
        ("Sans réponse", 1),
    ]


def _lines(owner: HostClient, offering: Any) -> Any:
    return owner.get(url("offering", offering.slug)).context["lines"]


def sign(version: FormVersion, child: Any, guardian: Any, decision: Decision) -> None:
    signing.sign_consent(
        version_id=version.id,
        participant_id=child.id,
        signer_id=guardian.id,
        decision=decision,
        signed_name="Marie Lapointe",
        actor=SYSTEM,
        at=clock.now(),
    )


class TestPlaces:
    def test_can_be_changed_and_the_change_is_kept_with_its_author(self, owner: HostClient) -> None:
        option = an_option(places=5)

        answer = owner.post(url("capacity", option.offering.slug, option.pk), {"capacity": "8"})

        assert answer.url == url("offering", option.offering.slug)
        assert Places.objects.get(option_id=option.pk).capacity == 8
        entry = Entry.objects.filter(action="registrations.capacity_set").latest("at")
        assert (entry.actor_kind, entry.details) == ("staff", {"capacity": 8})

    def test_can_be_made_unlimited(self, owner: HostClient) -> None:
        option = an_option(places=5)

        owner.post(url("capacity", option.offering.slug, option.pk), {"capacity": ""})

        assert Places.objects.get(option_id=option.pk).capacity is None

    def test_are_never_fewer_than_those_taken_and_the_field_says_so(self, owner: HostClient) -> None:
        option = an_option(places=5)
        a_hold(option)
        a_hold(option)

        answer = owner.post(url("capacity", option.offering.slug, option.pk), {"capacity": "1"})

        assert answer.status_code == 422
        assert list(answer.context["form"].errors) == ["capacity"]
        assert "2 places sont déjà prises" in answer.content.decode()
        assert Places.objects.get(option_id=option.pk).capacity == 5

    @pytest.mark.parametrize("nonsense", ["-1", "beaucoup", "1.5", "99999999999999999999"])
    def test_are_a_number(self, owner: HostClient, nonsense: str) -> None:
        option = an_option(places=5)

        answer = owner.post(url("capacity", option.offering.slug, option.pk), {"capacity": nonsense})

        assert list(answer.context["form"].errors) == ["capacity"]
        assert Places.objects.get(option_id=option.pk).capacity == 5

    def test_of_another_offering_are_not_found(self, owner: HostClient) -> None:
        option, other = an_option(), an_offering()

        assert owner.get(url("capacity", other.slug, option.pk)).status_code == 404


def test_an_order_shows_its_ledger_in_words_and_what_was_done(owner: HostClient) -> None:
    order = paid_for("Ada")

    page = owner.get(url("order", order.reference))

    assert page.context["balance"] == 0
    assert {(row.get_debit_display(), row.get_credit_display()) for row in page.context["transfers"]} == {
        ("Dû par les familles", "Produits"),
        ("Chez le processeur de paiement", "Dû par les familles"),
    }
    words = page.content.decode()
    for said in ("Commande passée", "Commande confirmée", "Places gardées", "Lapointe Ada"):
        assert said in words


def test_an_order_says_nothing_of_another_one_of_the_same_basket(owner: HostClient) -> None:
    guardian = a_guardian()
    child = a_child("Ada", of=guardian)
    basket = a_basket(guardian)
    first = a_hold(an_option(), child=child, basket=basket, at=clock.now())
    second = a_hold(an_option(offering=an_offering(payee=a_payee())), child=child, basket=basket, at=clock.now())
    orders = ordered(basket.id, at=clock.now())
    order = next(order for order in orders if order.payee == first.option.offering.payee)

    events = owner.get(url("order", order.reference)).context["events"]

    assert second.option.offering.payee != order.payee
    assert [str(event["title"]) for event in events] == ["Places gardées", "Commande passée"]


def test_a_receipt_is_a_pdf_that_no_cache_keeps(owner: HostClient) -> None:
    receipt = paid_for("Ada").payments.get().receipt

    answer = owner.get(url("receipt", receipt.pk))

    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.content.startswith(b"%PDF")


def test_balances_sum_to_zero_for_every_payee_and_say_what_is_owed(owner: HostClient) -> None:
    payees = [a_payee("École A"), a_payee("École B"), a_payee("École C")]
    paid, sold = (an_option(price=1200, offering=an_offering(payee=payee)) for payee in payees[:2])
    a_paid_order(paid)
    order = an_order_of(sold)
    ledger.enter(debit=Account.RECEIVABLE, credit=Account.REVENUE, cents=1200, order=order, source="sold", at=NOON)

    page = owner.get(url("finances"))

    assert [
        (balance.payee.name, [(side.account, side.cents) for side in columns], balance.sum)
        for balance, columns in page.context["balances"]
    ] == [
        ("École A", [(Account.RECEIVABLE, 0), (Account.REVENUE, -1200), (Account.PROCESSOR, 1200)], 0),
        ("École B", [(Account.RECEIVABLE, 1200), (Account.REVENUE, -1200), (Account.PROCESSOR, 0)], 0),
        ("École C", [(Account.RECEIVABLE, 0), (Account.REVENUE, 0), (Account.PROCESSOR, 0)], 0),
    ]
    assert "au crédit" in page.content.decode()
    assert "-12,00" not in page.content.decode()


@pytest.mark.parametrize(
    "query",
    [
        {"payee": "nobody"},
        {"payee": "0190a6d2-0000-7000-8000-000000000000"},
        {"status": "xx"},
        {"from_on": "9999-12-31", "until_on": "9999-12-31"},
        {"from_on": "0001-01-01"},
        {"until_on": "hier"},
    ],
)
def test_nonsense_in_the_finances_is_told_at_the_field(owner: HostClient, query: dict[str, str]) -> None:
    page = owner.get(url("finances"), query)

    assert page.status_code == 200
    assert set(page.context["form"].errors) <= set(query)
    assert page.context["form"].errors
    assert owner.get(url("payments_csv"), query).status_code == 200


def test_payments_are_narrowed_by_day(owner: HostClient) -> None:
    order = paid_for("Ada")
    today = clock.today(TORONTO)

    def found(**query: object) -> list[str]:
        return [payment.order.reference for payment in owner.get(url("finances"), query).context["found"]]

    assert found(from_on=today, until_on=today) == [order.reference]
    assert found(until_on=today - timedelta(days=1)) == []


@pytest.mark.parametrize("reference", ["XXXX-XXXX", "a", "%00"])
def test_an_order_that_is_not_there_is_not_found(owner: HostClient, reference: str) -> None:
    assert owner.get(f"/gestion/commandes/{reference}").status_code == 404
