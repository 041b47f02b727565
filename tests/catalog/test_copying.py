"""Copies of offerings: what they keep, how their dates move, and that a season is copied once."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from shared_apps.audit.actors import SYSTEM
from shared_apps.audit.models import Entry
from tenant_apps.catalog import places
from tenant_apps.catalog.models import Nature, Offering, Season, Status
from tenant_apps.catalog.moving import Move
from tenant_apps.catalog.operations import copying
from tenant_apps.catalog.operations.copying import Renaming
from tenant_apps.openings.models import Opening
from tenant_apps.registrations import quotas
from tenant_apps.registrations.models import Places
from tests.factories.catalog import an_offering, an_option
from tests.factories.moments import NOON, TORONTO
from tests.factories.organisation import a_level, an_establishment, an_organisation_profile
from tests.factories.registrations import a_hold

pytestmark = pytest.mark.usefixtures("organisation_a")
SUMMER = {"starts_on": date(2026, 6, 29), "ends_on": date(2026, 8, 21)}
NEXT_SUMMER = {"starts_on": date(2027, 6, 28), "ends_on": date(2027, 8, 20)}


@pytest.fixture(autouse=True)
def _profile(organisation_a: Any) -> None:
    an_organisation_profile()


def a_camp(season: Season | None = None, **columns: Any) -> Offering:
    camp = an_offering(
        "Camp 2026",
        nature=Nature.CAMP,
        season=season,
        starts_on=date(2026, 6, 29),
        ends_on=date(2026, 7, 10),
        deadline_on=date(2026, 6, 19),
        # 18:00 in Toronto, in daylight saving time.
        opens_at=datetime(2026, 4, 1, 22, 0, tzinfo=UTC),
        publishes_at=NOON,
        summary="Deux semaines.",
        **columns,
    )
    an_option("Semaine 1", offering=camp, places=20, starts_on=date(2026, 6, 29), ends_on=date(2026, 7, 3), code="S1")
    an_option("Semaine 2", offering=camp, starts_on=date(2026, 7, 6), ends_on=date(2026, 7, 10), price=9000)
    an_option("Retirée", offering=camp, is_offered=False)
    return camp


def clone(season: Season, **more: Any) -> tuple[Season, list[Offering]]:
    told = {"name": "Été 2027", **NEXT_SUMMER, "renaming": Renaming(), "zone": TORONTO, **more}
    return copying.clone_season(season_id=season.id, actor=SYSTEM, at=NOON, **told)


def test_a_copy_is_a_draft_with_the_options_places_and_rules_of_the_original() -> None:
    school, level = an_establishment(), a_level()
    rules = [{"kind": "age", "min": 6, "on": "day", "day": "2026-09-30"}]
    camp = a_camp(levels=[level], establishments=[school], pricing={"family": "fratrie"}, tags=["été"])
    Offering.objects.filter(pk=camp.pk).update(requirements=rules)

    copy = copying.duplicate(offering_id=camp.id, title="Camp d’automne", move=Move(70, TORONTO), actor=SYSTEM, at=NOON)

    copy.refresh_from_db()
    assert (copy.title, copy.slug, copy.status, copy.publishes_at) == ("Camp d’automne", "camp-dautomne", "draft", None)
    assert (copy.starts_on, copy.ends_on, copy.deadline_on) == (
        date(2026, 9, 7),
        date(2026, 9, 18),
        date(2026, 8, 28),
    )
    assert (copy.payee, copy.pricing, copy.tags, copy.summary) == (
        camp.payee,
        {"family": "fratrie"},
        ["été"],
        "Deux semaines.",
    )
    assert (list(copy.establishments.all()), list(copy.levels.all())) == ([school], [level])
    assert copy.requirements == [{"kind": "age", "min": 6, "on": "day", "day": "2026-12-09"}]
    made = list(copy.options.all())
    assert [(each.name, each.code, each.price_cents, each.starts_on) for each in made] == [
        ("Semaine 1", "S1", 550, date(2026, 9, 7)),
        ("Semaine 2", "", 9000, date(2026, 9, 14)),
    ]
    assert [places.of([each.id])[each.id] for each in made] == [20, None]
    [entry] = Entry.objects.filter(action="offering.copied")
    assert (entry.subject_id, entry.details["from"]) == (copy.id, str(camp.id))
    camp.refresh_from_db()
    assert (camp.status, camp.options.count()) == (Status.PUBLISHED, 3)


def test_a_season_moves_by_whole_weeks_and_keeps_hours_and_dates_of_age() -> None:
    season = Season.objects.create(name="Été 2026", **SUMMER)
    window = {
        "name": "Résidents",
        "for": [{"kind": "age", "on": "day", "day": "2026-09-30"}],
        "opens_at": "2026-03-02T18:00:00-05:00",
    }
    camp = a_camp(season, windows=[{**window, "closes_at": None}])

    into, [copy] = clone(season, renaming=Renaming("2026", "2027"))

    copy.refresh_from_db()
    assert (into.name, copy.season, copy.title) == ("Été 2027", into, "Camp 2027")
    assert copy.starts_on == date(2027, 6, 28)
    assert copy.starts_on.weekday() == camp.starts_on.weekday()
    assert copy.opens_at == datetime(2027, 3, 31, 22, 0, tzinfo=UTC)
    [moved] = copy.windows
    assert datetime.fromisoformat(moved["opens_at"]) == datetime(2027, 3, 1, 23, 0, tzinfo=UTC)
    assert (moved["for"], moved["closes_at"]) == ([{"kind": "age", "on": "day", "day": "2027-09-30"}], None)


def test_an_hour_stays_the_same_on_the_wall_across_a_change_of_time() -> None:
    move = Move(14, TORONTO)

    before = datetime(2026, 10, 25, 18, 0, tzinfo=TORONTO)
    moved = move.moment(before.astimezone(UTC))

    assert moved is not None
    assert (moved.isoformat(), moved - before) == ("2026-11-08T18:00:00-05:00", timedelta(days=14))
    assert moved.astimezone(UTC) - before.astimezone(UTC) == timedelta(days=14, hours=1)


def test_a_day_that_the_year_has_not_becomes_the_one_before() -> None:
    rule = [{"kind": "age", "on": "day", "day": "2028-02-29"}]

    assert Move(364, TORONTO).rules(rule) == [{"kind": "age", "on": "day", "day": "2029-02-28"}]
    assert Move(7, TORONTO).rules(rule) == [{"kind": "age", "on": "day", "day": "2028-03-07"}]


def test_a_rule_that_names_another_offering_of_the_season_names_its_copy() -> None:
    season = Season.objects.create(name="Été 2026", **SUMMER)
    card = an_offering("Carte", slug="carte", nature=Nature.MEMBERSHIP, season=season)
    an_offering("Ailleurs", slug="ailleurs")
    clone(season)
    named = {"kind": "membership", "offering": "carte", "who": "family"}
    beginners = an_offering("Initiation", slug="initiation", season=season, starts_on=date(2026, 8, 1))
    earlier = {"kind": "earlier", "offering": ["initiation"], "season": "Été 2026"}
    elsewhere = {"kind": "earlier", "offering": ["ailleurs"], "season": "Été 2026"}
    age = {"kind": "age", "min": 6}
    window = {"name": "Membres", "for": [named], "opens_at": "2026-03-02T18:00:00-05:00", "closes_at": None}
    swimming = an_offering(
        "Natation",
        season=season,
        starts_on=date(2026, 7, 1),
        requirements=[earlier, elsewhere, age],
        windows=[window],
    )
    an_option("Groupe", offering=swimming, requirements=[named])

    # The card was copied before; who is asked for comes after who asks, since it begins later.
    into, made = clone(season)

    copies = {each.title: each for each in Offering.objects.filter(season=into)}
    assert {each.title for each in made} == {"Initiation", "Natation"}
    again = {**named, "offering": copies["Carte"].slug}
    swimming_again = copies["Natation"]
    assert swimming_again.requirements == [
        {"kind": "earlier", "offering": ["initiation", copies["Initiation"].slug]},
        elsewhere,
        age,
    ]
    assert [each["for"] for each in swimming_again.windows] == [[again]]
    assert swimming_again.options.get().requirements == [again]
    assert len({card.slug, beginners.slug, copies["Carte"].slug, copies["Initiation"].slug}) == 4
    swimming.refresh_from_db()
    assert swimming.requirements == [earlier, elsewhere, age]


def test_a_season_cloned_twice_is_cloned_once() -> None:
    season = Season.objects.create(name="Été 2026", **SUMMER)
    a_camp(season)
    into, [first] = clone(season)
    Offering.objects.filter(pk=first.pk).update(title="Camp revu")
    an_offering("Ajoutée depuis", season=season)

    again, made = clone(season)

    assert again == into
    assert [offering.title for offering in made] == ["Ajoutée depuis"]
    assert sorted(
        into_title for into_title in Offering.objects.filter(season=into).values_list("title", flat=True)
    ) == [
        "Ajoutée depuis",
        "Camp revu",
    ]
    plans = copying.plan_season(season, into, renaming=Renaming(), zone=TORONTO)
    assert {planned.existing.title for planned in plans if planned.existing} == {"Camp revu", "Ajoutée depuis"}


def test_nothing_is_written_if_one_copy_fails() -> None:
    season = Season.objects.create(name="Été 2026", **SUMMER)
    a_camp(season)
    broken = an_offering("Brisée", season=season, requirements=[{"kind": "unknown"}])
    an_option(offering=broken, requirements=[{"kind": "unknown"}])

    with pytest.raises(Exception, match="unknown"):
        clone(season)

    assert Season.objects.count() == 1
    assert Offering.objects.count() == 2


def test_what_falls_outside_the_season_is_known_before() -> None:
    season = Season.objects.create(name="Été 2026", **SUMMER)
    a_camp(season)
    short = Season(name="Été 2027", starts_on=date(2027, 6, 28), ends_on=date(2027, 7, 2))

    [planned] = copying.plan_season(season, short, renaming=Renaming(), zone=TORONTO)

    assert planned.is_outside(short)
    assert not planned.is_outside(Season(name="Été 2027", **NEXT_SUMMER))


@pytest.mark.parametrize("count", [1, 3])
def test_a_plan_asks_as_many_questions_for_three_as_for_one(count: int, django_assert_num_queries: Any) -> None:
    season = Season.objects.create(name="Été 2026", **SUMMER)
    for _ in range(count):
        a_camp(season)

    with django_assert_num_queries(5):
        copying.plan_season(season, Season(name="Été 2027", **NEXT_SUMMER), renaming=Renaming(), zone=TORONTO)


@pytest.mark.parametrize(
    ("name", "moved"),
    [
        ("19 mai 2027", "2 juin 2027"),
        ("Mercredi 19 mai 2027", "Mercredi 2 juin 2027"),
        ("Départ le 19 mai 2027 à 8 h", "Départ le 2 juin 2027 à 8 h"),
        ("Groupe du mercredi", "Groupe du mercredi"),
    ],
)
def test_a_choice_that_is_named_after_its_day_is_named_after_the_new_one(name: str, moved: str) -> None:
    outing = an_offering("Sortie", starts_on=date(2027, 5, 19))
    english = {"en": {"name": "Wednesday, May 19, 2027"}}
    an_option(name, offering=outing, starts_on=date(2027, 5, 19), translations=english)
    copy = copying.duplicate(offering_id=outing.id, title="Autre", move=Move(14, TORONTO), actor=SYSTEM, at=NOON)
    option = copy.options.get()
    assert (option.name, option.translations) == (moved, {"en": {"name": "Wednesday, June 2, 2027"}})


def test_a_copy_has_its_own_shared_places_its_practices_and_no_opening() -> None:
    camp = a_camp(holding={"renewals": 2}, waiting={"mode": "manual"}, changes={"swap": {"allowed": True}})
    first, second, _withdrawn = camp.options.order_by("position")
    bus = quotas.create(offering_id=camp.id, name={"fr": "Autobus"}, capacity=48, actor=SYSTEM, at=NOON)
    quotas.set_shared(option_id=first.id, quota_ids=[bus], actor=SYSTEM, at=NOON)
    quotas.set_shared(option_id=second.id, quota_ids=[bus], actor=SYSTEM, at=NOON)
    Offering.objects.update(publishes_at=None)
    a_hold(first, at=datetime(2026, 5, 1, tzinfo=UTC))
    opening = Opening.objects.create(name="Camps", mode="queue", gathers_from=NOON, opens_at=NOON)
    Offering.objects.filter(pk=camp.pk).update(opening=opening)

    copy = copying.duplicate(offering_id=camp.id, title="Camp d’automne", move=Move(70, TORONTO), actor=SYSTEM, at=NOON)

    copy.refresh_from_db()
    [quota] = copy.quotas
    new = UUID(quota["id"])
    assert (quota["name"], new != bus, copy.opening) == ({"fr": "Autobus"}, True, None)
    assert (copy.holding, copy.waiting, copy.changes) == (camp.holding, camp.waiting, camp.changes)
    assert [Places.objects.get(pk=each.pk).shared for each in copy.options.all()] == [[new], [new]]
    own = {key: Places.objects.get(pk=key) for key in (bus, new)}
    assert [(row.capacity, row.taken) for row in own.values()] == [(48, 1), (48, 0)]
