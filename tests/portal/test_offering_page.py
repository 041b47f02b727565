"""The page of one offering: who may take it, when, at what price for whom, and what to do about a reason."""

from datetime import date
from typing import Any

import pytest

from tenant_apps.catalog.models import Offering
from tests.clients import HostClient
from tests.factories.catalog import an_offering, an_option
from tests.factories.entitlements import the_prices
from tests.factories.families import a_child
from tests.factories.organisation import a_level, an_establishment, an_organisation_profile
from tests.portal.people import Parent, words

LONG_AGO, FAR = "2020-01-01T18:00:00+00:00", "2099-03-12T23:00:00+00:00"
RESIDENTS = {"name": {"fr": "Résidents", "en": "Residents"}, "for": [{"kind": "residence", "category": "resident"}]}
ALL = {"name": {"fr": "Tout le monde", "en": "Everybody"}, "for": []}


def page_of(client: HostClient, offering: Offering, child: object = "") -> str:
    return words(client.get(f"/activites/{offering.slug}" + (f"?enfant={child}" if child else "")))


def test_its_conditions_are_said_in_sentences(client: HostClient) -> None:
    offering = an_offering(requirements=[{"kind": "age", "min": 6, "max": 8}, {"kind": "no_clash"}])
    an_option("Groupe 1", offering=offering)

    page = page_of(client, offering)

    assert "Conditions De 6 ans à 8 ans" in page
    assert "On ne peut pas avoir une autre activité en même temps." in page


def test_each_audience_reads_when_it_registers(client: HostClient) -> None:
    windows = [{**RESIDENTS, "opens_at": LONG_AGO, "closes_at": FAR}, {**ALL, "opens_at": FAR}]
    offering = an_offering(windows=windows)

    page = page_of(client, offering)

    when = page[page.index("Quand s’inscrire") : page.index("Qui peut s’inscrire")]
    assert "Résidents Du mercredi 1er janvier 2020 à 13 h au jeudi 12 mars 2099 à 19 h Ouvert" in when
    assert "Pour les familles qui résident sur le territoire." in when
    assert "Tout le monde À partir du jeudi 12 mars 2099 à 19 h Bientôt" in when


def test_without_periods_there_is_no_word_of_them(client: HostClient) -> None:
    assert "Quand s’inscrire" not in page_of(client, an_offering())


def test_each_of_the_family_is_told_apart(parent: Parent) -> None:
    third = a_level("3e année")
    offering = an_offering(levels=[third])
    an_option("24 août", offering=offering)
    john = a_child("John", of=parent.guardian, level=third)
    a_child("Ada", of=parent.guardian, level=a_level("6e année"))

    response = parent.client.get(f"/activites/{offering.slug}")

    page = words(response)
    assert "Ada Cette activité est réservée à : 3e année." in page
    assert "Inscrire John" in page
    assert f'href="/activites/{offering.slug}/inscription?enfant={john.id}"' in response.content.decode()


def test_the_price_is_that_of_the_child_who_is_chosen_with_its_reason(parent: Parent) -> None:
    prices = {"rules": [{"kind": "late", "from_on": "2020-01-01", "cents": 300}]}
    offering = an_offering(pricing=prices)
    an_option("24 août", offering=offering, price=1200)
    child = a_child("John", of=parent.guardian)

    assert "Le prix pour" not in page_of(parent.client, offering)
    page = page_of(parent.client, offering, child.id)

    assert "15,00 $ Le prix pour John" in page
    assert "Pourquoi ce prix ?" in page
    assert "3,00 $" in page


@pytest.mark.line("S3-22")
def test_the_cards_that_are_taken_are_named_where_there_is_something_to_pay(client: HostClient) -> None:
    an_organisation_profile(rules={"card_brands": ["visa", "mastercard"]})
    paid, free = an_offering(), an_offering()
    an_option("24 août", offering=paid, price=1200)
    an_option("24 août", offering=free, price=0)

    assert "Cartes acceptées : Visa, Mastercard." in page_of(client, paid)
    assert "Cartes acceptées" not in page_of(client, free)


@pytest.mark.parametrize(
    ("pricing", "tax", "note"),
    [
        ({"tax": "goods"}, {}, " taxes en sus"),
        # A child may be exempt.
        ({"tax": "programme"}, {}, " taxes en sus, s’il y a lieu"),
        ({"tax": "goods"}, {"is_included": True}, ""),
        ({"tax": "goods"}, {"until_on": "2020-01-01"}, ""),
        ({"tax": "exempt"}, {}, ""),
        ({}, {}, ""),
    ],
)
def test_who_is_not_signed_in_reads_that_taxes_come_on_top(
    client: HostClient, pricing: dict[str, str], tax: dict[str, Any], note: str
) -> None:
    told = {"code": "TPS", "label": "TPS", "rate": "5", "classes": ["goods", "programme"], **tax}
    an_organisation_profile(rules=the_prices(taxes=[told]))
    offering = an_offering(pricing=pricing)
    an_option("24 août", offering=offering, price=1200)

    for page in (page_of(client, offering), words(client.get("/activites")), words(client.get("/"))):
        after = page[page.index("12,00 $") + len("12,00 $") :]
        assert after.startswith(note)
        assert page.count("taxes en sus") == bool(note)


def test_who_chose_a_child_reads_what_they_would_pay_taxes_included(parent: Parent) -> None:
    taxes = [{"code": "TPS", "label": "TPS", "rate": "5", "classes": ["goods"]}]
    an_organisation_profile(rules=the_prices(taxes=taxes))
    offering = an_offering(pricing={"tax": "goods"})
    an_option("24 août", offering=offering, price=1200)
    child = a_child("John", of=parent.guardian)

    page = page_of(parent.client, offering, child.id)

    assert "12,60 $ Le prix pour John" in page
    assert "taxes en sus" not in page


def test_a_gift_beside_an_outing_says_nothing_of_its_price(client: HostClient) -> None:
    offering = an_offering()
    an_option("24 août", offering=offering, price=1200)
    an_option("Votre don", offering=offering, price=0, is_voluntary=True)

    page = page_of(client, offering)

    assert "À partir de" not in page
    assert "Contribution volontaire Votre don" in page


def test_a_single_school_gives_its_help_and_its_telephone(client: HostClient) -> None:
    school = an_establishment("École du Lac", phone="819 555-0177", help_text="Prenez rendez-vous avec la secrétaire.")

    page = page_of(client, an_offering(establishments=[school]))

    assert "819 555-0177" in page
    assert "Prenez rendez-vous avec la secrétaire." in page


def test_it_is_read_in_the_language_of_the_reader(client: HostClient) -> None:
    offering = an_offering("Sortie au musée", translations={"en": {"title": "Trip to the museum"}})
    an_option("Groupe", offering=offering, translations={"en": {"name": "Group"}})

    client.cookies["django_language"] = "en"
    response = client.get(f"/activites/{offering.slug}")

    assert "<h1>Trip to the museum</h1>" in response.content.decode()
    assert "Group" in words(response)


@pytest.mark.parametrize("weeks", [1, 3])
def test_it_asks_as_many_questions_for_three_weeks_as_for_one(
    parent: Parent, weeks: int, django_assert_num_queries
) -> None:
    level = a_level("3e année")
    offering = an_offering(nature="camp", selection="per_week")
    for week in range(weeks):
        an_option(
            f"Thème {week}",
            offering=offering,
            starts_on=date(2099, 7, 6 + 7 * week),
            ends_on=date(2099, 7, 10 + 7 * week),
            requirements=[{"kind": "level", "levels": [level.code]}],
        )
    child = a_child("John", of=parent.guardian, level=level)
    address = f"/activites/{offering.slug}?enfant={child.id}"
    parent.client.get(address)

    with django_assert_num_queries(QUERIES):
        parent.client.get(address)


QUERIES = 22


def test_what_a_withdrawal_costs_is_said_beside_the_refunds_as_it_is_counted(client: HostClient) -> None:
    offering = an_offering(
        slug="camp", changes={"withdrawal": {"allowed": True, "until_days": 1, "fees": [{"percent": "10"}]}}
    )
    an_option(offering=offering, price=4500)

    page = words(client.get(f"/activites/{offering.slug}"))
    offering.changes = {"withdrawal": {"allowed": False}}
    offering.save()
    without = words(client.get(f"/activites/{offering.slug}"))

    assert "Dès l’inscription" in page
    assert "vous désinscrivez vous-même" in page
    assert "vous désinscrivez vous-même" not in without
