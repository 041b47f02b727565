"""A family's turn from the waiting room to its end."""

from datetime import timedelta

import pytest

from shared_apps.audit.actors import SYSTEM
from shared_apps.audit.models import Entry
from tenant_apps.families.models import Guardian
from tenant_apps.families.operations import merge_guardians
from tenant_apps.openings import errors, forgetting, operations, ordering, queries
from tenant_apps.openings.models import Channel, Mode, Opening, Ticket
from tenant_apps.openings.queries import Turn, turn_of
from tests.factories.families import a_guardian
from tests.factories.moments import NOON
from tests.factories.organisation import an_organisation_profile
from tests.factories.queues import a_queue, a_turn

pytestmark = pytest.mark.usefixtures("organisation_a")

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)


def everybody_called(opening: Opening, *, since: int = 1, seconds: int = 60) -> None:
    for second in range(since, since + seconds):
        operations.admit(opening_id=opening.id, at=NOON + second * SECOND)


def turn(ticket: Ticket, *, at: timedelta = timedelta()) -> Turn:
    found = Ticket.objects.select_related("opening").get(pk=ticket.pk)
    return turn_of(found, at=NOON + at)


class TestJoining:
    def test_a_family_has_one_turn_whoever_of_its_adults_asks(self) -> None:
        opening, mother = a_queue(), a_guardian()
        father = a_guardian(first_name="Paul")
        Guardian.objects.filter(pk=father.pk).update(household=mother.household)

        tickets = {a_turn(opening, guardian).id for guardian in (mother, father, mother)}

        assert len(tickets) == 1
        assert Entry.objects.filter(action="opening.joined").count() == 1

    def test_nobody_joins_before_families_gather(self) -> None:
        opening = a_queue()

        with pytest.raises(errors.NotGathering):
            a_turn(opening, at=opening.gathers_from - SECOND)

        assert a_turn(opening, at=opening.gathers_from).position is None

    def test_nobody_joins_what_is_over_or_is_a_draw(self) -> None:
        over, lottery = a_queue(ended_at=NOON), a_queue(mode=Mode.LOTTERY)

        for opening in (over, lottery):
            with pytest.raises(errors.QueueOver):
                a_turn(opening, at=NOON)

    def test_who_comes_after_the_draw_comes_after_everybody(self) -> None:
        opening = a_queue(terms={"counter_share": 0})
        early = [a_turn(opening) for _ in range(3)]

        late = [a_turn(opening, at=NOON + number * SECOND).position for number in (1, 2)]

        assert late == [4, 5]
        drawn = Ticket.objects.filter(pk__in=[each.pk for each in early])
        assert sorted(drawn.values_list("position", flat=True)) == [1, 2, 3]

    def test_who_leaves_and_comes_back_comes_back_to_the_end(self) -> None:
        opening, guardian = a_queue(terms={"counter_share": 0}), a_guardian()
        a_turn(opening, guardian)
        a_turn(opening)
        operations.draw(opening_id=opening.id, at=NOON)

        operations.leave(opening_id=opening.id, guardian_id=guardian.id, actor=SYSTEM, at=NOON)

        assert a_turn(opening, guardian, at=NOON + MINUTE).position == 3

    def test_nor_does_the_counter_give_a_kept_place_to_who_gave_up_or_missed_a_turn(self) -> None:
        opening = a_queue(terms={"counter_share": 50})
        guardians = [a_guardian() for _ in range(4)]
        for guardian in guardians:
            a_turn(opening, guardian)
        operations.draw(opening_id=opening.id, at=NOON)
        last = Ticket.objects.order_by("-position").first()
        assert last is not None

        operations.leave(opening_id=opening.id, guardian_id=last.guardian_id, actor=SYSTEM, at=NOON)
        assert queries.ticket_of(opening.id, last.guardian_id) is None
        again = a_turn(opening, last.guardian, channel=Channel.COUNTER, at=NOON + MINUTE)

        assert again.position == (last.position or 0) + 1
        assert a_turn(opening, channel=Channel.COUNTER, at=NOON + MINUTE).position == 2

    def test_adults_who_come_to_live_together_before_the_draw_have_one_turn_drawn(self) -> None:
        opening, mother, father = a_queue(), a_guardian(), a_guardian(first_name="Paul")
        first, second = a_turn(opening, mother), a_turn(opening, father)
        Guardian.objects.filter(pk=father.pk).update(household=mother.household)

        operations.draw(opening_id=opening.id, at=NOON)

        assert [each.pk for each in Ticket.objects.all()] == [first.pk]
        assert queries.ticket_of(opening.id, father.id) == first
        assert second.pk != first.pk

    def test_who_joins_a_household_after_the_draw_does_not_come_forward_by_it(self) -> None:
        opening = a_queue(terms={"counter_share": 0})
        guardians = [a_guardian() for _ in range(3)]
        for guardian in guardians:
            a_turn(opening, guardian)
        operations.draw(opening_id=opening.id, at=NOON)
        best, *_, worst = Ticket.objects.order_by("position").select_related("guardian")

        Guardian.objects.filter(pk=worst.guardian_id).update(household=best.guardian.household)

        found = queries.ticket_of(opening.id, worst.guardian_id)
        assert found is not None
        assert found.position == 3
        operations.leave(opening_id=opening.id, guardian_id=worst.guardian_id, actor=SYSTEM, at=NOON)
        assert queries.ticket_of(opening.id, worst.guardian_id) is None


class TestTheDraw:
    def test_the_positions_are_the_order_of_the_seed(self) -> None:
        opening = a_queue(terms={"counter_share": 0})
        tickets = [a_turn(opening).id for _ in range(20)]

        operations.draw(opening_id=opening.id, at=NOON)

        in_order = list(Ticket.objects.filter(opening=opening).order_by("position").values_list("id", flat=True))
        assert in_order == ordering.order(opening.seed, tickets)
        assert Opening.objects.get(pk=opening.pk).last_position == 20

    def test_it_is_made_at_the_moment_said_and_once(self) -> None:
        opening = a_queue()
        a_turn(opening)

        made = [operations.draw(opening_id=opening.id, at=NOON + late * SECOND) for late in (-1, 0, 1)]

        assert made == [False, True, False]
        assert Entry.objects.get(action="opening.ordered").details == {"positions": 1, "seed": opening.seed}

    def test_one_position_in_ten_is_the_counters_even_for_who_comes_there_later(self) -> None:
        opening = a_queue(terms={"counter_share": 10})
        for _ in range(19):
            a_turn(opening)
        drawn = a_turn(opening, channel=Channel.COUNTER)
        operations.draw(opening_id=opening.id, at=NOON)

        late = [a_turn(opening, at=NOON, channel=Channel.COUNTER).position for _ in range(2)]

        drawn.refresh_from_db()
        assert (drawn.position, late) == (10, [20, 22])


class TestCalling:
    def test_families_are_called_in_the_order_of_the_draw_and_by_the_pace(self) -> None:
        opening = a_queue(terms={"counter_share": 0, "most_per_second": 4})
        for _ in range(20):
            a_turn(opening)

        called = [operations.admit(opening_id=opening.id, at=NOON + second * SECOND) for second in range(16)]

        # It begins at a quarter of the most, and grows by a fiftieth of it each time.
        assert called == [0, *[1] * 13, 2, 2]
        in_order = Ticket.objects.exclude(called_at=None).order_by("called_at", "position")
        assert list(in_order.values_list("position", flat=True)) == list(range(1, 18))

    def test_no_more_are_called_than_may_choose_at_once(self) -> None:
        opening = a_queue(terms={"counter_share": 0, "at_once": 3, "pass_minutes": 5})
        guardians = [a_guardian() for _ in range(6)]
        for guardian in guardians:
            a_turn(opening, guardian)
        everybody_called(opening, seconds=10)
        assert Opening.objects.get(pk=opening.pk).admitted == 3

        [first, second, third] = Ticket.objects.filter(called_at__isnull=False)
        for inside in (first, second, third):
            operations.enter(opening_id=opening.id, guardian_id=inside.guardian_id, at=NOON + 11 * SECOND)
        everybody_called(opening, since=12, seconds=60)
        assert Opening.objects.get(pk=opening.pk).admitted == 3

        operations.finish(guardian_id=first.guardian_id, at=NOON + 80 * SECOND)
        everybody_called(opening, since=81, seconds=10)
        assert Opening.objects.get(pk=opening.pk).admitted == 4

        # The fourth never came, and the passes of the other two ran out.
        everybody_called(opening, since=320, seconds=10)
        assert Opening.objects.get(pk=opening.pk).admitted == 6

    def test_staff_may_stop_the_queue_and_let_it_go_on(self) -> None:
        opening = a_queue(terms={"counter_share": 0, "most_per_second": 0})
        for _ in range(3):
            a_turn(opening)
        everybody_called(opening, seconds=5)
        assert Opening.objects.get(pk=opening.pk).admitted == 0

        Opening.objects.filter(pk=opening.pk).update(terms={"counter_share": 0, "most_per_second": 10})
        everybody_called(opening, since=10, seconds=5)
        assert Opening.objects.get(pk=opening.pk).admitted == 3

        Opening.objects.filter(pk=opening.pk).update(terms={"counter_share": 0, "most_per_second": 0})
        late = a_turn(opening, at=NOON + 20 * SECOND)
        everybody_called(opening, since=21, seconds=5)
        assert turn(late, at=30 * SECOND) is Turn.WAITING

    def test_who_was_joining_at_the_instant_of_the_draw_comes_next(self) -> None:
        opening = a_queue(terms={"counter_share": 0})
        a_turn(opening)
        operations.draw(opening_id=opening.id, at=NOON)
        guardian = a_guardian()
        late = Ticket.objects.create(
            opening=opening, guardian=guardian, family=guardian.household_id, joined_at=NOON - SECOND
        )

        everybody_called(opening, seconds=3)

        late.refresh_from_db()
        assert (late.position, turn(late, at=4 * SECOND)) == (2, Turn.CALLED)

    def test_a_queue_that_nobody_comes_to_any_more_ends_by_itself(self) -> None:
        opening = a_queue()
        a_turn(opening)
        everybody_called(opening, seconds=5)
        assert Opening.objects.get(pk=opening.pk).ended_at is None

        a_turn(opening, at=NOON + 20 * MINUTE)
        for minute in range(21, 60):
            operations.admit(opening_id=opening.id, at=NOON + minute * MINUTE)

        assert Opening.objects.get(pk=opening.pk).ended_at == NOON + 50 * MINUTE


class TestThePass:
    def test_it_lasts_from_its_first_use(self) -> None:
        opening, guardian = a_queue(terms={"pass_minutes": 15}), a_guardian()
        ticket = a_turn(opening, guardian)
        with pytest.raises(errors.NotCalled):
            operations.enter(opening_id=opening.id, guardian_id=guardian.id, at=NOON)
        everybody_called(opening, seconds=2)
        late = NOON + 30 * MINUTE
        assert queries.passes(guardian.id, [opening.id], at=late) == set()

        entered = [
            operations.enter(opening_id=opening.id, guardian_id=guardian.id, at=late + minutes * MINUTE).pass_until
            for minutes in (0, 5)
        ]

        until = late + 15 * MINUTE
        assert entered == [until, until]
        assert queries.passes(guardian.id, [opening.id], at=until - SECOND) == {opening.id}
        assert queries.passes(guardian.id, [opening.id], at=until) == set()
        assert turn(ticket, at=until - NOON) is Turn.LAPSED

    def test_after_it_lapsed_the_turn_is_taken_again_at_the_end(self) -> None:
        opening, guardian = a_queue(terms={"counter_share": 0, "pass_minutes": 5}), a_guardian()
        first = a_turn(opening, guardian)
        everybody_called(opening, seconds=2)
        operations.enter(opening_id=opening.id, guardian_id=guardian.id, at=NOON + 3 * SECOND)
        a_turn(opening, at=NOON + MINUTE)
        with pytest.raises(errors.PassLapsed):
            operations.enter(opening_id=opening.id, guardian_id=guardian.id, at=NOON + 6 * MINUTE)

        again = a_turn(opening, guardian, at=NOON + 6 * MINUTE)

        assert (again.position, again.pass_until) == (3, None)
        assert not Ticket.objects.filter(pk=first.pk).exists()

    def test_another_family_has_no_pass_and_another_opening_none_either(self) -> None:
        opening, other, guardian = a_queue(), a_queue(), a_guardian()
        a_turn(opening, guardian)
        everybody_called(opening, seconds=2)
        operations.enter(opening_id=opening.id, guardian_id=guardian.id, at=NOON + 3 * SECOND)

        both = [opening.id, other.id]
        assert queries.passes(guardian.id, both, at=NOON + MINUTE) == {opening.id}
        assert queries.passes(a_guardian().id, both, at=NOON + MINUTE) == set()


def test_of_two_files_that_become_one_the_better_turn_stays() -> None:
    an_organisation_profile()
    opening = a_queue(terms={"counter_share": 0})
    kept, gone = a_guardian(), a_guardian()
    for guardian in (kept, gone):
        a_turn(opening, guardian)
    operations.draw(opening_id=opening.id, at=NOON)

    merge_guardians.merge_guardians(kept_id=kept.id, gone_id=gone.id, from_gone=(), actor=SYSTEM, at=NOON)

    kept.refresh_from_db()
    [left] = Ticket.objects.all()
    assert (left.position, left.guardian, left.family) == (1, kept, kept.household_id)


def test_of_who_is_forgotten_the_turn_is_the_other_adult_s_or_nobody_s() -> None:
    opening, mother, father, alone = a_queue(), a_guardian(), a_guardian(first_name="Paul"), a_guardian()
    Guardian.objects.filter(pk=father.pk).update(household=mother.household)
    shared, own = a_turn(opening, mother), a_turn(opening, alone)

    forgetting.forget(guardian_ids=[mother.id, alone.id])

    assert list(Ticket.objects.values_list("id", "guardian_id")) == [(shared.id, father.id)]
    drawn = a_turn(opening, alone)
    operations.draw(opening_id=opening.id, at=NOON)
    forgetting.forget(guardian_ids=[alone.id])
    assert Ticket.objects.filter(pk=drawn.pk).exists() and own.pk != drawn.pk
