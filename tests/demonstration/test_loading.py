"""The demonstration: what its data say becomes an organisation that is always open."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.core.files.storage import default_storage

from shared_apps.accounts.models import User
from tenant_apps.catalog import pictures, windows
from tenant_apps.catalog import queries as catalog
from tenant_apps.catalog.cards import Availability, OfferingCard
from tenant_apps.catalog.eligibility import Eligibility
from tenant_apps.catalog.models import Category, Offering
from tenant_apps.demonstration import loading, people, reading
from tenant_apps.families import queries as families
from tenant_apps.families.models import Guardian
from tenant_apps.forms import building, definitions
from tenant_apps.forms import queries as forms
from tenant_apps.forms.models import FormVersion, Purpose, Submission
from tenant_apps.organisation import operations, queries
from tenant_apps.organisation.models import Level, Role, StaffMember
from tenant_apps.registrations.queries import places_left

NOVEMBER_2022 = datetime(2022, 11, 23, 12, tzinfo=UTC)
NOVEMBER_2026 = datetime(2026, 11, 21, 12, tzinfo=UTC)

pytestmark = pytest.mark.usefixtures("organisation_a")


def load(key: str, at: datetime) -> None:
    """Make the twin what the data say."""
    operations.apply_preset(key=key, name=key)
    loading.fill(key, at=at)


@pytest.mark.line("S1-31", "S1-35", "S1-39")
def test_the_letter_of_the_macaroni_wednesdays_is_that_of_the_guide() -> None:
    load("school_board_qc", NOVEMBER_2022)

    offering = catalog.offering("mercredis-macaroni", at=NOVEMBER_2022)
    assert [(option.name, option.description, option.price_cents) for option in offering.options.all()] == [
        ("11 janvier 2023", "MACARONI", 550),
        ("18 janvier 2023", "MACARONI", 550),
        ("25 janvier 2023", "MACARONI", 550),
    ]
    assert [option.starts_on for option in offering.options.all()] == [
        date(2023, 1, 11),
        date(2023, 1, 18),
        date(2023, 1, 25),
    ]
    assert offering.deadline_on == date(2022, 12, 16)
    assert "**aux MERCREDIS MACARONI À LA VIANDE** pour la période **JANVIER 2023**" in offering.presentation
    assert "**au plus tard le 16 DÉCEMBRE 2022**" in offering.presentation
    assert offering.refund_policy.startswith("Aucun remboursement individuel possible, ceci est une levée de fonds")


@pytest.mark.line("S1-41")
def test_the_biscuits_have_their_code_and_their_price() -> None:
    load("school_board_qc", NOVEMBER_2022)

    first = catalog.offering("biscuits-feuille-erable", at=NOVEMBER_2022).options.all()[0]
    assert (first.code, first.name, first.price_cents) == ("101", "Biscuits feuille d’érable", 100)


@pytest.mark.parametrize("key", reading.KEYS)
@pytest.mark.parametrize("as_of", ["2026-11-21", "2027-05-24", "2027-06-08", "2028-02-29"])
def test_on_any_day_much_is_open_and_something_is_to_come_full_and_closed(key: str, as_of: str) -> None:
    at = datetime.fromisoformat(f"{as_of}T12:00+00:00")
    load(key, at)

    cards = cards_at(at)
    found = [card.availability for card in cards]
    assert 8 <= len(cards) <= 20
    assert found.count(Availability.OPEN) >= 7
    assert {Availability.OPENS_LATER, Availability.FULL, Availability.CLOSED} < set(found)
    assert any(card.is_free and card.is_open for card in cards)


@pytest.mark.parametrize("key", reading.KEYS)
def test_no_option_ends_before_it_starts_or_closes_after_it_is_over(key: str) -> None:
    load(key, NOVEMBER_2026)

    for offering in Offering.objects.prefetch_related("options"):
        last = offering.ends_on or offering.starts_on
        assert last is None or offering.deadline_on is None or offering.deadline_on <= last, offering.slug
        for option in offering.options.all():
            assert option.ends_on is None or option.starts_on < option.ends_on, (offering.slug, option.name)


@pytest.mark.parametrize("key", reading.KEYS)
def test_no_text_keeps_a_placeholder_or_an_apostrophe_of_a_typewriter(key: str) -> None:
    load(key, NOVEMBER_2022)

    offerings = list(Offering.objects.prefetch_related("options"))
    texts = [
        offering.title + offering.presentation + offering.summary + offering.refund_policy for offering in offerings
    ]
    texts += [option.name + option.description for offering in offerings for option in offering.options.all()]
    texts += FormVersion.objects.filter(form__purpose=Purpose.CONSENT).values_list("text", flat=True)
    profile = queries.profile()
    texts += [profile.welcome, profile.help_text]
    assert [text for text in texts if "{" in text or "'" in text] == []


@pytest.mark.parametrize("key", reading.KEYS)
def test_every_offering_has_a_light_picture_that_is_described(key: str) -> None:
    load(key, NOVEMBER_2022)

    for offering in Offering.objects.all():
        assert default_storage.size(offering.picture) <= 25_000
        assert default_storage.size(pictures.small(offering.picture)) <= 15_000
        assert offering.picture_alt


@pytest.mark.parametrize("key", reading.KEYS)
def test_every_role_has_its_person(key: str) -> None:
    load(key, NOVEMBER_2022)

    assert sorted(StaffMember.objects.values_list("role", flat=True)) == sorted(Role.values)
    secretary = StaffMember.objects.get(role=Role.SECRETARY)
    assert secretary.establishments.count() == 1
    assert all(member.user.check_password(people.PASSWORD) for member in StaffMember.objects.select_related("user"))


@pytest.mark.parametrize("key", reading.KEYS)
def test_each_of_the_family_may_take_something_today(key: str) -> None:
    load(key, NOVEMBER_2026)
    zone = queries.profile().zone
    offerings = [card.offering for card in cards_at(NOVEMBER_2026) if card.is_open]

    participants = families.participants_of(family(key).id)
    assert len(participants) >= 2
    known = Eligibility.of(offerings, participants, guardian_id=family(key).id, at=NOVEMBER_2026, zone=zone)
    for participant in participants:
        allowed = [offering for offering in offerings if not known.of_offering(offering, participant)]
        assert len(allowed) >= 2, participant


@pytest.mark.parametrize("key", reading.KEYS)
def test_the_family_s_records_answer_the_questions_of_the_preset_and_no_others(key: str) -> None:
    load(key, NOVEMBER_2022)
    guardian, profile = family(key), forms.profile_form()
    records = FormVersion.objects.filter(form__purpose=Purpose.RECORD)
    asked = {each.key for version in (profile, *records) for each in questions_of(version)}

    for participant in families.participants_of(guardian.id):
        assert building.gaps(profile, building.initial_for(profile, participant, guardian)) == []
        assert {name.removesuffix(definitions.DETAILS) for name in participant.answers} <= asked
        signed = Submission.objects.filter(participant=participant).select_related("version")
        for version in {submission.version for submission in signed}:
            assert building.gaps(version, building.initial_for(version, participant, guardian)) == []


def questions_of(version: FormVersion) -> list[definitions.Question]:
    return list(definitions.questions(definitions.read(version.definition)))


@pytest.mark.parametrize(
    ("key", "form", "off"),
    [
        ("commune_be", "dossier", {"national_number"}),
        ("commune_be", "fiche-sante", {"health_fund", "blood_group", "social_media", "bus"}),
        ("city_qc", "fiche-sante", {"health_insurance"}),
        ("school_board_qc", "dossier", {"health_insurance", "health_insurance_until"}),
    ],
)
def test_what_needs_a_reason_or_a_choice_is_switched_off(key: str, form: str, off: set[str]) -> None:
    operations.apply_preset(key=key, name=key)
    definition = FormVersion.objects.get(form__key=form).definition

    every = {question.key for question in definitions.questions(definitions.read_all(definition))}
    asked = {question.key for question in definitions.questions(definitions.read(definition))}
    assert every - asked == off


@pytest.mark.parametrize("key", reading.KEYS)
def test_every_form_of_the_preset_can_be_shown(key: str) -> None:
    load(key, NOVEMBER_2022)

    for version in FormVersion.objects.exclude(form__purpose=Purpose.CONSENT):
        form = building.form_class(version, establishments=queries.establishments(), levels=queries.levels())()
        assert [section.title for section in form.sections if not section.title] == []
        assert [field.label for section in form.sections for field in section.fields if not field.label] == []


def test_loading_twice_is_loading_once() -> None:
    load("city_qc", NOVEMBER_2022)
    before = list(Offering.objects.order_by("slug").values())

    loading.fill("city_qc", at=NOVEMBER_2026)

    assert list(Offering.objects.order_by("slug").values()) == before
    assert StaffMember.objects.count() == len(Role.values)


def family(key: str) -> Guardian:
    guardian = families.guardian_of(User.objects.get(email=reading.data(key)["guardian"]["email"]))
    assert guardian is not None
    return guardian


def cards_at(at: datetime) -> list[OfferingCard]:
    zone: ZoneInfo = queries.profile().zone
    ids = [offering.id for offering in catalog.published(at=at)]
    return catalog.cards(ids, at=at, zone=zone, places_left=lambda options: places_left(options, at=at))


NATURES = {
    "school_board_qc": {"outing", "activity", "course", "camp", "meals", "fundraising", "consent", "contribution"},
    "city_qc": {"activity", "course", "camp", "membership", "consent", "contribution"},
    "school_board_on": {"outing", "activity", "course", "meals", "fundraising", "consent", "contribution"},
    "commune_be": {"activity", "camp", "meals", "membership", "consent", "contribution"},
}


@pytest.mark.parametrize("key", reading.KEYS)
def test_every_nature_that_it_would_have_is_shown_to_families(key: str) -> None:
    load(key, NOVEMBER_2026)

    assert {card.offering.nature for card in cards_at(NOVEMBER_2026)} == NATURES[key]


@pytest.mark.parametrize("key", reading.KEYS)
def test_there_is_a_draft_one_to_come_and_one_put_away(key: str) -> None:
    load(key, NOVEMBER_2026)

    every = list(Offering.objects.values_list("status", "publishes_at"))
    assert sorted(status for status, _ in every if status != "published") == ["archived", "draft"]
    assert [moment > NOVEMBER_2026 for _, moment in every if moment] == [True]


@pytest.mark.parametrize("key", ["city_qc", "commune_be"])
def test_residents_register_before_the_others(key: str) -> None:
    load(key, NOVEMBER_2026)

    first, then = windows.windows_of(next(each for each in Offering.objects.all() if each.windows))
    assert (list(first.rules), list(then.rules)) == ([{"kind": "residence", "category": "resident"}], [])
    assert first.opens_at < then.opens_at


def test_a_course_meets_once_a_week_and_is_said_in_the_other_language() -> None:
    load("city_qc", NOVEMBER_2026)

    group = Offering.objects.get(slug="yoga-du-mardi").options.first()
    assert group is not None
    assert [(each["from"], each["to"]) for each in group.meetings] == [("18:30", "19:45")] * 12
    assert {date.fromisoformat(each["on"]).weekday() for each in group.meetings} == {1}


def test_a_meal_is_known_by_its_day_in_each_language() -> None:
    load("commune_be", NOVEMBER_2026)

    meal = Offering.objects.get(slug="repas-chauds").options.first()
    assert meal is not None
    assert (meal.shown("name", "fr"), meal.shown("name", "nl")) == ("4 janvier 2027", "4 januari 2027")
    assert (meal.shown("description", "fr"), meal.shown("description", "nl")) == ("Repas du jour", "Dagschotel")


def test_levels_and_categories_are_said_in_the_languages_of_the_organisation() -> None:
    operations.apply_preset(key="commune_be", name="commune_be")

    assert Level.objects.get(code="p3").shown("name", "nl") == "3e leerjaar"
    assert Category.objects.get(slug="plaines").shown("name", "en") == "Holiday camps"
