"""The demonstration: what its data say becomes an organisation that is always open."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.core.files.storage import default_storage

from shared_apps.accounts.models import User
from tenant_apps.catalog import queries as catalog
from tenant_apps.catalog.cards import Availability, OfferingCard
from tenant_apps.catalog.filters import Filters
from tenant_apps.catalog.models import Offering
from tenant_apps.demonstration import loading, people, reading
from tenant_apps.families import queries as families
from tenant_apps.forms import building, definitions
from tenant_apps.forms import queries as forms
from tenant_apps.organisation import queries as organisation
from tenant_apps.organisation.models import Role, StaffMember
from tenant_apps.registrations.queries import places_left
from tenants.context import in_organisation

NOVEMBER_2022 = datetime(2022, 11, 23, 12, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def password() -> str:
    return people.hashed_password()


def test_the_letter_of_the_macaroni_wednesdays_is_that_of_the_guide(password: str) -> None:
    with in_organisation(loading.ensure("school_board_qc")):
        loading.fill("school_board_qc", password=password, at=NOVEMBER_2022)
        offering = catalog.offering("mercredis-macaroni")

    assert [(option.name, option.description, option.price_cents) for option in offering.options.all()] == [
        ("11 janvier 2023", "MACARONI", 550),
        ("18 janvier 2023", "MACARONI", 550),
        ("25 janvier 2023", "MACARONI", 550),
    ]
    assert offering.deadline_on == date(2022, 12, 16)
    assert "**aux MERCREDIS MACARONI À LA VIANDE** pour la période **JANVIER 2023**" in offering.presentation
    assert "**au plus tard le 16 DÉCEMBRE 2022**" in offering.presentation
    assert offering.refund_policy.startswith("Aucun remboursement individuel possible, ceci est une levée de fonds")


@pytest.mark.parametrize("key", reading.KEYS)
@pytest.mark.parametrize("as_of", ["2026-11-21", "2027-03-01", "2027-06-08", "2027-08-31", "2028-02-29"])
def test_on_any_day_it_has_something_open_something_to_come_something_full_and_something_closed(
    key: str, as_of: str, password: str
) -> None:
    at = datetime.combine(date.fromisoformat(as_of), datetime.min.time(), tzinfo=UTC).replace(hour=12)
    with in_organisation(loading.ensure(key)):
        loading.fill(key, password=password, at=at)
        cards = _cards(organisation.profile().zone, at)

    found = [card.availability for card in cards]
    assert found.count(Availability.OPEN) >= 7
    assert {Availability.OPENS_LATER, Availability.FULL, Availability.CLOSED} < set(found)
    assert any(card.is_free and card.is_open for card in cards)
    assert 8 <= len(cards) <= 14


@pytest.mark.parametrize("key", reading.KEYS)
def test_no_text_keeps_a_placeholder_and_every_picture_is_there(key: str, password: str) -> None:
    with in_organisation(loading.ensure(key)):
        loading.fill(key, password=password, at=NOVEMBER_2022)
        offerings = list(Offering.objects.prefetch_related("options"))
        pictures = {offering.picture for offering in offerings}
        texts = [text for offering in offerings for text in (offering.presentation, offering.summary)]
        texts += [option.name + option.description for offering in offerings for option in offering.options.all()]

        assert [text for text in texts if "{" in text] == []
        assert all(default_storage.size(picture) <= 25_000 for picture in pictures)
        assert all(offering.picture_alt for offering in offerings)


@pytest.mark.parametrize("key", reading.KEYS)
def test_every_role_has_its_person_and_the_family_may_take_something(key: str, password: str) -> None:
    at = datetime(2026, 11, 21, 12, tzinfo=UTC)
    with in_organisation(loading.ensure(key)):
        loading.fill(key, password=password, at=at)
        zone = organisation.profile().zone
        user = User.objects.get(email=reading.data(key)["guardian"]["email"])
        guardian = families.guardian_of(user)
        assert guardian is not None
        participants = families.participants_of(guardian.id)
        open_to = {
            participant.first_name: sum(
                card.is_open and not why_not_list(card.offering, participant, at, zone) for card in _cards(zone, at)
            )
            for participant in participants
        }

        assert sorted(StaffMember.objects.values_list("role", flat=True)) == sorted(Role.values)
        assert user.check_password(people.PASSWORD)
        assert len(participants) >= 2
        assert min(open_to.values()) >= 2


def why_not_list(offering: Offering, participant: object, at: datetime, zone: ZoneInfo) -> list[object]:
    from tenant_apps.catalog.reasons import why_not

    return list(why_not(offering, participant=participant, at=at, zone=zone))  # type: ignore[arg-type]


@pytest.mark.parametrize("key", reading.KEYS)
def test_the_family_s_records_answer_the_forms_of_the_preset(key: str, password: str) -> None:
    with in_organisation(loading.ensure(key)):
        loading.fill(key, password=password, at=NOVEMBER_2022)
        guardian = families.guardian_of(User.objects.get(email=reading.data(key)["guardian"]["email"]))
        assert guardian is not None
        version = forms.profile_form()
        form_class = building.form_class(
            version, establishments=organisation.establishments(), levels=organisation.levels()
        )
        for participant in families.participants_of(guardian.id):
            form = form_class(building.initial_for(version, participant, guardian))
            assert form.errors == {}
            asked = {question.key for question in definitions.questions(definitions.read(version.definition))}
            answered = {name.removesuffix(building.DETAILS) for name in participant.answers}
            assert answered <= asked


def test_loading_twice_is_loading_once(password: str) -> None:
    with in_organisation(loading.ensure("city_qc")):
        loading.fill("city_qc", password=password, at=NOVEMBER_2022)
        before = list(Offering.objects.order_by("slug").values())
        loading.fill("city_qc", password="another", at=datetime(2026, 11, 21, tzinfo=UTC))

        assert list(Offering.objects.order_by("slug").values()) == before
        assert StaffMember.objects.count() == len(Role.values)


def _cards(zone: ZoneInfo, at: datetime) -> list[OfferingCard]:
    return catalog.catalogue(Filters(), at, zone, lambda ids: places_left(ids, at=at))
