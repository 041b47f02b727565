"""What Prometheus reads of the registry when it asks: one number an organisation, none of them asked of a schema."""

from collections.abc import Callable, Iterable, Iterator

from django.db.models import Count
from prometheus_client.core import GaugeMetricFamily, Metric

from kernel import clock
from kernel.registry import Registry
from tenants.context import in_registry
from tenants.models import (
    PROVISIONED,
    UNDER_WAY,
    Domain,
    Export,
    Fault,
    JobRun,
    Organisation,
    Pulse,
    Restore,
)
from tenants.schemas import status
from tenants.watching import queue

# What rooms above add, asked on the registry.
GAUGES: Registry[Callable[[], Iterable[Metric]]] = Registry("source of gauges")


class RegistryCollector:
    """For prometheus_client, which calls `collect` at each scrape."""

    def collect(self) -> Iterator[Metric]:
        with in_registry():
            for told in (_organisations, _pulses, _jobs, _domains, _works, _queue, *(told for _, told in GAUGES)):
                yield from told()


def by(name: str, words: str, labels: list[str], values: Iterable[tuple[Iterable[object], float]]) -> Metric:
    family = GaugeMetricFamily(f"preau_{name}", words, labels=labels)
    for labelled, value in values:
        family.add_metric([str(label) for label in labelled], value)
    return family


def _organisations() -> Iterator[Metric]:
    states = Organisation.objects.values_list("state").annotate(Count("pk")).order_by("state")
    yield by("organisations", "Organisations, by state.", ["state"], (([state], number) for state, number in states))
    yield by("migrations_behind", "Organisations that lack a migration.", [], [([], status.count_behind())])


def _pulses() -> Iterator[Metric]:
    now = clock.now()
    rows = list(
        Pulse.objects.filter(organisation__state__in=PROVISIONED)
        .values_list("organisation__slug", "at", "figures")
        .order_by("organisation__slug")
    )
    ages = (([slug], (now - at).total_seconds()) for slug, at, _ in rows)
    yield by("pulse_age_seconds", "Since an organisation's figures were taken.", ["organisation"], ages)
    for name in sorted({name for _, _, figures in rows for name in figures}):
        values = (([slug], figures[name]) for slug, _, figures in rows if name in figures)
        yield by(f"figure_{name}", "An organisation's own figure.", ["organisation"], values)


def _jobs() -> Iterator[Metric]:
    failing = JobRun.objects.filter(failures__gt=0).values_list("organisation__slug", "task", "failures")
    values = (([slug or "none", task], failures) for slug, task, failures in failing)
    yield by("task_failing", "Failures of a task since it last ended well.", ["organisation", "task"], values)
    faults = Fault.objects.filter(settled_at=None).values_list("organisation__slug").annotate(Count("pk"))
    values_of_faults = (([slug or "none"], number) for slug, number in faults.order_by())
    yield by("faults_open", "Kinds of error that nobody has settled.", ["organisation"], values_of_faults)


def _domains() -> Iterator[Metric]:
    found = Domain.objects.filter(is_own=True).values_list("state").annotate(Count("pk")).order_by("state")
    yield by("own_domains", "Domains of organisations' own, by state.", ["state"], (([s], n) for s, n in found))


def _works() -> Iterator[Metric]:
    for name, model in (("exports", Export), ("restores", Restore)):
        found = model._default_manager.filter(state__in=UNDER_WAY).values_list("state").annotate(Count("pk"))
        yield by(f"{name}_under_way", f"The {name} under way, by state.", ["state"], (([s], n) for s, n in found))


def _queue() -> Iterator[Metric]:
    now, read, last = clock.now(), queue.read(), queue.last_round()
    if read is not None:
        yield by("queue_waiting", "Tasks that wait in the broker.", [], [([], read.waiting)])
        yield by("queue_oldest_seconds", "How long the first of them has waited.", [], [([], read.oldest_seconds)])
    if last is not None:
        yield by("round_age_seconds", "Since the regular tasks went out.", [], [([], (now - last).total_seconds())])
