"""Half as fast as soon as requests are slow, a little faster while they are quick."""

import pytest

from tenant_apps.openings.pace import Stopwatch, first_rate, next_rate


@pytest.mark.parametrize(
    ("p95", "expected"),
    [(None, 4.2), (0.2, 4.2), (0.5, 4.0), (1.0, 4.0), (1.1, 2.0)],
)
def test_the_pace_follows_what_requests_take(p95: float | None, expected: float) -> None:
    assert next_rate(4.0, most=10.0, p95=p95) == expected


def test_it_is_never_faster_than_said_and_never_stops_by_itself() -> None:
    assert next_rate(9.9, most=10.0, p95=None) == 10.0
    assert next_rate(0.6, most=10.0, p95=3.0) == 0.5
    assert next_rate(0.5, most=0.0, p95=None) == 0.0
    assert (first_rate(10.0), first_rate(1.0), first_rate(0.0)) == (2.5, 1.0, 0.0)


def test_a_few_slow_requests_keep_the_pace_and_many_halve_it() -> None:
    watch = Stopwatch()
    assert watch.p95() is None
    watch.note(0.1)
    assert watch.p95() == 0.1
    for _ in range(18):
        watch.note(5.0)
    assert watch.p95() == 1.0

    watch.note(5.0)
    assert watch.p95() == 5.0

    watch.forget()
    assert watch.p95() is None
