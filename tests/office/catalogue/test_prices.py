"""« Tarifs »: the organisation's price tables, who changes them, and what is kept of what they were."""

from typing import Any

import pytest

from shared_apps.audit.models import Entry
from tenant_apps.entitlements.models import Entitlement
from tenant_apps.organisation import rules
from tenant_apps.organisation.models import Profile, Role
from tenant_apps.organisation.price_tables import seal_of
from tests.clients import HostClient
from tests.factories.catalog import an_offering
from tests.factories.families import a_guardian
from tests.factories.moments import NOON
from tests.office.conftest import SignIn
from tests.portal.people import words

pytestmark = pytest.mark.django_db
HERE = "/gestion/reglages/tarifs"
FAMILY = {"label": "Fratrie", "discounts": "0 ; 10 ; 20", "cap": "500,00"}
TAX = {"label": "TPS", "rate": "5", "number": "123 RT 0001", "classes": ["goods", "programme"]}


def kept(section: str) -> Any:
    return Profile.objects.get().rules.get("prices", {}).get(section, [])


def send(client: HostClient, path: str, section: str, **said: Any) -> Any:
    return client.post(f"{HERE}/{path}", {"seen": seal_of(Profile.objects.get(), section), **said})


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("path", ["", "/residence", "/taxes/ajouter"])
def test_they_are_for_those_who_set_prices(as_staff: SignIn, role: str, path: str) -> None:
    sets_them = role in (Role.OWNER, Role.ADMINISTRATOR, Role.FINANCE)

    assert as_staff(role).get(HERE + path).status_code == (200 if sets_them else 403)


@pytest.mark.line("S4-21")
def test_postal_codes_are_read_however_they_are_typed(as_staff: SignIn) -> None:
    client = as_staff(Role.OWNER)

    codes = "g1r*, 4140\nG2A 1B3; g2a-1b3"
    answer = send(client, "residence", "residence", postal_codes=codes, asks_proof="on", proof_months="12")

    assert answer.status_code == 302
    assert kept("residence") == {"postal_codes": ["G1R*", "4140", "G2A1B3"], "asks_proof": True, "proof_months": 12}
    assert "(G1R*, 4140 et G2A1B3) et en a montré une preuve, valable 12 mois." in words(client.get(HERE))
    again = client.get(f"{HERE}/residence").context["form"].initial
    assert again["postal_codes"] == "G1R*\n4140\nG2A1B3"


def test_what_is_no_postal_code_is_named_at_the_field(as_staff: SignIn) -> None:
    answer = send(as_staff(Role.OWNER), "residence", "residence", postal_codes="G1R*, ***", proof_months="12")

    assert answer.status_code == 422
    assert answer.context["form"].errors == {"postal_codes": ["Ce n’est pas un code postal\u202f: ***"]}
    assert "G1R*, ***" in answer.content.decode()
    assert kept("residence") == []


def test_a_family_discount_is_kept_as_prices_read_it(as_staff: SignIn) -> None:
    client = as_staff(Role.FINANCE)
    send(client, "families/ajouter", "families", **FAMILY, label_en="Siblings")

    assert kept("families") == [
        {
            "key": "fratrie",
            "label": {"fr": "Fratrie", "en": "Siblings"},
            "discounts": ["0", "10", "20"],
            "cap_cents": 50000,
        }
    ]
    [scheme] = rules.read(Profile.objects.get().rules).prices.families
    assert [int(each) for each in scheme.discounts] == [0, 10, 20]
    page = words(client.get(HERE))
    assert "Du premier enfant au dernier : 0 %, 10 % et 20 %. Une famille paie au plus 500,00 $." in page
    form = client.get(f"{HERE}/families/entree/fratrie").context["form"]
    assert (form.initial["discounts"], form.initial["label_en"]) == ("0 ; 10 ; 20", "Siblings")


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ("10 ; 5", "Aucune réduction ne peut être plus petite que celle d’avant."),
        ("0 ; 101", "Une réduction est entre 0 et 100\u202f%, et il y en a au plus vingt."),
        ("0 ; 1e-999999", "Une réduction est entre 0 et 100\u202f%, et il y en a au plus vingt."),
        ("0 ; NaN", "Une réduction est entre 0 et 100\u202f%, et il y en a au plus vingt."),
        ("0 ; dix", "Écrivez des nombres séparés par des points-virgules\u202f: «\u202f0\u202f; 10\u202f; 20\u202f»."),
    ],
)
def test_discounts_that_no_price_could_be_made_of_are_refused(as_staff: SignIn, typed: str, error: str) -> None:
    answer = send(as_staff(Role.OWNER), "families/ajouter", "families", label="Fratrie", discounts=typed)

    assert answer.status_code == 422
    assert answer.context["form"].errors == {"discounts": [error]}


def test_a_tax_is_added_changed_and_taken_away_and_each_step_is_kept(as_staff: SignIn) -> None:
    client = as_staff(Role.OWNER)
    send(client, "taxes/ajouter", "taxes", **TAX, from_on="2026-01-01")
    send(client, "taxes/entree/tps", "taxes", **{**TAX, "rate": "6,5"}, until_on="2027-06-30")
    assert kept("taxes") == [
        {
            "code": "tps",
            "label": "TPS",
            "rate": "6.5",
            "number": "123 RT 0001",
            "classes": ["goods", "programme"],
            "is_included": False,
            "from_on": "",
            "until_on": "2027-06-30",
        }
    ]
    assert "6,5 %, ajoutée aux prix affichés." in words(client.get(HERE))

    send(client, "taxes/entree/tps/retirer", "taxes")

    assert kept("taxes") == []
    entries = [each.details["changes"] for each in Entry.objects.filter(action="organisation.prices").order_by("at")]
    assert [list(each) for each in entries] == [["taxes"], ["taxes"], ["taxes"]]
    assert [len(each["taxes"][1]) for each in entries] == [1, 1, 0]
    assert "taux 5" in words(client.get(HERE))


def test_a_tax_that_ends_before_it_begins_is_refused(as_staff: SignIn) -> None:
    answer = send(as_staff(Role.OWNER), "taxes/ajouter", "taxes", **TAX, from_on="2026-07-01", until_on="2026-06-30")

    assert answer.context["form"].errors == {"until_on": ["La fin vient avant le début."]}


def test_a_name_is_given_once(as_staff: SignIn) -> None:
    client = as_staff(Role.OWNER)
    send(client, "income_bands/ajouter", "income_bands", label="Moins de 30 000 $")

    answer = send(client, "income_bands/ajouter", "income_bands", label="Moins de 30 000 $")

    assert answer.status_code == 422
    assert answer.context["form"].errors == {"label": ["Ce nom est déjà dans le tableau."]}
    assert [each["key"] for each in kept("income_bands")] == ["moins-de-30-000"]


def test_whoever_writes_over_what_they_have_not_seen_is_told(as_staff: SignIn) -> None:
    client = as_staff(Role.OWNER)
    send(client, "subsidies/ajouter", "subsidies", label="Accès-Loisirs")

    answer = client.post(f"{HERE}/subsidies/entree/acces-loisirs", {"label": "Autre", "seen": "what-was-before"})

    assert answer.status_code == 422
    assert "Quelqu’un a changé ce tableau entre-temps." in answer.content.decode()
    assert [each["label"] for each in kept("subsidies")] == ["Accès-Loisirs"]


def test_what_an_offering_or_a_family_still_has_is_not_taken_away(as_staff: SignIn) -> None:
    client = as_staff(Role.OWNER)
    send(client, "families/ajouter", "families", **FAMILY)
    send(client, "subsidies/ajouter", "subsidies", label="Accès-Loisirs")
    an_offering("Judo", pricing={"family": "fratrie"})
    Entitlement.objects.create(
        kind="subsidy", key="acces-loisirs", guardian=a_guardian(), status="granted", asked_at=NOON
    )

    assert "Judo" in words(send(client, "families/entree/fratrie/retirer", "families"))
    refused = words(send(client, "subsidies/entree/acces-loisirs/retirer", "subsidies"))
    assert "Des familles y ont droit" in refused
    assert (len(kept("families")), len(kept("subsidies"))) == (1, 1)


@pytest.mark.parametrize("path", ["nulle-part/ajouter", "taxes/entree/nulle-part", "taxes/entree/nulle-part/retirer"])
def test_what_is_not_there_is_not_found(as_staff: SignIn, path: str) -> None:
    assert as_staff(Role.OWNER).get(f"{HERE}/{path}").status_code == 404
