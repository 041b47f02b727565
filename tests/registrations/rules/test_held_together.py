"""What is asked at once is judged together: the rules see the other claims of the same form."""

from collections.abc import Sequence
from datetime import date, timedelta

import pytest

from shared_apps.audit.actors import SYSTEM
from tenant_apps.catalog.models import Nature, Offering, Option, Selection
from tenant_apps.families.models import Guardianship, Participant
from tenant_apps.registrations import errors, operations
from tenant_apps.registrations.models import Registration, Status
from tests.factories.catalog import an_offering, an_option
from tests.factories.families import a_child, a_guardian
from tests.factories.moments import NOON
from tests.factories.registrations import a_basket, a_claim, a_hold

TWO_AT_MOST = [{"kind": "limit_child", "maximum": 2}]


def weeks(offering: Offering, number: int) -> list[Option]:
    return [an_option(f"Semaine {each}", offering=offering, places=5) for each in range(1, number + 1)]


def taken(
    options: Sequence[Option], *children: Participant, replacing: Sequence[Registration] = ()
) -> list[Registration]:
    [guardian_id] = {link.guardian_id for child in children for link in child.guardianships.all()}
    basket = operations.open_basket(guardian_id=guardian_id, at=NOON)
    return operations.hold(
        basket_id=basket.id,
        claims=[a_claim(child, option) for child in children for option in options],
        actor=SYSTEM,
        at=NOON,
        replacing=[registration.id for registration in replacing],
    )


def test_two_weeks_are_taken_at_once_and_not_three() -> None:
    first, second, third = weeks(an_offering(requirements=TWO_AT_MOST), 3)
    ada = a_child()

    with pytest.raises(errors.NotAllowed) as refused:
        taken([first, second, third], ada)
    assert [reason.code for reason in refused.value.reasons] == ["child_limit"]
    assert not Registration.objects.exists()

    assert len(taken([first, second], ada)) == 2


def test_the_limit_is_said_with_its_number_and_the_name_of_what_it_counts() -> None:
    one, two, three = weeks(an_offering("Plaine d’été", requirements=TWO_AT_MOST), 3)
    ada = a_child()
    taken([one, two], ada)

    with pytest.raises(errors.NotAllowed) as refused:
        taken([three], ada)

    assert str(refused.value) == ("Ada ne peut pas avoir plus de 2 inscriptions dans «\u202fPlaine d’été\u202f».")


def test_a_limit_of_one_is_said_in_the_singular() -> None:
    one, two = weeks(an_offering("Plaine", requirements=[{"kind": "limit_family", "maximum": 1}]), 2)
    ada = a_child()
    taken([one], ada)

    with pytest.raises(errors.NotAllowed) as refused:
        taken([two], ada)
    assert str(refused.value) == "Votre famille ne peut pas avoir plus d’une inscription dans «\u202fPlaine\u202f»."


def test_a_limit_of_the_family_counts_both_children_of_one_form() -> None:
    [week] = weeks(an_offering(requirements=[{"kind": "limit_family", "maximum": 1}]), 1)
    basket = a_basket()
    ada, bo = a_child("Ada", of=basket.guardian), a_child("Bo", of=basket.guardian)

    with pytest.raises(errors.NotAllowed):
        taken([week], ada, bo)

    assert not Registration.objects.exists()


def test_a_choice_is_changed_within_its_limit() -> None:
    one, two, three = weeks(an_offering(requirements=TWO_AT_MOST), 3)
    ada = a_child()
    before = taken([one, two], ada)

    after = taken([two, three], ada, replacing=before)

    assert {registration.option_id for registration in after} == {two.id, three.id}
    assert Registration.objects.filter(status=Status.HELD).count() == 2


def test_two_activities_at_the_same_time_are_not_taken_at_once() -> None:
    course = an_offering("Piano", nature=Nature.COURSE, requirements=[{"kind": "no_clash"}])
    evening = [{"on": "2026-10-07", "from": "18:00", "to": "19:00"}]
    groups = [an_option(name, offering=course, meetings=evening) for name in ("Groupe A", "Groupe B")]

    with pytest.raises(errors.NotAllowed) as refused:
        taken(groups, a_child())

    assert str(refused.value) == (
        "Ada a déjà «\u202fPiano\u202f» (Groupe B) en même temps, le mercredi 7 octobre 2026."
    )


def test_one_choice_is_one_choice_whatever_the_form_sent() -> None:
    groups = weeks(an_offering(selection=Selection.ONE), 2)

    with pytest.raises(errors.NotAllowed) as refused:
        taken(groups, a_child())

    assert [reason.code for reason in refused.value.reasons] == ["chosen_already"]


def test_an_article_is_taken_in_its_quantities_and_no_others() -> None:
    campaign = an_offering(nature=Nature.FUNDRAISING, selection=Selection.QUANTITIES)
    article = an_option("Fromage", offering=campaign, minimum_quantity=2, maximum_quantity=10)
    basket = a_basket()
    ada = a_child(of=basket.guardian)

    for quantity in (0, 1, 11):
        with pytest.raises(errors.QuantityRefused) as refused:
            operations.hold(basket_id=basket.id, claims=[a_claim(ada, article, quantity)], actor=SYSTEM, at=NOON)
        assert str(refused.value) == "Fromage\u202f: la quantité doit être comprise entre 2 et 10."

    for quantity in (2, 10):
        [held] = operations.hold(basket_id=basket.id, claims=[a_claim(ada, article, quantity)], actor=SYSTEM, at=NOON)
        assert held.quantity == quantity


@pytest.mark.parametrize("kind", ["limit_child", "limit_family"])
def test_a_period_for_the_first_registration_is_open_to_one_and_no_more(kind: str) -> None:
    opened = (NOON - timedelta(days=1)).isoformat()
    window = {"name": "Une seule", "for": [{"kind": kind, "maximum": 1}], "opens_at": opened, "closes_at": None}
    first, second = weeks(an_offering(windows=[window]), 2)
    ada = a_child()

    with pytest.raises(errors.NotAllowed):
        taken([first, second], ada)
    assert [registration.option_id for registration in taken([first], ada)] == [first.id]
    with pytest.raises(errors.NotAllowed) as refused:
        taken([second], ada)
    assert [reason.code for reason in refused.value.reasons] == ["wrong_audience"]


def test_what_lasts_two_weeks_leaves_no_choice_in_the_second() -> None:
    camp = an_offering(nature=Nature.CAMP, selection=Selection.PER_WEEK)
    both = an_option("Deux semaines", offering=camp, starts_on=date(2027, 7, 5), ends_on=date(2027, 7, 16))
    second = an_option("La seconde", offering=camp, starts_on=date(2027, 7, 12), ends_on=date(2027, 7, 16))
    third = an_option("La troisième", offering=camp, starts_on=date(2027, 7, 19), ends_on=date(2027, 7, 23))
    ada = a_child()

    for options in ([both, second], [second, both]):
        with pytest.raises(errors.NotAllowed) as refused:
            taken(options, ada)
        assert [reason.code for reason in refused.value.reasons] == ["week_chosen_already"]
    assert len(taken([both, third], ada)) == 2


def test_a_membership_that_the_other_parent_bought_for_one_child_is_of_the_family_for_another() -> None:
    club = an_offering("Club", nature=Nature.MEMBERSHIP)
    member = {"kind": "membership", "offering": club.slug, "who": "family"}
    mother, father = a_guardian(), a_guardian(first_name="Paul")
    ada, bo = a_child("Ada", of=mother), a_child("Bo", of=mother)
    Guardianship.objects.create(guardian=father, participant=bo)
    bought = a_hold(an_option(offering=club), basket=a_basket(father), child=bo)
    operations.confirm(registration_id=bought.id, at=NOON)
    course = an_offering("Judo", requirements=[member])

    # The form asks about all the children at once, and the refusal about the one who is registered.
    assert [registration.participant_id for registration in taken(weeks(course, 1), ada)] == [ada.id]


def test_a_membership_in_the_basket_is_to_be_paid_first_and_not_to_be_added_again() -> None:
    club = an_offering("Club", nature=Nature.MEMBERSHIP)
    [course] = weeks(an_offering("Cours", requirements=[{"kind": "membership", "offering": club.slug}]), 1)
    basket = a_basket()
    ada, bo = a_child("Ada", of=basket.guardian), a_child("Bo", of=basket.guardian)
    a_hold(an_option("Adhésion", offering=club), basket=basket, child=ada)

    refusals = []
    for child in (ada, bo):
        with pytest.raises(errors.NotAllowed) as refused:
            taken([course], child)
        refusals += [reason.code for reason in refused.value.reasons]

    assert refusals == ["membership_unpaid", "not_member"], "another child's membership is not hers"
