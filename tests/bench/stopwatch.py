"""Medians of several runs, in wall time and in processor seconds of this process."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Measured:
    """Seconds for one `act`."""

    wall: float
    processor: float

    def __str__(self) -> str:
        return f"{self.wall * 1000:8.2f} ms wall, {self.processor * 1000:8.2f} ms processor"


def measured(act: Callable[[], object], *, times: int = 50, warm_up: int = 5) -> Measured:
    for _ in range(warm_up):
        act()
    walls, processors = [], []
    for _ in range(times):
        wall, processor = time.perf_counter(), time.process_time()
        act()
        walls.append(time.perf_counter() - wall)
        processors.append(time.process_time() - processor)
    return Measured(median(walls), median(processors))


def report(name: str, subject: Measured, yardstick: Measured) -> None:
    ratio = subject.wall / yardstick.wall
    print(f"\n{name}\n  measured   {subject}\n  yardstick  {yardstick}\n  ratio      {ratio:8.2f} × in wall time")
