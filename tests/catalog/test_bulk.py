"""One change to many offerings: foreseen exactly, all of them or none."""

from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest

from shared_apps.audit.actors import SYSTEM
from shared_apps.audit.models import Entry
from tenant_apps.catalog.models import Category, Offering, Season, Status
from tenant_apps.catalog.operations import bulk, foreseen
from tests.factories.catalog import an_offering, an_option
from tests.factories.moments import NOON
from tests.factories.organisation import an_organisation_profile

pytestmark = pytest.mark.usefixtures("organisation_a")


@pytest.fixture(autouse=True)
def _profile(organisation_a: Any) -> None:
    an_organisation_profile()


def a_draft(title: str) -> Offering:
    draft = an_offering(title, status=Status.DRAFT, summary="Une sortie.")
    an_option(offering=draft)
    return draft


def ids(*offerings: Offering) -> list[Any]:
    return [offering.pk for offering in offerings]


def statuses() -> list[str]:
    return list(Offering.objects.order_by("title").values_list("status", flat=True))


def attempt(edit: bulk.Edit, *offerings: Offering) -> foreseen.Attempt[bulk.Outcome]:
    return partial(bulk.attempt, edit, offering_ids=ids(*offerings), actor=SYSTEM, at=NOON)


def foresee(edit: bulk.Edit, *offerings: Offering) -> list[bulk.Outcome]:
    return foreseen.foresee(attempt(edit, *offerings))


def carry_out(edit: bulk.Edit, *offerings: Offering) -> list[bulk.Outcome]:
    """What was foreseen, at once."""
    seen = foreseen.seal(foresee(edit, *offerings))
    return foreseen.carry_out(attempt(edit, *offerings), seen=seen)


def test_what_is_foreseen_is_what_is_done_and_foreseeing_writes_nothing() -> None:
    zoo, museum = a_draft("Zoo"), a_draft("Musée")
    edit = bulk.publish()

    expected = foresee(edit, zoo, museum)

    assert statuses() == ["draft", "draft"]
    assert not Entry.objects.filter(action="offering.published").exists()
    assert [(each.offering.title, each.changes) for each in expected] == [
        ("Musée", {"status": ["draft", "published"]}),
        ("Zoo", {"status": ["draft", "published"]}),
    ]
    assert carry_out(edit, zoo, museum) == expected
    assert statuses() == ["published", "published"]
    assert Entry.objects.filter(action="offering.published").count() == 2


def test_one_that_may_not_be_changed_stops_all_of_them_and_says_why() -> None:
    zoo, empty = a_draft("Zoo"), an_offering("Vide", status=Status.DRAFT, summary="Rien.")

    with pytest.raises(foreseen.SomeRefused) as refused:
        carry_out(bulk.publish(), zoo, empty)

    assert [(each.offering.title, list(each.against)) for each in refused.value.outcomes] == [
        ("Vide", ["Il n’y a aucun choix à prendre\u202f: ajoutez-en au moins un."]),
        ("Zoo", []),
    ]
    assert statuses() == ["draft", "draft"]


def test_an_archived_one_is_not_published() -> None:
    old = a_draft("Vieille")
    Offering.objects.update(status=Status.ARCHIVED)

    [outcome] = foresee(bulk.publish(), old)

    assert outcome.against == ["L’état de cette activité a changé entre-temps."]


def test_columns_tags_and_moments_are_written_alike() -> None:
    zoo = a_draft("Zoo")
    Offering.objects.filter(pk=zoo.pk).update(tags=["nature", "ancienne"])
    season = Season.objects.create(name="Automne", starts_on=date(2026, 9, 1), ends_on=date(2026, 12, 20))
    category = Category.objects.create(slug="sorties", name="Sorties")
    told = {"season": season, "category": category, "deadline_on": date(2026, 10, 1), "opens_at": NOON}

    [changed] = carry_out(bulk.change(told), zoo)
    [tagged] = carry_out(bulk.tag(added=["plein air", "nature"], removed=["ancienne"]), zoo)
    later = NOON + timedelta(days=3)
    [scheduled] = carry_out(bulk.publish(later), zoo)

    assert changed.changes == {
        "season": [None, "Automne"],
        "category": [None, "Sorties"],
        "deadline_on": [None, "2026-10-01"],
        "opens_at": [None, NOON.isoformat()],
    }
    assert tagged.changes == {"tags": [["nature", "ancienne"], ["nature", "plein air"]]}
    assert scheduled.changes == {"status": ["draft", "published"], "publishes_at": [None, later.isoformat()]}


def test_what_would_break_what_families_see_is_refused() -> None:
    zoo = a_draft("Zoo")
    carry_out(bulk.publish(), zoo)

    [outcome] = foresee(bulk.change({"title": ""}), zoo)

    assert outcome.against == ["Le titre manque."]
    assert Offering.objects.get().title == "Zoo"


def test_nothing_is_done_that_was_not_foreseen() -> None:
    zoo = a_draft("Zoo")

    with pytest.raises(foreseen.ChangedMeanwhile):
        foreseen.carry_out(attempt(bulk.publish(), zoo), seen="another")

    assert statuses() == ["draft"]


def test_doing_it_twice_changes_nothing_more() -> None:
    zoo = a_draft("Zoo")
    carry_out(bulk.archive(), zoo)

    [again] = carry_out(bulk.archive(), zoo)

    assert again.changes == {}
    assert Entry.objects.filter(action="offering.archived").count() == 1
