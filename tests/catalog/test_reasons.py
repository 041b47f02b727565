"""Whether something can be taken, to the last instant of local time."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tenant_apps.catalog import timing
from tenant_apps.catalog.eligibility import Eligibility
from tenant_apps.catalog.models import Offering, Option, Status
from tenant_apps.catalog.reasons import Code, Reason
from tenant_apps.catalog.timing import in_time, of_option, options_in_time
from tenant_apps.families.models import Participant
from tenants.models import Organisation
from tests.factories.catalog import an_offering, an_option
from tests.factories.families import a_child
from tests.factories.moments import BRUSSELS, NOON, TORONTO
from tests.factories.organisation import a_level, an_establishment, an_organisation_profile


@pytest.fixture(autouse=True)
def profile(organisation_a: Organisation) -> None:
    an_organisation_profile()


LAST_INSTANT = timedelta(microseconds=1)


def why_not(offering: Offering, *, participant: Participant | None, at: datetime, zone: ZoneInfo) -> list[Reason]:
    known = Eligibility.of([offering], [participant] if participant else [], guardian_id=None, at=at, zone=zone)
    return known.of_offering(offering, participant)


def codes(offering: Offering, at: datetime, participant: Participant | None = None) -> list[Code]:
    return [reason.code for reason in why_not(offering, participant=participant, at=at, zone=TORONTO)]


def test_the_deadline_day_counts_to_its_last_instant() -> None:
    offering = an_offering(deadline_on=date(2022, 12, 16))
    midnight = datetime(2022, 12, 17, 5, 0, tzinfo=UTC)  # 00:00 in Toronto, in winter

    assert codes(offering, midnight - LAST_INSTANT) == []
    assert codes(offering, midnight) == [Code.DEADLINE_PASSED]


def test_the_day_on_which_clocks_go_back_has_twenty_five_hours() -> None:
    offering = an_offering(deadline_on=date(2026, 11, 1))
    its_end = datetime(2026, 11, 2, 5, 0, tzinfo=UTC)

    assert codes(offering, its_end - LAST_INSTANT) == []
    assert codes(offering, its_end) == [Code.DEADLINE_PASSED]


def test_the_day_on_which_clocks_go_forward_has_twenty_three_hours() -> None:
    offering = an_offering(deadline_on=date(2026, 3, 8))
    its_end = datetime(2026, 3, 9, 4, 0, tzinfo=UTC)

    assert codes(offering, its_end - LAST_INSTANT) == []
    assert codes(offering, its_end) == [Code.DEADLINE_PASSED]


def test_a_deadline_is_of_the_place_where_the_organisation_is() -> None:
    offering = an_offering(deadline_on=date(2026, 6, 1))
    evening_in_toronto = datetime(2026, 6, 1, 23, 0, tzinfo=UTC)

    assert why_not(offering, participant=None, at=evening_in_toronto, zone=TORONTO) == []
    late = why_not(offering, participant=None, at=evening_in_toronto, zone=BRUSSELS)
    assert [reason.code for reason in late] == [Code.DEADLINE_PASSED]


def test_an_activity_may_close_on_the_day_it_takes_place() -> None:
    offering = an_offering(starts_on=date(2022, 8, 24), deadline_on=date(2022, 8, 24))

    assert codes(offering, datetime(2022, 8, 25, 3, 59, tzinfo=UTC)) == []


def test_without_a_deadline_the_last_day_is_one() -> None:
    offering = an_offering(starts_on=date(2022, 8, 24), ends_on=date(2022, 8, 26))

    assert codes(offering, datetime(2022, 8, 27, 3, 59, tzinfo=UTC)) == []
    assert codes(offering, datetime(2022, 8, 27, 4, 0, tzinfo=UTC)) == [Code.OVER]


def test_it_opens_at_the_moment_said() -> None:
    offering = an_offering(opens_at=NOON)

    assert codes(offering, NOON - LAST_INSTANT) == [Code.NOT_OPEN_YET]
    assert codes(offering, NOON) == []


def test_the_reason_says_when_it_opens_in_local_time() -> None:
    offering = an_offering(opens_at=datetime(2026, 3, 12, 22, 0, tzinfo=UTC))

    [reason] = why_not(offering, participant=None, at=datetime(2026, 3, 1, tzinfo=UTC), zone=TORONTO)

    assert reason.message == "Les inscriptions ouvrent le jeudi 12 mars 2026 à 18\u00a0h."


def test_the_reason_says_which_deadline_passed() -> None:
    offering = an_offering(deadline_on=date(2022, 12, 16))

    [reason] = why_not(offering, participant=None, at=NOON, zone=TORONTO)

    assert reason.message == "La date limite, le vendredi 16 décembre 2022, est passée."


def test_a_draft_cannot_be_taken() -> None:
    assert codes(an_offering(status=Status.DRAFT), NOON) == [Code.NOT_PUBLISHED]


def test_a_level_that_is_not_named_is_refused_with_those_that_are() -> None:
    sixth, second = a_level("6e année"), a_level("2e année")
    offering = an_offering(levels=[sixth])

    assert codes(offering, NOON, participant=a_child("Ada", level=sixth)) == []
    [reason] = why_not(offering, participant=a_child("Bo", level=second), at=NOON, zone=TORONTO)
    assert reason.message == "Cette activité est réservée à\u202f: 6e année."


def test_an_unknown_level_is_asked_for_rather_than_guessed() -> None:
    offering = an_offering(levels=[a_level()])

    [reason] = why_not(offering, participant=a_child("Ada"), at=NOON, zone=TORONTO)

    assert reason.message == "Ada\u202f: «\u202fNiveau scolaire\u202f» manque au dossier."


def test_another_school_is_refused_by_name() -> None:
    dome, other = an_establishment("École du Dôme"), an_establishment("École Neuve")
    offering = an_offering(establishments=[dome, other])

    [reason] = why_not(offering, participant=a_child(establishment=an_establishment()), at=NOON, zone=TORONTO)

    assert reason.message == "Cette activité est réservée à\u202f: École du Dôme et École Neuve."


def test_every_reason_is_given_at_once() -> None:
    offering = an_offering(levels=[a_level()], establishments=[an_establishment()], deadline_on=date(2022, 12, 16))
    child = a_child(level=a_level(), establishment=an_establishment())

    assert codes(offering, NOON, participant=child) == [
        Code.DEADLINE_PASSED,
        Code.WRONG_LEVEL,
        Code.WRONG_ESTABLISHMENT,
    ]


def test_one_week_may_be_over_while_the_others_go_on() -> None:
    week = an_option(starts_on=date(2026, 7, 6), ends_on=date(2026, 7, 10))

    assert of_option(week, at=datetime(2026, 7, 11, 3, 59, tzinfo=UTC), zone=TORONTO) == []
    [reason] = of_option(week, at=datetime(2026, 7, 11, 4, 0, tzinfo=UTC), zone=TORONTO)
    assert reason.code == Code.OVER


def test_an_unknown_school_is_asked_for_as_well() -> None:
    offering = an_offering(establishments=[an_establishment()])

    [reason] = why_not(offering, participant=a_child("Ada"), at=NOON, zone=TORONTO)
    assert reason.message == "Ada\u202f: «\u202fÉcole\u202f» manque au dossier."


def test_what_is_missing_is_named_as_the_organisation_names_it() -> None:
    an_organisation_profile(rules={"labels": {"establishment": {"fr": "Lieu", "en": "Venue"}, "level": "Groupe d’âge"}})
    camp = an_offering(establishments=[an_establishment()], levels=[a_level()])

    found = why_not(camp, participant=a_child("Ada"), at=NOON, zone=TORONTO)

    assert [reason.message for reason in found] == [
        "Ada\u202f: «\u202fGroupe d’âge\u202f» manque au dossier.",
        "Ada\u202f: «\u202fLieu\u202f» manque au dossier.",
    ]


def test_a_venue_is_no_condition() -> None:
    offering = an_offering(establishments=[an_establishment()], reserved_to_establishments=False)

    assert codes(offering, NOON, participant=a_child("Ada")) == []
    assert codes(offering, NOON, participant=a_child("Bo", establishment=an_establishment())) == []


DAY = timedelta(days=1)
WEDNESDAY = NOON.astimezone(TORONTO).date()


@pytest.mark.parametrize(
    "columns",
    [
        {},
        {"status": Status.DRAFT},
        {"opens_at": NOON},
        {"opens_at": NOON + LAST_INSTANT},
        {"deadline_on": WEDNESDAY},
        {"deadline_on": WEDNESDAY - DAY},
        {"starts_on": WEDNESDAY},
        {"starts_on": WEDNESDAY - DAY},
        {"starts_on": WEDNESDAY - DAY, "ends_on": WEDNESDAY},
        {"starts_on": WEDNESDAY - DAY, "ends_on": WEDNESDAY - DAY},
        {"ends_on": WEDNESDAY - DAY},
    ],
)
def test_the_database_judges_the_moment_as_the_page_does(columns: dict[str, object]) -> None:
    offering = an_offering(**columns)

    found = Offering.objects.filter(in_time(at=NOON, zone=TORONTO)).exists()

    assert found == (timing.of_offering(offering, at=NOON, zone=TORONTO) == [])


@pytest.mark.parametrize(
    ("starts_on", "ends_on"),
    [
        (None, None),
        (WEDNESDAY, None),
        (WEDNESDAY - DAY, None),
        (WEDNESDAY - DAY, WEDNESDAY),
        (WEDNESDAY - DAY, WEDNESDAY - DAY),
        (None, WEDNESDAY - DAY),
    ],
)
def test_the_database_judges_an_option_as_the_page_does(starts_on: date | None, ends_on: date | None) -> None:
    option = an_option(starts_on=starts_on, ends_on=ends_on)

    found = Option.objects.filter(options_in_time(at=NOON, zone=TORONTO)).exists()

    assert found == (of_option(option, at=NOON, zone=TORONTO) == [])
