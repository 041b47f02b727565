"""« Tester comme une famille »: the families' own answers and prices, for a child real or made up; nothing is kept."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kernel import clock
from tenant_apps.catalog.models import Offering, Status
from tenant_apps.families.models import Participant, PriceCategory
from tenant_apps.office.catalogue.trial_results import Tried, tried
from tenant_apps.office.scope import FAMILIES, FAMILIES_CHANGE
from tenant_apps.organisation import operations as organisation
from tenant_apps.organisation.models import Role
from tenant_apps.registrations.pricing import quotes_for
from tests.clients import HostClient
from tests.factories.catalog import an_offering, an_option
from tests.factories.families import a_child, a_guardian
from tests.factories.moments import TORONTO
from tests.factories.organisation import a_level, an_establishment
from tests.office.conftest import SignIn
from tests.portal.people import words

pytestmark = pytest.mark.django_db
CATALOGUE = "/gestion/catalogue/essai"
PRICES = {
    "residence": {"postal_codes": ["G1R*"]},
    "families": [{"key": "fratrie", "label": "Fratrie", "discounts": ["0", "10"]}],
    "taxes": [{"code": "tps", "label": "TPS", "rate": "5", "classes": ["goods"]}],
    "income_bands": [{"key": "a", "label": "Moins de 30 000 $"}],
    "subsidies": [{"key": "loisirs", "label": "Accès-Loisirs"}],
}


@pytest.fixture(autouse=True)
def _prices(profile: Any) -> None:
    organisation.describe(rules={"prices": PRICES})


def path(offering: Offering) -> str:
    return f"/gestion/activites/{offering.slug}/essai"


def ask(client: HostClient, offering: Offering, **said: Any) -> Tried:
    answer = client.get(path(offering), {"made_up": "1", **said})
    assert answer.status_code == 200
    [found] = answer.context["tried"]
    return found


def codes(found: Tried) -> list[str]:
    return [*(str(reason.code) for reason in found.reasons), *(str(each.code) for each in found.options[0].reasons)]


def rows() -> dict[str, int]:
    """How many there are of everything that an organisation keeps."""
    return {model._meta.label: model._base_manager.count() for model in _models()}


def _models() -> Iterator[Any]:
    rooms = ("catalog", "families", "forms", "registrations", "entitlements", "orders", "audit", "outbox")
    yield from (model for room in rooms for model in apps.get_app_config(room).get_models())


def a_swim(**columns: Any) -> Offering:
    offering = an_offering("Natation", **columns)
    an_option("Groupe 1", offering=offering, price=10000, places=5)
    return offering


@pytest.mark.parametrize("role", list(Role))
def test_it_is_for_those_who_know_the_families(as_staff: SignIn, role: str) -> None:
    swim, client = a_swim(), as_staff(role)

    for address in (path(swim), CATALOGUE):
        assert client.get(address).status_code == (200 if role in FAMILIES else 403)


def test_a_made_up_child_is_judged_by_age_level_and_establishment(as_staff: SignIn) -> None:
    level, school = a_level("1re année"), an_establishment("École du Dôme")
    swim = a_swim(
        levels=[level],
        establishments=[school],
        reserved_to_establishments=True,
        requirements=[{"kind": "age", "min": 6, "unit": "year", "on": "today"}],
    )
    client = as_staff(Role.OWNER)

    assert codes(ask(client, swim)) == ["level_unknown", "establishment_unknown", "birth_date_unknown"]
    said = {"level": level.code, "establishment": school.code}
    assert codes(ask(client, swim, age="5", **said)) == ["too_young"]
    found = ask(client, swim, age="6", **said)
    assert (codes(found), found.may) == ([], True)


def test_the_price_has_every_step_of_the_family_s(as_staff: SignIn) -> None:
    rules = [{"kind": "residence", "residence": PriceCategory.NON_RESIDENT, "percent": "50"}]
    swim = a_swim(pricing={"rules": rules, "family": "fratrie", "tax": "goods"})
    client = as_staff(Role.OWNER)

    def price(**said: Any) -> tuple[list[tuple[str, int]], int]:
        [option] = ask(client, swim, **said).options
        return [(step.kind, step.cents) for step in option.quote.steps], option.quote.amount_cents

    assert price(postal_code="G1R 2B5") == ([("base", 10000), ("tax", 500)], 10500)
    assert price(postal_code="H2X 1A1") == ([("base", 10000), ("residence", 5000), ("tax", 750)], 15750)
    assert price(residence=PriceCategory.NON_RESIDENT) == price(postal_code="H2X 1A1")
    assert price(postal_code="G1R 2B5", siblings="1") == ([("base", 10000), ("family", -1000), ("tax", 450)], 9450)


def test_what_was_granted_lowers_the_price(as_staff: SignIn) -> None:
    rules = [
        {"kind": "income", "band": "a", "percent": "-20"},
        {"kind": "subsidy", "subsidy": "loisirs", "percent": "-50"},
    ]
    swim, client = a_swim(pricing={"rules": rules}), as_staff(Role.OWNER)

    [plain] = ask(client, swim).options
    [granted] = ask(client, swim, income_band="a", subsidies=["loisirs"]).options

    assert plain.quote.amount_cents == 10000
    assert [step.kind for step in granted.quote.steps] == ["base", "income", "subsidy"]
    assert granted.quote.amount_cents < plain.quote.amount_cents


def test_a_member_a_record_and_an_approval_are_taken_as_said(as_staff: SignIn) -> None:
    club = an_offering("Club", nature="membership")
    an_option("Carte", offering=club)
    swim = a_swim(requirements=[{"kind": "membership", "offering": club.slug}, {"kind": "approval"}])
    client = as_staff(Role.OWNER)

    assert codes(ask(client, swim)) == ["approval_needed", "not_member"]
    assert codes(ask(client, swim, member="on")) == ["approval_needed"]
    assert codes(ask(client, swim, member="on", approved="on")) == []


def test_the_moment_is_chosen(as_staff: SignIn) -> None:
    swim = a_swim(opens_at=datetime(2099, 3, 1, 18, tzinfo=TORONTO))
    client = as_staff(Role.OWNER)

    assert codes(ask(client, swim, at="2099-03-01T17:59")) == ["not_open_yet"]
    assert codes(ask(client, swim, at="2099-03-01T18:00")) == []
    page = client.get(path(swim), {"made_up": "1", "at": "demain"})
    assert (page.status_code, list(page.context["made_up"].errors)) == (422, ["at"])


def test_nothing_of_a_trial_is_kept(as_staff: SignIn) -> None:
    club = an_offering("Club", nature="membership")
    an_option("Carte", offering=club)
    swim = a_swim(
        status=Status.DRAFT,
        pricing={"family": "fratrie"},
        requirements=[{"kind": "membership", "offering": club.slug}],
    )
    client = as_staff(Role.OWNER)
    before = rows()

    said = {"member": "on", "siblings": "2", "postal_code": "G1R 2B5", "income_band": "a", "subsidies": ["loisirs"]}
    found = ask(client, swim, **said)

    assert found.may
    assert rows() == before
    swim.refresh_from_db()
    assert swim.status == Status.DRAFT


def test_a_real_child_has_the_family_s_own_answer_and_price(as_staff: SignIn) -> None:
    mother = a_guardian(first_name="Marie")
    ada = a_child("Ada", of=mother)
    swim = a_swim(pricing={"tax": "goods"})
    client = as_staff(Role.OWNER)

    page = client.get(path(swim), {"q": "lapointe ada"})
    assert "Lapointe Ada, par Lapointe Marie" in words(page)
    answer = client.get(path(swim), {"child": ada.pk, "guardian": mother.pk})

    [found] = answer.context["tried"]
    [option] = swim.options.all()
    assert found.options[0].quote == quotes_for(mother.pk, [(ada, option, 1, None)], at=clock.now())[0]
    assert "Pourquoi ce prix ?" in words(answer)


def test_another_school_s_child_is_not_found(as_staff: SignIn) -> None:
    ours, theirs = an_establishment(), an_establishment()
    mother = a_guardian()
    ada = a_child("Ada", of=mother, establishment=theirs)
    swim, secretary = a_swim(), as_staff(Role.SECRETARY, ours)
    said = {"child": str(ada.pk), "guardian": str(mother.pk)}

    assert secretary.get(path(swim), said).status_code == 404
    assert secretary.get(path(swim), {**said, "guardian": str(a_guardian().pk)}).status_code == 404
    assert secretary.get(path(swim), {**said, "child": "nonsense"}).status_code == 404
    assert "Aucun enfant que vous connaissez" in words(secretary.get(path(swim), {"q": "ada"}))
    assert secretary.get(path(a_swim(establishments=[theirs]))).status_code == 404


def test_a_removed_child_is_not_found_by_an_old_address(as_staff: SignIn) -> None:
    mother, swim, owner = a_guardian(), a_swim(), as_staff(Role.OWNER)
    ada = a_child("Ada", of=mother, establishment=an_establishment())
    said = {"child": str(ada.pk), "guardian": str(mother.pk)}
    assert owner.get(path(swim), said).status_code == 200

    Participant.objects.update(removed_at=clock.now())

    assert owner.get(path(swim), said).status_code == 404


@pytest.mark.parametrize("role", FAMILIES)
def test_who_decides_nothing_is_not_told_why_less_is_paid(as_staff: SignIn, role: str) -> None:
    swim = a_swim(pricing={"rules": [{"kind": "income", "band": "a", "percent": "-20"}]})
    page = words(as_staff(role).get(path(swim), {"made_up": "1", "income_band": "a"}))

    assert ("Aide accordée à la famille" in page) is (role not in FAMILIES_CHANGE)


def test_the_catalogue_is_tried_as_families_would_see_it(as_staff: SignIn) -> None:
    a_swim()
    an_option("Groupe", offering=an_offering("Brouillon", status=Status.DRAFT))
    later = an_offering("Plus tard", publishes_at=clock.now() + timedelta(days=30))
    an_option("Groupe", offering=later)
    client = as_staff(Role.AUDITOR)

    def titles(**said: Any) -> list[str]:
        page = client.get(CATALOGUE, {"made_up": "1", **said})
        return sorted(each.offering.title for each in page.context["tried"])

    assert titles() == ["Natation"]
    assert titles(at=f"{date.today() + timedelta(days=60)}T10:00") == ["Natation", "Plus tard"]  # noqa: DTZ011


def test_an_answer_takes_as_many_questions_for_three_as_for_one() -> None:
    mother = a_guardian()
    ada = a_child("Ada", of=mother)

    def count() -> int:
        offerings = list(Offering.objects.all())
        with CaptureQueriesContext(connection) as queries:
            tried(offerings, ada, guardian_id=mother.pk, at=clock.now(), zone=TORONTO)
        return len(queries)

    a_swim(pricing={"family": "fratrie"}, levels=[a_level()])
    one = count()
    for _ in range(2):
        a_swim(pricing={"family": "fratrie"}, levels=[a_level()])

    assert count() == one


@pytest.mark.parametrize("moment", ["9999-12-31T23:59", "0001-01-01T00:00"])
def test_no_moment_is_past_the_end_of_the_calendar(as_staff: SignIn, moment: str) -> None:
    said = {"made_up": "1", "age": "5", "at": moment}
    assert as_staff(Role.OWNER).get(path(a_swim()), said).status_code == 422
