"""Meals by the day, contributions of one's own will, and authorizations that need nothing but a signature."""

from datetime import date, datetime, timedelta

import pytest

from kernel import clock
from shared_apps.audit.actors import SYSTEM
from tenant_apps.catalog.models import Offering, Option
from tenant_apps.catalog.reasons import Code
from tenant_apps.families.identity import Answers, Identity
from tenant_apps.forms.models import Submission
from tenant_apps.portal import registering
from tenant_apps.registrations.errors import NotAllowed
from tenant_apps.registrations.models import Registration
from tests.clients import HostClient
from tests.factories.catalog import an_offering, an_option
from tests.factories.families import a_child
from tests.factories.forms import a_consent
from tests.factories.moments import TORONTO
from tests.portal.people import CHILD, GUEST, Parent, a_guest, a_sale, held, quantities, register_url, words

MONDAY = date(2099, 1, 5)
CONTACT = {"contact-email": "anne@famille.example"}
YES = {"autorisation-decision": "yes", "autorisation-signed_name": "Anne Lapointe"}


def meals() -> tuple[Offering, dict[str, Option]]:
    """A meal and a soup, on a Monday and a Wednesday of two weeks."""
    offering = a_sale(nature="meals", title="Repas chauds")
    days = {"mon1": 0, "wed1": 2, "mon2": 7, "wed2": 9}
    made = {
        f"{what}-{day}": an_option(
            f"{MONDAY + timedelta(days=after)}",
            offering=offering,
            starts_on=MONDAY + timedelta(days=after),
            code=what,
            description={"REP": "Repas du jour", "SOU": "Soupe"}[what],
            price={"REP": 450, "SOU": 150}[what],
            maximum_quantity=3,
        )
        for day, after in days.items()
        for what in ("REP", "SOU")
    }
    return offering, made


def test_meals_are_a_calendar_of_weeks_with_a_quantity_for_each_day(client: HostClient) -> None:
    offering, made = meals()

    response = a_guest(client).get(register_url(offering))

    page, source = words(response), response.content.decode()
    assert "Semaine 1 du lundi 5 janvier au vendredi 9 janvier 2099 Lundi 5 janvier 2099 Repas du jour 4,50 $" in page
    assert "Semaine 2" in page
    assert "Quantité : Soupe, 7 janvier 2099" in page
    assert source.count('name="choix-copier"') == 1
    assert all(f'name="choix-q-{option.id}"' in source for option in made.values())


def test_a_week_is_copied_on_the_next_without_a_script_and_without_a_judgement(client: HostClient) -> None:
    offering, made = meals()
    said = quantities((made["REP-mon1"], 2), (made["SOU-wed1"], 1), (made["SOU-mon2"], 3))

    response = a_guest(client).post(register_url(offering), {"choix-copier": f"{MONDAY}", "first_name": "John", **said})

    source = response.content.decode()
    assert response.status_code == 200
    assert "Il y a un problème" not in words(response)
    assert 'value="John"' in source
    copied = [name for name, option in made.items() if f'name="choix-q-{option.id}" value="2"' in source]
    assert copied == ["REP-mon1", "REP-mon2"]
    soups = [name for name, option in made.items() if f'name="choix-q-{option.id}" value="1"' in source]
    assert soups == ["SOU-wed1", "SOU-wed2"]
    assert f'name="choix-q-{made["SOU-mon2"].id}" value="3"' not in source
    assert held() == []


@pytest.mark.parametrize("week", ["", "demain", "2099-13-45", "1999-01-04"])
def test_a_week_that_is_none_is_copied_nowhere(client: HostClient, week: str) -> None:
    offering, made = meals()

    response = a_guest(client).post(
        register_url(offering), {"choix-copier": week, **CHILD, **GUEST, **quantities((made["REP-mon1"], 2))}
    )

    assert response.status_code in (200, 303)
    assert f'name="choix-q-{made["REP-mon2"].id}" value="2"' not in response.content.decode()


@pytest.mark.line("S3-25")
def test_what_was_chosen_for_each_day_is_held(client: HostClient) -> None:
    offering, made = meals()

    a_guest(client).post(
        register_url(offering), {**CHILD, **GUEST, **quantities((made["REP-mon1"], 2), (made["SOU-wed2"], 1))}
    )

    assert [(name, quantity) for _, name, quantity in held()] == [("2099-01-05", 2), ("2099-01-14", 1)]


@pytest.mark.parametrize(("typed", "taken"), [(1, []), (2, [2]), (0, [])])
def test_less_than_the_least_is_refused_by_name(client: HostClient, typed: int, taken: list[int]) -> None:
    offering = a_sale()
    syrup = an_option("Sirop", offering=offering, minimum_quantity=2, maximum_quantity=6)

    response = a_guest(client).post(register_url(offering), {**CHILD, **GUEST, **quantities((syrup, typed))})

    assert [quantity for _, _, quantity in held()] == taken
    assert ("Sirop : la quantité est de 2 au moins." in words(response)) == (typed == 1)


def a_gift(**columns: object) -> tuple[Offering, Option]:
    offering = an_offering("Le parc-école", nature="contribution", selection="quantities", **columns)
    return offering, an_option("Votre don", offering=offering, price=0, is_voluntary=True)


@pytest.mark.parametrize(
    ("typed", "cents"),
    [("10", 1000), ("5,50", 550), ("5.5 $", 550), ("1 000,00", 100_000), ("0,01", 1)],
)
def test_a_gift_is_what_one_writes(parent: Parent, typed: str, cents: int) -> None:
    offering, gift = a_gift()
    child = a_child("John", of=parent.guardian)

    parent.client.post(register_url(offering, child.id), {**CONTACT, f"choix-m-{gift.id}": typed})

    assert [line.unit_cents for line in Registration.objects.all()] == [cents]


@pytest.mark.parametrize(
    "typed", ["-1", "beaucoup", "1e9", "nan", "inf", "1e999999", "10 001", "0,001", "９９999999999999999", "\x00"]
)
def test_a_gift_that_is_no_amount_is_told_at_its_field(parent: Parent, typed: str) -> None:
    offering, gift = a_gift()
    child = a_child("John", of=parent.guardian)

    response = parent.client.post(register_url(offering, child.id), {**CONTACT, f"choix-m-{gift.id}": typed})

    assert response.status_code == 200
    assert f'href="#id_choix-m-{gift.id}"' in response.content.decode()
    assert held() == []


def test_an_empty_gift_is_asked_for_kindly_where_there_is_nothing_else(parent: Parent) -> None:
    offering, gift = a_gift()
    child = a_child("John", of=parent.guardian)

    response = parent.client.post(register_url(offering, child.id), {**CONTACT, f"choix-m-{gift.id}": ""})

    assert "Écrivez le montant que vous souhaitez verser. Rien ne vous y oblige." in words(response)
    assert f'id="id_choix-m-{gift.id}"' in response.content.decode()


@pytest.mark.parametrize(("typed", "lines"), [("", ["24 août"]), ("0", ["24 août"]), ("3", ["24 août", "Votre don"])])
def test_beside_an_outing_a_gift_is_never_in_the_way(parent: Parent, typed: str, lines: list[str]) -> None:
    outing = an_offering("Musée", selection="one")
    day = an_option("24 août", offering=outing)
    gift = an_option("Votre don", offering=outing, price=0, is_voluntary=True)
    child = a_child("John", of=parent.guardian)

    parent.client.post(
        register_url(outing, child.id), {**CONTACT, "choix-options": str(day.id), f"choix-m-{gift.id}": typed}
    )

    assert [name for _, name, _ in held()] == lines


def test_a_gift_that_is_held_shows_again_as_it_was_written(parent: Parent) -> None:
    offering, gift = a_gift()
    child = a_child("John", of=parent.guardian)
    parent.client.post(register_url(offering, child.id), {**CONTACT, f"choix-m-{gift.id}": "5,50"})

    assert 'value="5,50"' in parent.client.get(register_url(offering, child.id)).content.decode()


@pytest.mark.line("S3-04", "S3-05")
@pytest.mark.parametrize(("decision", "told"), [("yes", "C’est signé"), ("no", "Votre refus est enregistré")])
def test_an_authorization_alone_is_signed_and_holds_nothing(parent: Parent, decision: str, told: str) -> None:
    walk = an_offering("La marche", nature="consent", selection="one", consent_form=a_consent().form)
    child = a_child("John", of=parent.guardian)

    response = parent.client.post(
        register_url(walk, child.id), {**CONTACT, **YES, "autorisation-decision": decision}, follow=True
    )

    assert told in words(response)
    signed = Submission.objects.get()
    assert (signed.decision, signed.participant) == (decision, child)
    assert held() == []


def test_an_authorization_alone_is_not_given_without_a_signature(parent: Parent) -> None:
    walk = an_offering("La marche", nature="consent", selection="one", consent_form=a_consent().form)
    child = a_child("John", of=parent.guardian)

    response = parent.client.post(register_url(walk, child.id), CONTACT)

    assert "Il y a un problème" in words(response)
    assert not Submission.objects.exists()


@pytest.mark.line("S3-36")
@pytest.mark.parametrize("nature", ["consent", "activity"])
@pytest.mark.parametrize("decision", ["yes", "no"])
def test_an_answer_comes_too_late_once_the_deadline_has_passed_while_the_form_was_open(
    parent: Parent, nature: str, decision: str
) -> None:
    text = a_consent()
    walk = an_offering(nature=nature, consent_form=text.form, deadline_on=date(2026, 3, 3))
    child = a_child("John", of=parent.guardian)
    day = an_option(offering=walk) if (nature, decision) == ("activity", "yes") else None
    entry = registering.Entry(
        participant=child,
        identity=Identity(child.last_name, child.first_name),
        answers=Answers(),
        version=None,
        chosen=[registering.Chosen(day.id)] if day else [],
        contact_email="anne@famille.example",
        signature=registering.Signature(text, decision, "Anne Lapointe"),
    )
    last = clock.end_of_day(date(2026, 3, 3), TORONTO)

    def register(at: datetime) -> None:
        registering.register(offering_id=walk.id, visitor=parent.guardian, entry=entry, actor=SYSTEM, at=at)

    with pytest.raises(NotAllowed) as refused:
        register(last)

    assert [reason.code for reason in refused.value.reasons] == [Code.DEADLINE_PASSED]
    assert not Submission.objects.exists()
    register(last - timedelta(seconds=1))
    assert Submission.objects.get().decision == decision
