"""Whatever families and staff do, in whatever order: places and waiting lists are as a small model of them says."""

from collections import Counter
from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from kernel.errors import Refusal
from shared_apps.audit.actors import SYSTEM
from tenant_apps.registrations import ending, operations, queries, quotas, waiting
from tenant_apps.registrations.models import PlaceRequest, Places, Registration
from tests.factories.catalog import an_offering, an_option
from tests.factories.families import a_child, a_guardian
from tests.factories.moments import NOON
from tests.factories.registrations import a_basket, a_claim, a_hold
from tests.registrations.model import HOLD, TAKING, Asked, Line, Model, Refused

FAMILIES = 4
item = st.tuples(st.integers(0, 1), st.integers(0, 2))
items = st.lists(item, min_size=1, max_size=1) | st.lists(item, min_size=1, max_size=2, unique=True)
family = st.integers(0, FAMILIES - 1)
pick = st.integers(0, 1000)


class World:
    """Four families of two children; a group and another that share a bus, and a third that shares nothing.

    All places are taken from the start, by a family of its own: what there is to see begins there.
    """

    def __init__(self, mode: str, on_refusal: str) -> None:
        self.mode, self.on_refusal = mode, on_refusal
        said = {"mode": mode, "on_refusal": on_refusal, "offer_hours": 2}
        self.offering = an_offering(waiting=said, hold_minutes=60)
        self.options = [an_option(places=places, offering=self.offering) for places in (1, 1, 2)]
        self.bus = quotas.create(offering_id=self.offering.id, name={"fr": "Car"}, capacity=2, actor=SYSTEM, at=NOON)
        for option in self.options[:2]:
            quotas.set_shared(option_id=option.id, quota_ids=[self.bus], actor=SYSTEM, at=NOON)
        self.guardians = [a_guardian() for _ in range(FAMILIES)]
        self.baskets = [a_basket(guardian) for guardian in self.guardians]
        self.first = [a_hold(option) for option in (*self.options, self.options[2])]
        self.children = [[a_child(name, of=guardian) for name in ("Ada", "Bo")] for guardian in self.guardians]

    def model(self) -> Model:
        first, second, third = (option.id for option in self.options)
        return Model(
            mode=self.mode,
            on_refusal=self.on_refusal,
            now=NOON,
            capacity={first: 1, second: 1, third: 2, self.bus: 2},
            shared={first: [self.bus], second: [self.bus], third: []},
            taken=Counter({first: 1, second: 1, third: 2, self.bus: 2}),
            lines={
                each.id: Line(each.basket_id, each.participant_id, each.option_id, "held", NOON + HOLD)
                for each in self.first
            },
        )


class Machine(RuleBasedStateMachine):
    def __init__(self, world: World) -> None:
        super().__init__()
        self.world, self.model = world, world.model()
        self.undone = transaction.atomic()
        self.undone.__enter__()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.undone.__exit__(None, None, None)

    @initialize(asked=st.lists(st.tuples(family, items), min_size=1, max_size=2))
    def some_wait_already(self, asked):
        for who, what in asked:
            self.ask(who, what, together=True)

    @rule(who=family, what=items)
    def hold(self, who, what):
        basket = self.world.baskets[who]
        held = self.same(
            lambda model: model.hold(self.keys(who, what)),
            lambda at: operations.hold(basket_id=basket.id, claims=self.claims(who, what), actor=SYSTEM, at=at),
        )
        for registration in held or ():
            self.model.lines[registration.id] = Line(
                basket.id, registration.participant_id, registration.option_id, "held", self.model.now + HOLD
            )

    @rule(who=family, what=items, together=st.booleans())
    def ask(self, who, what, together):
        keys, guardian = self.keys(who, what), self.world.guardians[who]
        asked = self.same(
            lambda model: model.ask([keys] if together else [[key] for key in keys]),
            lambda at: waiting.ask(
                guardian_id=guardian.id, claims=self.claims(who, what), together=together, actor=SYSTEM, at=at
            ),
        )
        for request in asked or ():
            self.model.asked[request.id] = Asked("waiting", self.model.now)
            for line in request.registrations.all():
                self.model.lines[line.id] = Line(
                    self.world.baskets[who].id, line.participant_id, line.option_id, "requested", NOON, request.id
                )
        if asked:
            self.model.serve({option for _, option in keys})

    @precondition(lambda self: self.model.lines)
    @rule(which=pick)
    def confirm(self, which):
        key = self.line(which)
        self.same(lambda model: model.confirm(key), lambda at: operations.confirm(registration_id=key, at=at))

    @precondition(lambda self: self.held())
    @rule(which=pick)
    def release(self, which):
        key = self.held()[which % len(self.held())]
        self.same(
            lambda model: model.free([model.lines[key]]),
            lambda at: operations.release(
                basket_id=self.model.lines[key].basket, registration_ids=[key], actor=SYSTEM, at=at
            ),
        )

    @precondition(lambda self: self.model.lines)
    @rule(which=pick, act=st.sampled_from(["withdrawn", "cancelled"]))
    def end(self, which, act):
        key = self.line(which)
        if self.model.lines[key].state == act:
            return
        end = ending.withdraw if act == "withdrawn" else ending.cancel
        self.same(lambda model: model.end(key, act), lambda at: end(registration_id=key, actor=SYSTEM, at=at))

    @precondition(lambda self: self.model.asked)
    @rule(which=pick, act=st.sampled_from(["leave", "refuse"]))
    def answer(self, which, act):
        key = self.request(which)
        guardian_id = PlaceRequest.objects.get(pk=key).guardian_id
        self.same(
            lambda model: getattr(model, act)(key),
            lambda at: getattr(waiting, act)(request_id=key, guardian_id=guardian_id, actor=SYSTEM, at=at),
        )

    @precondition(lambda self: self.model.asked)
    @rule(which=pick)
    def offer(self, which):
        key = self.request(which)
        self.same(lambda model: model.offer(key), lambda at: waiting.offer(request_id=key, actor=SYSTEM, at=at))

    @rule(which=st.integers(0, 3), places=st.integers(0, 4))
    def set_capacity(self, which, places):
        key = [*self.model.shared, self.world.bus][which]
        self.same(
            lambda model: model.set_capacity(key, places),
            lambda at: operations.set_capacity(option_id=key, capacity=places, actor=SYSTEM, at=at),
        )

    @rule(which=st.integers(0, 2))
    def share(self, which):
        option, bus = self.world.options[which].id, self.world.bus
        after = [] if self.model.shared[option] else [bus]
        self.same(
            lambda model: model.share(option, bus),
            lambda at: quotas.set_shared(option_id=option, quota_ids=after, actor=SYSTEM, at=at),
        )

    @rule(minutes=st.sampled_from([1, 61, 121]))
    def time_passes(self, minutes):
        self.model.now += timedelta(minutes=minutes)

    @rule()
    def sweep(self):
        self.same(lambda model: model.sweep(), lambda at: operations.sweep(at=at))

    @rule()
    def look(self):
        left = queries.places_left(self.model.shared, at=self.model.now)
        assert left == {key: self.model.left(key) for key in self.model.shared}

    @invariant()
    def it_is_as_the_model_says(self):
        model = self.model
        rows = Places.objects.filter(pk__in=model.capacity).values_list("pk", "capacity", "taken", "set_aside")
        assert {key: tuple(counts) for key, *counts in rows} == {
            key: (model.capacity[key], model.taken[key], model.aside[key]) for key in model.capacity
        }
        lines = Registration.objects.filter(pk__in=model.lines).values_list("pk", "status", "request__status")
        assert {key: tuple(states) for key, *states in lines} == {
            key: (line.state, model.asked[line.request].state if line.request else None)
            for key, line in model.lines.items()
        }

    @invariant()
    def nobody_is_oversold_and_nobody_overtaken(self):
        model = self.model
        held = Counter(line.option for line in model.lines.values() if line.state in TAKING)
        assert {option: model.taken[option] for option in model.shared} == {key: held[key] for key in model.shared}
        inside = [option for option, shared in model.shared.items() if shared]
        assert model.taken[self.world.bus] == sum(model.taken[option] for option in inside)
        assert all(model.taken[key] + model.aside[key] <= model.capacity[key] for key in model.capacity)
        assert model.mode == "manual" or model.overtaken() == []

    def same(self, expected, act):
        """Both do it, or both refuse it for the same reason and leave everything as it was."""
        before, refusal, result = self.model.copy(), None, None
        try:
            expected(self.model)
        except Refused as refused:
            self.model, refusal = before, refused.args[0]
        try:
            result = act(self.model.now)
        except Refusal as refused:
            assert type(refused).__name__ == refusal
            return None
        assert refusal is None
        return result

    def keys(self, who, what):
        return [(self.world.children[who][child].id, self.world.options[option].id) for child, option in what]

    def claims(self, who, what):
        return [a_claim(self.world.children[who][child], self.world.options[option]) for child, option in what]

    def held(self):
        return [key for key, line in self.model.lines.items() if line.state == "held"]

    def line(self, which):
        """Nothing was ever paid of what only waits."""
        every = [key for key, line in self.model.lines.items() if line.state != "requested"]
        return every[which % len(every)]

    def request(self, which):
        live = [key for key, asked in self.model.asked.items() if asked.state in ("waiting", "offered")]
        every = live or list(self.model.asked)
        return every[which % len(every)]


@pytest.mark.parametrize(
    ("mode", "on_refusal"), [("automatic", "leave"), ("automatic", "lose"), ("automatic", "keep"), ("manual", "keep")]
)
def test_places_and_waiting_lists_are_as_the_model_says(mode, on_refusal):
    world = World(mode, on_refusal)

    run_state_machine_as_test(
        lambda: Machine(world),
        settings=settings(
            max_examples=50, stateful_step_count=6, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
