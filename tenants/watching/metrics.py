"""What Prometheus counts: requests and tasks, by organisation, by the name of what was asked, by how it ended.

Labels are the registry's slugs and the program's own names: nothing that a visitor types makes a new series. How long
requests take is told by view and by organisation, not by both: hundreds of the one times hundreds of the other.
"""

from prometheus_client import CollectorRegistry, Counter, Histogram

NONE = "none"
# In memory where one process serves; in files of PROMETHEUS_MULTIPROC_DIR where several do.
OWN = CollectorRegistry()
_SECONDS = (0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)
_TASK_SECONDS = (0.1, 1, 10, 60, 600)

_REQUESTS = Counter("preau_requests", "Requests answered.", ["organisation", "view", "status"], registry=OWN)
_VIEWS = Histogram(
    "preau_request_seconds", "Time to answer, by view.", ["view", "status"], buckets=_SECONDS, registry=OWN
)
_ORGANISATIONS = Histogram(
    "preau_organisation_request_seconds",
    "Time to answer, by organisation.",
    ["organisation"],
    buckets=_SECONDS,
    registry=OWN,
)
_TASKS = Counter("preau_tasks", "Tasks ended.", ["organisation", "task", "outcome"], registry=OWN)
_TASK_TIMES = Histogram("preau_task_seconds", "Time of a task.", ["task"], buckets=_TASK_SECONDS, registry=OWN)


def request_answered(*, organisation: str, view: str, status: int, seconds: float) -> None:
    family = f"{status // 100}xx"
    _REQUESTS.labels(organisation, view, family).inc()
    _VIEWS.labels(view, family).observe(seconds)
    _ORGANISATIONS.labels(organisation).observe(seconds)


def task_ended(*, organisation: str, task: str, outcome: str, seconds: float) -> None:
    _TASKS.labels(organisation, task, outcome).inc()
    _TASK_TIMES.labels(task).observe(seconds)
