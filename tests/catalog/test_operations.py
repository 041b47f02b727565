"""The catalogue is written: by whom, from what to what, and never over somebody else's words."""

from datetime import date, timedelta
from typing import Any

import pytest

from shared_apps.audit.actors import SYSTEM, Actor
from shared_apps.audit.models import Entry
from tenant_apps.catalog import history
from tenant_apps.catalog.errors import ChangedSince, NoSuchMove, NotReady, OptionTaken
from tenant_apps.catalog.models import Category, Nature, Offering, Option, Season, Selection, Status
from tenant_apps.catalog.operations import categories, offerings, options, publishing, seasons
from tenant_apps.registrations.models import Places
from tenants.models import Organisation
from tests.factories.catalog import an_offering, an_option
from tests.factories.moments import NOON
from tests.factories.organisation import a_level, a_payee, an_establishment, an_organisation_profile
from tests.factories.registrations import a_hold

MARIE = Actor(kind="staff", label="Marie")


@pytest.fixture(autouse=True)
def profile(organisation_a: Organisation) -> None:
    an_organisation_profile()


def a_draft(title: str = "Cabane à sucre", **columns: Any) -> Offering:
    said = {"nature": Nature.OUTING, "selection": Selection.ONE, "payee": a_payee(), **columns}
    return offerings.add_offering(columns={"title": title, **said}, actor=MARIE, at=NOON)


def change(offering: Offering, seen: dict[str, str] | None = None, **columns: Any) -> Offering:
    return offerings.change_offering(offering_id=offering.id, columns=columns, seen=seen, actor=MARIE, at=NOON)


def told() -> list[tuple[str, str, dict[str, Any]]]:
    return [(each.action, each.actor_label, each.details) for each in Entry.objects.order_by("id")]


def test_a_draft_has_an_address_of_its_own_made_of_its_title() -> None:
    assert [a_draft().slug, a_draft().slug, a_draft("Nouvelle").slug, a_draft("…").slug] == [
        "cabane-a-sucre",
        "cabane-a-sucre-2",
        "nouvelle-2",
        "activite",
    ]


def test_each_change_says_who_made_it_and_of_what() -> None:
    sports = Category.objects.create(slug="sports", name="Sports")
    offering = a_draft()

    change(offering, title="Cabane", category=sports, deadline_on=date(2026, 10, 1))

    assert told() == [
        ("offering.created", "Marie", {"changes": {}}),
        (
            "offering.changed",
            "Marie",
            {
                "changes": {
                    "title": ["Cabane à sucre", "Cabane"],
                    "category": [None, "Sports"],
                    "deadline_on": [None, "2026-10-01"],
                }
            },
        ),
    ]


def test_a_change_of_nothing_leaves_no_trace() -> None:
    offering = a_draft()
    change(offering, title=offering.title)
    assert [action for action, _by, _details in told()] == ["offering.created"]


def test_lists_are_part_of_the_history() -> None:
    offering, school, level = a_draft(), an_establishment("École du Lac"), a_level("1re année")
    offerings.change_offering(
        offering_id=offering.id, columns={}, establishments=[school], levels=[level], actor=MARIE, at=NOON
    )
    assert told()[-1][2] == {"changes": {"establishments": [[], ["École du Lac"]], "levels": [[], ["1re année"]]}}


def test_who_comes_second_is_told_what_changed_and_overwrites_nothing() -> None:
    offering = a_draft()
    seen = history.marks(history.state(offering))
    change(offering, seen, title="De Marie")

    with pytest.raises(ChangedSince) as refusal:
        change(offering, seen, title="De Paul", summary="Du sirop")

    assert refusal.value.now == {"title": "De Marie"}
    offering.refresh_from_db()
    assert (offering.title, offering.summary) == ("De Marie", "")


def test_two_who_change_different_things_do_not_meet() -> None:
    offering = a_draft()
    marks = history.marks(history.state(offering))
    change(offering, {"title": marks["title"]}, title="De Marie")
    change(offering, {"summary": marks["summary"]}, summary="De Paul")
    offering.refresh_from_db()
    assert (offering.title, offering.summary) == ("De Marie", "De Paul")


def test_a_whole_offering_loaded_again_says_only_what_is_new() -> None:
    said = {"title": "Camp", "nature": Nature.CAMP, "selection": Selection.SEVERAL, "payee": a_payee()}
    for price in (1000, 1200):
        offerings.put_offering(
            slug="camp", columns=said, options=[{"name": "Semaine 1", "price_cents": price}], actor=SYSTEM, at=NOON
        )
    assert list(Option.objects.values_list("name", "price_cents")) == [("Semaine 1", 1200)]
    assert [action for action, _by, _details in told()] == ["offering.created", "registrations.capacity_set"]


def test_an_option_that_is_named_is_known_wherever_it_stands() -> None:
    first, second = (an_option(name, offering=an_offering(slug="camp")) if name == "A" else None for name in "A-")
    assert first is not None and second is None
    offerings.put_offering(
        slug="camp",
        columns={},
        options=[{"name": "Z"}, {"id": first.id, "name": "B"}],
        actor=SYSTEM,
        at=NOON,
    )
    assert list(Option.objects.values_list("pk", "name", "position"))[1] == (first.id, "B", 1)


def test_no_option_is_without_a_counter_of_its_places() -> None:
    """Families take from the counter: without one they would read « Sans limite » and be told that all is full."""
    offering = a_draft()
    options.add_options(offering_id=offering.id, options=[{"name": "A"}], actor=MARIE, at=NOON)
    options.add_options(
        offering_id=offering.id, options=[{"name": "B"}, {"name": "C"}], capacities=[3, None], actor=MARIE, at=NOON
    )
    camp = {"title": "Camp", "nature": Nature.CAMP, "selection": Selection.SEVERAL, "payee": a_payee()}
    offerings.put_offering(
        slug="camp", columns=camp, options=[{"name": "D"}, {"name": "E"}], capacities=[5], actor=SYSTEM, at=NOON
    )
    offerings.put_offering(slug="camp", columns={}, options=[{"name": "D"}], actor=SYSTEM, at=NOON)

    places = dict(Places.objects.values_list("option_id", "capacity"))
    assert {option.name: places[option.pk] for option in Option.objects.all()} == {
        "A": None, "B": 3, "C": None, "D": 5, "E": None,
    }  # fmt: skip


def test_options_are_added_last_moved_and_removed() -> None:
    offering = a_draft()
    made = options.add_options(offering_id=offering.id, options=[{"name": n} for n in "ABC"], actor=MARIE, at=NOON)

    options.move_option(option_id=made[2].id, by=-1, actor=MARIE, at=NOON)
    options.move_option(option_id=made[0].id, by=-1, actor=MARIE, at=NOON)
    assert [option.name for option in offering.options.all()] == ["A", "C", "B"]

    options.remove_option(option_id=made[0].id, actor=MARIE, at=NOON)
    assert [option.name for option in offering.options.all()] == ["C", "B"]
    assert [(action, details["name"]) for action, _by, details in told()[-2:]] == [
        ("option.moved", "C"),
        ("option.removed", "A"),
    ]


def test_an_option_s_price_is_history_too() -> None:
    option = an_option("Semaine 1", price=1000)
    options.change_option(option_id=option.id, columns={"price_cents": 1200}, actor=MARIE, at=NOON)
    assert told()[-1] == (
        "option.changed",
        "Marie",
        {"option": str(option.id), "name": "Semaine 1", "changes": {"price_cents": [1000, 1200]}},
    )


def test_an_option_that_somebody_holds_is_withdrawn_and_never_removed() -> None:
    option = an_option("Semaine 1", offering=an_offering(summary="Un camp"))
    an_option("Semaine 2", offering=option.offering)
    a_hold(option)

    with pytest.raises(OptionTaken):
        options.remove_option(option_id=option.id, actor=MARIE, at=NOON)
    options.change_option(option_id=option.id, columns={"is_offered": False}, actor=MARIE, at=NOON)

    option.refresh_from_db()
    assert option.is_offered is False


def test_only_what_is_whole_is_published() -> None:
    offering = a_draft(picture="cabane.webp", payee=a_payee(processor_account=""))

    with pytest.raises(NotReady) as refusal:
        publishing.publish(offering_id=offering.id, actor=MARIE, at=NOON)

    assert [(lack.step, lack.field) for lack in refusal.value.lacks] == [
        ("presentation", "summary"),
        ("presentation", "picture_alt"),
        ("choix", ""),
    ]


def test_a_course_says_when_it_meets_and_a_price_who_is_paid() -> None:
    offering = a_draft(summary="Du yoga", nature=Nature.COURSE, payee=a_payee(processor_account=""))
    option = {"name": "Yoga", "price_cents": 100, "minimum_quantity": 2, "maximum_quantity": 1}
    options.add_options(offering_id=offering.id, options=[option], actor=MARIE, at=NOON)

    with pytest.raises(NotReady) as refusal:
        publishing.publish(offering_id=offering.id, actor=MARIE, at=NOON)

    assert [(lack.step, lack.field) for lack in refusal.value.lacks] == [
        ("choix", "maximum_quantity"),
        ("choix", "meetings"),
        ("prix", "payee"),
    ]


def a_whole_draft() -> Offering:
    offering = a_draft(summary="Du sirop")
    options.add_options(offering_id=offering.id, options=[{"name": "Participation"}], actor=MARIE, at=NOON)
    return offering


def test_publishing_now_then_at_another_moment_then_not_at_all() -> None:
    offering = a_whole_draft()
    soon = NOON + timedelta(days=3)

    publishing.publish(offering_id=offering.id, actor=MARIE, at=NOON)
    publishing.publish(offering_id=offering.id, actor=MARIE, at=NOON)
    publishing.publish(offering_id=offering.id, publishes_at=soon, actor=MARIE, at=NOON)
    publishing.withdraw(offering_id=offering.id, actor=MARIE, at=NOON)
    publishing.archive(offering_id=offering.id, actor=MARIE, at=NOON)

    with pytest.raises(NoSuchMove):
        publishing.publish(offering_id=offering.id, actor=MARIE, at=NOON)
    assert [(action, details["changes"]) for action, _by, details in told()[3:]] == [
        ("offering.published", {"status": ["draft", "published"]}),
        ("offering.published", {"publishes_at": [None, soon.isoformat()]}),
        ("offering.draft", {"status": ["published", "draft"], "publishes_at": [soon.isoformat(), None]}),
        ("offering.archived", {"status": ["draft", "archived"]}),
    ]


def test_what_is_published_is_left_no_worse_than_it_was() -> None:
    offering = a_whole_draft()
    publishing.publish(offering_id=offering.id, actor=MARIE, at=NOON)
    option = offering.options.get()

    with pytest.raises(NotReady):
        change(offering, summary="")
    with pytest.raises(NotReady):
        options.remove_option(option_id=option.id, actor=MARIE, at=NOON)
    with pytest.raises(NotReady):
        options.change_option(option_id=option.id, columns={"is_offered": False}, actor=MARIE, at=NOON)

    assert Offering.objects.get().summary == "Du sirop"
    assert list(Option.objects.values_list("is_offered", flat=True)) == [True]
    assert Offering.objects.get().status == Status.PUBLISHED


def test_what_was_already_amiss_stands_in_nobody_s_way() -> None:
    offering = an_offering("Ancienne")
    change(offering, title="Renommée")
    assert Offering.objects.get().title == "Renommée"


def test_seasons_and_categories_keep_their_history() -> None:
    days = {"starts_on": date(2026, 9, 1), "ends_on": date(2027, 6, 30)}
    season = seasons.add_season(name="2026-2027", **days, actor=MARIE, at=NOON)
    seasons.change_season(season_id=season.id, columns={"name": "Année 2026-2027"}, actor=MARIE, at=NOON)
    arts, sports = (categories.add_category(name=n, translations={}, actor=MARIE, at=NOON) for n in ("Arts", "Sports"))
    categories.change_category(
        category_id=arts.id, columns={"translations": {"en": {"name": "Arts"}}}, actor=MARIE, at=NOON
    )
    categories.order_categories(category_ids=[sports.id], actor=MARIE, at=NOON)

    assert Season.objects.get().name == "Année 2026-2027"
    assert list(Category.objects.values_list("name", "slug", "position")) == [
        ("Sports", "sports", 0),
        ("Arts", "arts", 1),
    ]
    found = [(action, details["changes"]) for action, _by, details in told()]
    # What one operation writes has no order of its own.
    assert found[:-2] + sorted(found[-2:], key=str) == [
        ("season.created", {}),
        ("season.changed", {"name": ["2026-2027", "Année 2026-2027"]}),
        ("category.created", {}),
        ("category.created", {}),
        ("category.changed", {"translations": [{}, {"en": {"name": "Arts"}}]}),
        ("category.changed", {"position": [0, 1]}),
        ("category.changed", {"position": [1, 0]}),
    ]
