"""Many at one waiting room: drawn once, called once a second, each in a position of their own; with their twins."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection as database

from shared_apps.audit.actors import SYSTEM
from tenant_apps.openings import operations, ordering, positions
from tenant_apps.openings.models import Channel, Opening, Ticket
from tenants.models import Organisation
from tests.concurrency.crowd import rush
from tests.factories.families import a_guardian
from tests.factories.moments import NOON
from tests.factories.queues import a_queue, a_turn

SECOND = timedelta(seconds=1)
FAMILIES = 12
ROUNDS = 4


@pytest.fixture
def organisation(transactional_db: None, organisation_a: Organisation) -> Organisation:
    return organisation_a


def an_opening_of_twelve() -> Opening:
    opening = a_queue(terms={"counter_share": 0})
    for _ in range(FAMILIES):
        a_turn(opening)
    return opening


class TestTheDraw:
    def test_is_made_by_one_of_all_who_come_at_the_instant(self, organisation: Organisation) -> None:
        opening = an_opening_of_twelve()
        made: list[bool] = []

        raised = rush(organisation, range(8), lambda _: made.append(operations.draw(opening_id=opening.id, at=NOON)))

        assert (raised, sorted(made)) == ([], [False] * 7 + [True])
        in_order = list(Ticket.objects.order_by("position").values_list("id", flat=True))
        assert in_order == ordering.order(opening.seed, in_order)
        assert list(Ticket.objects.order_by("position").values_list("position", flat=True)) == list(range(1, 13))

    def test_without_the_condition_several_would_draw(
        self, organisation: Organisation, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        opening = an_opening_of_twelve()
        drawn: list[int] = []
        real: Callable[[Opening], int] = positions.draw_all

        def unguarded(_: object) -> None:
            found = Opening.objects.get(pk=opening.pk)
            if found.drawn_at is None:
                drawn.append(real(found))
                Opening.objects.filter(pk=opening.pk).update(drawn_at=NOON)

        raised = rush(organisation, range(8), unguarded)

        assert raised == []
        assert len(drawn) > 1


class TestPositions:
    def _join_at_once(self, organisation: Organisation, opening: Opening) -> list[BaseException]:
        guardians = [a_guardian().id for _ in range(FAMILIES)]

        def join(guardian_id: Any) -> None:
            operations.join(
                opening_id=opening.id, guardian_id=guardian_id, channel=Channel.WEB, actor=SYSTEM, at=NOON + SECOND
            )

        return rush(organisation, guardians, join)

    def test_are_each_somebodys_own_when_all_come_at_once(self, organisation: Organisation) -> None:
        opening = a_queue(terms={"counter_share": 0})
        operations.draw(opening_id=opening.id, at=NOON)

        assert self._join_at_once(organisation, opening) == []

        given = Ticket.objects.order_by("position").values_list("position", flat=True)
        assert list(given) == list(range(1, FAMILIES + 1))

    def test_without_the_lock_two_would_be_given_the_same(
        self, organisation: Organisation, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(operations, "_held", lambda opening_id: Opening.objects.get(pk=opening_id))
        opening = a_queue(terms={"counter_share": 0})
        operations.draw(opening_id=opening.id, at=NOON)

        # The constraint is the last wall: they are refused, and nobody shares a position.
        assert len(self._join_at_once(organisation, opening)) > 0

    def test_of_who_joins_during_the_draw_come_after_those_drawn_and_nobody_is_dropped(
        self, organisation: Organisation
    ) -> None:
        for _ in range(ROUNDS):
            opening = an_opening_of_twelve()
            guardians = [a_guardian().id for _ in range(6)]
            drawn = set(Ticket.objects.filter(opening=opening).values_list("id", flat=True))

            def act(guardian_id: Any, opening: Opening = opening) -> None:
                if guardian_id is None:
                    operations.draw(opening_id=opening.id, at=NOON)
                else:
                    told = {"guardian_id": guardian_id, "channel": Channel.WEB, "actor": SYSTEM}
                    operations.join(opening_id=opening.id, at=NOON - SECOND, **told)

            assert rush(organisation, [None, *guardians], act) == []
            for second in range(1, 30):
                operations.admit(opening_id=opening.id, at=NOON + second * SECOND)

            tickets = Ticket.objects.filter(opening=opening).order_by("position")
            assert [each.position for each in tickets] == list(range(1, 19))
            early = [each.id for each in tickets if each.id in drawn]
            assert early == ordering.order(opening.seed, drawn)
            assert Opening.objects.get(pk=opening.pk).admitted == 18

    def test_two_adults_of_one_family_who_join_at_once_have_one_turn(self, organisation: Organisation) -> None:
        opening, guardian = a_queue(), a_guardian()

        raised = rush(organisation, range(6), lambda _: _discard(a_turn(opening, guardian)))

        assert raised == []
        assert Ticket.objects.count() == 1


class TestCalling:
    def _call_at_once(self, organisation: Organisation, opening: Opening) -> int:
        raised = rush(
            organisation,
            range(8),
            lambda _: _discard(operations.admit(opening_id=opening.id, at=NOON + 2 * SECOND)),
        )
        assert raised == []
        return Opening.objects.get(pk=opening.pk).admitted

    def test_happens_once_a_second_however_many_ask_for_it(self, organisation: Organisation) -> None:
        opening = an_opening_of_twelve()
        operations.draw(opening_id=opening.id, at=NOON)

        # At 2.5 a second, two seconds are worth five families.
        assert self._call_at_once(organisation, opening) == 5

    def test_without_the_condition_each_would_call_their_own(
        self, organisation: Organisation, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(operations.calling, "TICK", timedelta(seconds=-60))
        opening = an_opening_of_twelve()
        operations.draw(opening_id=opening.id, at=NOON)

        assert self._call_at_once(organisation, opening) > 5


def _discard(_: object) -> None:
    database.close_if_unusable_or_obsolete()
