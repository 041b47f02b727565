"""The public list: what is found in it, in which order, and in how many queries."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tenant_apps.catalog import facets, filters, queries, visibility
from tenant_apps.catalog.cards import Availability, OfferingCard
from tenant_apps.catalog.entries import Entry
from tenant_apps.catalog.filters import Filters
from tenant_apps.catalog.models import Category, Status
from tenant_apps.registrations.queries import full_options, places_left
from tests.factories.catalog import an_offering, an_option
from tests.factories.moments import NOON, TORONTO
from tests.factories.organisation import a_level, an_establishment

pytestmark = pytest.mark.usefixtures("organisation_a")


def found(**narrowed: object) -> list[str]:
    return [entry.title for entry in left(Filters(**narrowed))]  # type: ignore[arg-type]


def left(narrowed: Filters = Filters()) -> Sequence[Entry]:  # noqa: B008 - immutable
    full = full_options(at=NOON)
    return facets.count(queries.listing(narrowed, at=NOON, zone=TORONTO, full=full).entries, narrowed).left


def cards() -> list[OfferingCard]:
    return queries.cards(
        [entry.id for entry in left()], at=NOON, zone=TORONTO, places_left=lambda ids: places_left(ids, at=NOON)
    )


def test_only_what_is_published_is_listed() -> None:
    an_offering("Macaroni")
    an_offering("Brouillon", status=Status.DRAFT)
    an_offering("Archive", status=Status.ARCHIVED)

    assert found() == ["Macaroni"]


@pytest.mark.line("S1-26")
@pytest.mark.parametrize("words", ["forêt", "FORET", "foret sorties", "cœur", "coeur", "l'été", "l’ete"])
def test_keywords_are_found_whatever_the_accents_and_capitals(words: str) -> None:
    an_offering("Sorties en forêt", presentation="Au **cœur** de l’été.")
    an_offering("Biscuits")

    assert found(keywords=words) == ["Sorties en forêt"]


def test_every_word_must_be_found() -> None:
    an_offering("Sortie en forêt")

    assert found(keywords="sortie piscine") == []


def test_a_changed_title_is_found_by_its_new_words() -> None:
    offering = an_offering("Patin")
    offering.title = "Glissade"
    offering.save(update_fields=["title"])

    assert found(keywords="glissade") == ["Glissade"]
    assert found(keywords="patin") == []


@pytest.mark.line("S1-28")
def test_a_level_keeps_what_names_it_and_what_names_none() -> None:
    sixth, second = a_level(), a_level()
    an_offering("Pour la sixième", levels=[sixth])
    an_offering("Pour la deuxième", levels=[second])
    an_offering("Pour tous")
    an_offering("Pour les deux", levels=[sixth, second])

    assert sorted(found(level=sixth.code)) == ["Pour la sixième", "Pour les deux", "Pour tous"]


def test_a_school_keeps_what_names_it_and_what_names_none() -> None:
    dome, other = an_establishment(), an_establishment()
    an_offering("Au Dôme", establishments=[dome])
    an_offering("Ailleurs", establishments=[other])
    an_offering("Partout")

    assert sorted(found(establishment=dome.code)) == ["Au Dôme", "Partout"]


def test_a_category_keeps_its_own() -> None:
    an_offering("Pizza", category=Category.objects.create(slug="repas", name="Repas"))
    an_offering("Sortie")

    assert found(category="repas") == ["Pizza"]


def test_dates_keep_what_takes_place_between_them() -> None:
    an_offering("Avant", starts_on=date(2026, 9, 20))
    an_offering("À cheval", starts_on=date(2026, 9, 28), ends_on=date(2026, 10, 2))
    an_offering("Dedans", starts_on=date(2026, 10, 5))
    an_offering("Après", starts_on=date(2026, 10, 12))

    assert found(from_on=date(2026, 10, 1), until_on=date(2026, 10, 11)) == ["À cheval", "Dedans"]


def test_what_can_be_taken_comes_first_and_the_closed_last() -> None:
    an_offering("Fermée", deadline_on=date(2026, 9, 15), starts_on=date(2026, 9, 20))
    full = an_offering("Complète", starts_on=date(2026, 9, 21))
    an_option(offering=full, places=0)
    an_offering("Bientôt", opens_at=NOON + timedelta(days=1), starts_on=date(2026, 9, 22))
    an_offering("Ouverte", starts_on=date(2026, 9, 23))

    assert [(entry.title, entry.availability) for entry in left()] == [
        ("Ouverte", Availability.OPEN),
        ("Bientôt", Availability.OPENS_LATER),
        ("Complète", Availability.FULL),
        ("Fermée", Availability.CLOSED),
    ]
    assert found(open_only=True) == ["Ouverte"]


def test_a_card_tells_the_lowest_price_and_the_places_of_all_its_options() -> None:
    offering = an_offering()
    an_option(offering=offering, price=12500, places=4)
    an_option(offering=offering, price=9900, places=3)

    [card] = cards()
    assert (card.price_from_cents, card.has_several_prices, card.places_left) == (9900, True, 7)


def test_one_option_without_limit_makes_the_whole_without_limit() -> None:
    offering = an_offering()
    an_option(offering=offering, places=0)
    an_option(offering=offering, places=None)

    [card] = cards()
    assert (card.places_left, card.availability) == (None, Availability.OPEN)


def test_places_of_a_date_that_is_over_are_no_places() -> None:
    offering = an_offering(starts_on=date(2026, 9, 2), ends_on=date(2026, 9, 30))
    an_option(offering=offering, places=5, starts_on=date(2026, 9, 2))
    an_option(offering=offering, places=0, starts_on=date(2026, 9, 30))

    [card] = cards()
    assert (card.places_left, card.availability) == (0, Availability.FULL)


def test_thirty_offerings_cost_no_more_queries_than_one() -> None:
    def queries_of_a_reading() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            cards()
        return len([query for query in captured if query["sql"].startswith("SELECT")])

    _a_full_offering()
    for_one = queries_of_a_reading()
    for _ in range(29):
        _a_full_offering()

    assert (for_one, queries_of_a_reading()) == (8, 8)
    assert len(cards()) == 30


def _a_full_offering() -> None:
    offering = an_offering(levels=[a_level()], establishments=[an_establishment()])
    an_option(offering=offering, places=3)
    an_option(offering=offering, places=3)


def test_a_shared_address_is_read_back() -> None:
    query = {"level": "6", "keywords": " forêt ", "from": "2026-10-01", "until": "2026-10-31", "open": "on"}

    assert filters.read(query) == Filters(
        level="6", keywords="forêt", from_on=date(2026, 10, 1), until_on=date(2026, 10, 31), open_only=True
    )


@pytest.mark.parametrize("day", ["", "demain", "2026-02-30", "0000-00-00", "9" * 5000])
def test_a_day_that_is_none_narrows_nothing(day: str) -> None:
    assert filters.read({"from": day}) == Filters()


def test_no_keyword_brings_the_page_down() -> None:
    assert found(keywords="\x00%_'\"\\") == []


def test_an_offering_that_is_not_published_cannot_be_opened() -> None:
    an_offering(slug="secret", status=Status.DRAFT)

    with pytest.raises(queries.Offering.DoesNotExist):
        queries.offering("secret", at=NOON)


def test_an_offering_appears_at_the_moment_that_it_says() -> None:
    an_offering("Bientôt", slug="bientot", publishes_at=NOON + timedelta(minutes=1))
    an_offering("Depuis midi", publishes_at=NOON)

    assert found() == ["Depuis midi"]
    assert [each.title for each in queries.published(at=NOON)] == ["Depuis midi"]
    assert queries.offering("bientot", at=NOON + timedelta(minutes=1)).title == "Bientôt"
    with pytest.raises(queries.Offering.DoesNotExist):
        queries.offering("bientot", at=NOON)


def test_what_is_shown_is_told_alike_by_the_list_and_by_one_offering() -> None:
    told = [
        an_offering(status=status, publishes_at=publishes_at)
        for status in Status
        for publishes_at in (None, NOON - timedelta(days=1), NOON, NOON + timedelta(days=1))
    ]

    listed = set(queries.published(at=NOON).values_list("id", flat=True))
    assert listed == {each.id for each in told if visibility.is_shown(each, at=NOON)}
    assert len(listed) == 3


def test_the_moment_is_the_readers_and_not_the_machines() -> None:
    an_offering("Macaroni", deadline_on=date(2022, 12, 16))

    last = datetime(2022, 12, 17, 4, 59, 59, 999999, tzinfo=UTC)
    [entry] = queries.listing(Filters(), at=last, zone=TORONTO, full=()).entries
    assert entry.availability is Availability.OPEN
