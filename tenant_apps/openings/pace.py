"""How fast families are called: faster while this process answers quickly, half as fast as soon as it does not."""

import time
from collections import deque
from collections.abc import Iterator
from statistics import quantiles

SLOW_SECONDS = 1.0
QUICK_SECONDS = 0.5
# One every two seconds: a queue that stops altogether would never learn that the rush is over.
LEAST_PER_SECOND = 0.5
_GROWTH = 0.02
_WINDOW_SECONDS = 10.0
_FEW = 20


class Stopwatch:
    """How long the requests of the last seconds took, in this process."""

    def __init__(self) -> None:
        self._noted: deque[tuple[float, float]] = deque(maxlen=1000)

    def note(self, seconds: float) -> None:
        self._noted.append((time.monotonic(), seconds))

    def p95(self) -> float | None:
        """None where none was answered. A few that were slow are a reason to wait, and not yet to slow down."""
        recent = list(self._recent())
        if len(recent) < _FEW:
            return min(max(recent), SLOW_SECONDS) if recent else None
        return quantiles(recent, n=20)[-1]

    def forget(self) -> None:
        """What made the pace slower once is no reason to make it slower again."""
        self._noted.clear()

    def _recent(self) -> Iterator[float]:
        since = time.monotonic() - _WINDOW_SECONDS
        return (seconds for noted_at, seconds in tuple(self._noted) if noted_at >= since)


# Of this process: filled at its door (config.door).
REQUESTS = Stopwatch()


def first_rate(most: float) -> float:
    return min(most, max(1.0, most / 4))


def next_rate(rate: float, *, most: float, p95: float | None) -> float:
    """Families a second from now on, never more than `most`."""
    if p95 is not None and p95 > SLOW_SECONDS:
        return min(most, max(LEAST_PER_SECOND, rate / 2))
    if p95 is None or p95 < QUICK_SECONDS:
        return min(most, max(LEAST_PER_SECOND, rate) + most * _GROWTH)
    return min(most, rate)
