"""What is promised of places and waiting lists, in plain Python: no database, no locks, one after the other."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

TAKING = ("held", "confirmed")
HOLD, OFFER = timedelta(minutes=60), timedelta(hours=2)


class Refused(Exception):
    """`args[0]` is the name of the refusal."""


@dataclass
class Line:
    basket: Any
    child: Any
    option: Any
    state: str
    until: datetime
    request: Any = None


@dataclass
class Asked:
    state: str
    queued: datetime
    is_new: bool = True


@dataclass
class Model:
    mode: str
    on_refusal: str
    now: datetime
    capacity: dict[Any, int]
    shared: dict[Any, list[Any]]
    taken: Counter[Any] = field(default_factory=Counter)
    aside: Counter[Any] = field(default_factory=Counter)
    lines: dict[Any, Line] = field(default_factory=dict)
    asked: dict[Any, Asked] = field(default_factory=dict)

    def copy(self) -> "Model":
        return replace(
            self,
            capacity=dict(self.capacity),
            shared=dict(self.shared),
            taken=Counter(self.taken),
            aside=Counter(self.aside),
            lines={key: replace(line) for key, line in self.lines.items()},
            asked={key: replace(asked) for key, asked in self.asked.items()},
        )

    def hold(self, items: list[tuple[Any, Any]]) -> None:
        self.refuse_twice(items, TAKING, "AlreadyRegistered")
        self.take(Counter(option for _, option in items))

    def ask(self, groups: list[list[tuple[Any, Any]]]) -> None:
        for group in groups:
            wanted = Counter(option for _, option in group)
            self.make_room(wanted)
            if not self.in_the_way(wanted):
                raise Refused("NotFull")
        for group in groups:
            self.refuse_twice(group, TAKING, "AlreadyRegistered")
            self.refuse_twice(group, ("requested",), "AlreadyWaiting")

    def confirm(self, key: Any) -> None:
        line = self.lines[key]
        if line.state == "confirmed":
            return
        if line.state != "held":
            if line.state not in ("released", "requested") or self.has(line.child, line.option, but=line):
                raise Refused("OptionFull")
            line.state = "confirmed"
            self.take(Counter([line.option]))
        line.state = "confirmed"
        if line.request is not None:
            self.settle([line], "refused")
            self.serve({line.option})

    def end(self, key: Any, to: str) -> None:
        if self.lines[key].state != "confirmed":
            raise Refused("NotConfirmed")
        self.free([self.lines[key]], to)

    def leave(self, key: Any) -> None:
        if self.asked[key].state != "waiting":
            raise Refused("NotWaiting")
        self.asked[key].state = "left"
        lines = self.of(key, "requested")
        for line in lines:
            line.state = "released"
        self.serve({line.option for line in lines})

    def refuse(self, key: Any) -> None:
        if not self.of(key, "held"):
            raise Refused("NotOffered")
        self.free(self.of(key, "held"))

    def offer(self, key: Any) -> None:
        lines = self.of(key, "requested")
        if self.asked[key].state != "waiting":
            raise Refused("NotWaiting")
        if not self.has_room(self.need(lines)):
            raise Refused("OptionFull")
        if any(self.has(line.child, line.option) for line in lines):
            raise Refused("NotWaiting")
        self.grant(key, lines)
        self.serve({line.option for line in lines})

    def set_capacity(self, key: Any, capacity: int) -> None:
        if capacity < self.taken[key]:
            raise Refused("CapacityBelowTaken")
        if capacity != self.capacity[key]:
            self.capacity[key] = capacity
            self.aside[key] = min(self.aside[key], capacity - self.taken[key])
            self.serve({key})

    def share(self, option: Any, quota: Any) -> None:
        is_out = quota in self.shared[option]
        after = self.taken[quota] + self.taken[option] * (-1 if is_out else 1)
        if after > self.capacity[quota]:
            raise Refused("CapacityBelowTaken")
        self.taken[quota] = after
        self.aside[quota] = min(self.aside[quota], self.capacity[quota] - after)
        self.shared[option] = [] if is_out else [quota]
        self.serve({option, quota})

    def sweep(self) -> None:
        for basket in sorted({line.basket for line in self.lines.values()}):
            lapsed = [line for line in self.lapsed() if line.basket == basket]
            self.free(lapsed, ended="lapsed")
        self.leave_what_is_had()
        new = {key for key, asked in self.asked.items() if asked.is_new}
        wanted = {option for option in self.shared if new.intersection(self.queue({option}))}
        for option in sorted(key for key in wanted if self.has_room(Counter([key])) and self.mode == "automatic"):
            self.serve({option}, but=[key for key, asked in self.asked.items() if not asked.is_new])

    def leave_what_is_had(self) -> None:
        had = {(line.child, line.option) for line in self.lines.values() if line.state == "confirmed"}
        left = [line for line in self.lines.values() if line.state == "requested" and (line.child, line.option) in had]
        for line in left:
            line.state = "released"
            if not self.of(line.request, "requested"):
                self.asked[line.request].state = "left"
        self.serve({line.option for line in left})

    def free(self, lines: list[Line], to: str = "released", ended: str = "refused") -> None:
        offered = {line.request for line in lines if line.request is not None}
        offered = {key for key in offered if self.asked[key].state == "offered"}
        together = [line for line in self.lines.values() if line.request in offered and line.state == "held"]
        every = [*lines, *(line for line in together if line not in lines)]
        for line in every:
            line.state = to
            for key in (line.option, *self.shared[line.option]):
                self.taken[key] -= 1
        self.serve({line.option for line in every}, but=self.settle(every, ended))

    def settle(self, lines: Iterable[Line], ended: str) -> set[Any]:
        again = set()
        for key in {line.request for line in lines if line.request is not None}:
            asked, states = self.asked[key], {line.state for line in self.of(key)}
            if asked.state not in ("offered", "waiting") or states & {"held", "requested"}:
                continue
            if "confirmed" in states:
                asked.state = "taken"
            elif self.on_refusal == "leave":
                asked.state = ended
            else:
                again.add(key)
                asked.state = "waiting"
                asked.queued = self.now if self.on_refusal == "lose" else asked.queued
                for line in lines:
                    line.state = "requested" if line.request == key else line.state
        return again

    def serve(self, keys: Collection[Any], but: Collection[Any] = ()) -> None:
        affected = self.reach(keys)
        demand: Counter[Any] = Counter()
        for key in self.queue(affected):
            lines = self.of(key, "requested")
            if key in but:
                continue
            if self.mode == "manual" or not self.has_room(self.need(lines)):
                # Nothing is set aside for more than there are at all.
                demand.update(line.option for line in lines if self.can_ever_fit(self.need(lines)))
            elif not any(self.has(line.child, line.option) for line in lines):
                self.grant(key, lines)
        of_quotas = Counter({quota: 0 for option in affected for quota in self.shared.get(option, [])})
        for option in affected:
            self.aside[option] = self.up_to(demand[option], option)
            for quota in self.shared.get(option, []):
                of_quotas[quota] += self.aside[option]
        for quota, wanted in of_quotas.items():
            self.aside[quota] = self.up_to(wanted, quota)

    def grant(self, key: Any, lines: list[Line]) -> None:
        self.asked[key].state, self.asked[key].is_new = "offered", False
        for line in lines:
            line.state, line.until = "held", self.now + OFFER
        for counter, quantity in self.need(lines).items():
            self.taken[counter] += quantity
            self.aside[counter] = max(self.aside[counter] - quantity, 0)

    def take(self, wanted: Counter[Any]) -> None:
        self.make_room(wanted)
        if self.in_the_way(wanted):
            raise Refused("OptionFull")
        for key, quantity in self.need_of(wanted).items():
            self.taken[key] += quantity

    def make_room(self, wanted: Counter[Any]) -> None:
        lapsed = [line for line in self.lapsed() if line.option in self.in_the_way(wanted)]
        self.free([line for line in lapsed if not self.is_waited_for(line.option)], ended="lapsed")

    def in_the_way(self, wanted: Counter[Any]) -> set[Any]:
        need = self.need_of(wanted)
        tight = {key for key in need if self.taken[key] + self.aside[key] + need[key] > self.capacity[key]}
        return {option for option, quotas in self.shared.items() if tight & {option, *quotas}}

    def left(self, option: Any) -> int:
        lapsed = Counter(
            key
            for line in self.lapsed()
            for key in (line.option, *self.shared[line.option])
            if not self.is_waited_for(line.option)
        )
        keys = (option, *self.shared[option])
        return max(min(self.capacity[key] - self.taken[key] - self.aside[key] + lapsed[key] for key in keys), 0)

    def overtaken(self) -> list[Any]:
        """Who waits, was never offered anything, and has room."""
        return [
            key
            for key in self.queue(set(self.shared))
            if self.asked[key].is_new
            and self.has_room(self.need(self.of(key, "requested")))
            and not any(self.has(line.child, line.option) for line in self.of(key, "requested"))
        ]

    def lapsed(self) -> list[Line]:
        return [line for line in self.lines.values() if line.state == "held" and line.until <= self.now]

    def queue(self, options: Collection[Any]) -> list[Any]:
        waiting = {
            line.request
            for line in self.lines.values()
            if line.state == "requested" and line.option in options and self.asked[line.request].state == "waiting"
        }
        return sorted(waiting, key=lambda key: (self.asked[key].queued, key))

    def is_waited_for(self, option: Any) -> bool:
        return bool(self.queue(self.reach({option})))

    def reach(self, keys: Collection[Any]) -> set[Any]:
        near = {*keys, *(option for option, quotas in self.shared.items() if set(quotas) & set(keys))}
        quotas = {quota for key in near for quota in self.shared.get(key, [])}
        near |= {option for option, shared in self.shared.items() if set(shared) & quotas}
        return near - {quota for shared in self.shared.values() for quota in shared}

    def of(self, key: Any, *states: str) -> list[Line]:
        return [line for line in self.lines.values() if line.request == key and (not states or line.state in states)]

    def has(self, child: Any, option: Any, but: Line | None = None) -> bool:
        mine = [line for line in self.lines.values() if line is not but and line.state in TAKING]
        return any((line.child, line.option) == (child, option) for line in mine)

    def refuse_twice(self, items: list[tuple[Any, Any]], states: Collection[str], refusal: str) -> None:
        if any((line.child, line.option) in items for line in self.lines.values() if line.state in states):
            raise Refused(refusal)

    def need(self, lines: Iterable[Line]) -> Counter[Any]:
        return self.need_of(Counter(line.option for line in lines))

    def need_of(self, wanted: Counter[Any]) -> Counter[Any]:
        need = Counter(wanted)
        for option, quantity in wanted.items():
            need.update(dict.fromkeys(self.shared[option], quantity))
        return need

    def has_room(self, need: Counter[Any]) -> bool:
        return all(self.taken[key] + quantity <= self.capacity[key] for key, quantity in need.items())

    def can_ever_fit(self, need: Counter[Any]) -> bool:
        return all(quantity <= self.capacity[key] for key, quantity in need.items())

    def up_to(self, demand: int, key: Any) -> int:
        return max(min(demand, self.capacity[key] - self.taken[key]), 0)
