"""Many offerings written at once: the rows, the trail and the refusals of the editor's operations."""

from typing import Any

import pytest

from shared_apps.audit.models import Entry
from tenant_apps.catalog.models import Category, Offering, Option
from tenant_apps.catalog.operations import foreseen, many, offerings, options
from tenant_apps.catalog.operations.wanted import Wanted, WantedOption
from tenant_apps.registrations import operations as registrations
from tenant_apps.registrations.models import Places
from tests.catalog.test_operations import MARIE, a_draft
from tests.factories.catalog import an_offering, an_option
from tests.factories.moments import NOON
from tests.factories.organisation import a_level, a_payee, an_establishment, an_organisation_profile

BY: dict[str, Any] = {"actor": MARIE, "at": NOON}


@pytest.fixture(autouse=True)
def _profile(organisation_a: Any) -> None:
    an_organisation_profile()


def put(*wanted: Wanted) -> list[many.Outcome]:
    return many.attempt(wanted=wanted, **BY)


def written(offering: Offering) -> dict[str, Any]:
    """All that the tables hold of it and all that the trail tells, but for what is its own."""
    told = Offering.objects.filter(pk=offering.pk).values().get()
    made = list(Option.objects.filter(offering=offering).order_by("position"))
    names = {str(each.pk): each.name for each in made}
    trail = Entry.objects.filter(subject_id__in=[offering.pk, *(each.pk for each in made)]).order_by("id")
    return {
        "offering": {name: value for name, value in told.items() if name not in {"id", "slug"}},
        "lists": [list(offering.establishments.all()), list(offering.levels.all())],
        "options": [
            {name: value for name, value in each.items() if name not in {"id", "offering_id"}}
            for each in Option.objects.filter(offering=offering).order_by("position").values()
        ],
        "places": {names[str(each.option_id)]: each.capacity for each in Places.objects.filter(option_id__in=names)},
        "trail": sorted(
            (each.action, each.subject, each.actor_label, each.at, repr(_named(each.details, names))) for each in trail
        ),
    }


def _named(details: dict[str, Any], names: dict[str, str]) -> list[Any]:
    return sorted((key, names.get(str(value), value)) for key, value in details.items())


def test_a_new_offering_is_the_one_that_the_editor_would_have_begun() -> None:
    north, first, payee = an_establishment("Nord"), a_level("1re année"), a_payee()
    columns = {"title": "Zoo d’été", "nature": "outing", "selection": "one", "payee": payee, "tags": ["nature"]}
    group = {"name": "Groupe", "code": "G", "price_cents": 600}

    edited = offerings.add_offering(columns=columns, establishments=[north], levels=[first], **BY)
    options.add_options(offering_id=edited.id, options=[group], capacities=[12], **BY)
    wanted = Wanted(2, "Zoo d’été", None, columns, {"establishments": [north], "levels": [first]})
    wanted.options = [WantedOption(2, "Groupe", None, group, capacity=12)]
    [outcome] = put(wanted)

    tabled = Offering.objects.exclude(pk=edited.pk).get()
    assert (outcome.kind, edited.slug, tabled.slug) == ("new", "zoo-dete", "zoo-dete-2")
    assert written(tabled) == written(edited)


def test_a_change_is_the_one_that_the_editor_would_have_made() -> None:
    payee, north, south = a_payee(), an_establishment("Nord"), an_establishment("Sud")
    sports = Category.objects.create(slug="sports", name="Sports")

    def there_was() -> tuple[Offering, Option, Option]:
        zoo = an_offering("Zoo", payee=payee, summary="Petit", establishments=[north])
        kept = an_option("Groupe", offering=zoo, places=5)
        gone = an_option("Autre", offering=zoo)
        for position, option in enumerate((kept, gone)):
            Option.objects.filter(pk=option.pk).update(position=position)
        return zoo, kept, gone

    columns = {"summary": "Grand", "category": sports, "tags": ["nature"], "opens_at": NOON}
    dear, new = {"price_cents": 700, "name": "Équipe"}, {"name": "Troisième"}

    edited, option, _other = there_was()
    offerings.change_offering(offering_id=edited.id, columns=columns, establishments=[south], **BY)
    options.change_option(option_id=option.id, columns=dear, **BY)
    registrations.set_capacity(option_id=option.id, capacity=8, **BY)
    options.add_options(offering_id=edited.id, options=[new], **BY)
    tabled, option, _other = there_was()
    wanted = Wanted(2, "Zoo", tabled, columns, {"establishments": [south]})
    wanted.options = [WantedOption(2, "Équipe", option, dear, 8, 5), WantedOption(3, "Troisième", None, new, None)]
    put(wanted)

    assert written(tabled) == written(edited)


def test_a_change_of_nothing_leaves_no_trace() -> None:
    zoo = a_draft("Zoo")
    put(Wanted(2, "Zoo", zoo, {"title": "Zoo"}))
    assert [each.action for each in Entry.objects.all()] == ["offering.created"]


@pytest.mark.parametrize(
    "columns",
    [
        {"tags": ["a" * 41]},
        {"requirements": [{"kind": "nonsense"}]},
        {"windows": [{"name": "Tous", "opens_at": "demain"}]},
        {"pricing": {"rules": [{"kind": "nonsense"}]}},
    ],
)
def test_what_the_editor_refuses_is_refused(columns: dict[str, Any]) -> None:
    zoo, lake = a_draft("Zoo"), a_draft("Lac")
    payee, before = zoo.payee, [written(zoo), written(lake)]
    new = {"title": "Parc", "nature": "outing", "selection": "one", "payee": payee, **columns}

    def attempt() -> list[many.Outcome]:
        return put(
            Wanted(2, "Lac", lake, {"summary": "Beau"}), Wanted(3, "Zoo", zoo, columns), Wanted(4, "Parc", None, new)
        )

    outcomes = foreseen.foresee(attempt)
    with pytest.raises(foreseen.SomeRefused):
        foreseen.carry_out(attempt, seen=foreseen.seal(outcomes))

    assert [(each.kind, bool(each.against)) for each in outcomes] == [
        ("changed", False),
        ("refused", True),
        ("refused", True),
    ]
    assert [written(zoo), written(lake), Offering.objects.count()] == [*before, 2]


def test_what_the_editor_refuses_of_an_option_is_refused() -> None:
    option = an_option("Groupe")
    wanted = Wanted(2, option.offering.title, option.offering)
    wanted.options = [WantedOption(2, "Groupe", option, {"requirements": [{"kind": "nonsense"}]})]

    [outcome] = put(wanted)

    assert outcome.kind == "refused"
