"""Background work: a task runs in the organisation that sent it, or not at all."""

import random
from collections.abc import Callable
from typing import Any

import structlog
from celery import Task, current_app, shared_task

from kernel.database import connection
from kernel.tasks import EVEN_SUSPENDED
from tenants.context import each_ready_organisation, each_served_organisation, in_organisation, in_registry
from tenants.models import SERVED, Organisation, State

logger = structlog.get_logger(__name__)

# The header that says whose task it is: its schema, which is also in the registry.
HEADER = "organisation"
# A round that comes late is not worth more than the next one.
_ROUND_EXPIRES_SECONDS = 120
_ROUND_SPREAD_SECONDS = 5


class TaskRefused(Exception):
    """The task names no organisation, an unknown one, or one that is not in service. It is not tried again."""


class OrganisationTask(Task[Any, Any]):
    """Sent with the organisation of the sender, run inside it."""

    abstract = True

    def apply_async(self, *args: Any, **options: Any) -> Any:
        options["headers"] = {**(options.get("headers") or {}), HEADER: _sender(self.name)}
        return super().apply_async(*args, **options)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if self.request.called_directly:
            _sender(self.name)
            return super().__call__(*args, **kwargs)
        organisation = _named((self.request.headers or {}).get(HEADER), task=self.name)
        # Until the end of the task, whose last line is written after it has left the organisation (kernel.task_logs).
        structlog.contextvars.bind_contextvars(organisation=organisation.slug)
        with in_organisation(organisation):
            _check_walls(organisation)
            return super().__call__(*args, **kwargs)


class PlatformTask(Task[Any, Any]):
    """Run on the registry, with the application's own rights: for the few tasks that belong to no organisation."""

    abstract = True

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        with in_registry():
            return super().__call__(*args, **kwargs)


def platform_task(function: Callable[..., Any]) -> Task[Any, Any]:
    """A task of the platform itself."""
    return shared_task(base=PlatformTask)(function)


@platform_task
def each_organisation(*, task_name: str) -> None:
    """Send a task to every organisation in service, spread over some seconds; a copy that comes too late is dropped."""
    task = current_app.tasks[task_name]
    for _ in each_served_organisation() if task_name in EVEN_SUSPENDED else each_ready_organisation():
        task.apply_async(
            countdown=random.uniform(0, _ROUND_SPREAD_SECONDS),  # noqa: S311
            expires=_ROUND_EXPIRES_SECONDS,
        )


def _sender(task: str) -> str:
    tenant = connection.tenant
    if not isinstance(tenant, Organisation):
        raise TaskRefused(f"{task} belongs to an organisation and is sent from none")
    return str(tenant.schema_name)


def _named(schema: str | None, *, task: str) -> Organisation:
    if not schema:
        raise TaskRefused(f"{task} came without an organisation")
    with in_registry():
        organisation = Organisation.objects.filter(schema_name=schema).first()
    if organisation is None:
        raise TaskRefused(f"{task} came for {schema}, which is not in the registry")
    if organisation.state not in (SERVED if task in EVEN_SUSPENDED else {State.READY}):
        raise TaskRefused(f"{task} came for {schema}, which is {organisation.state}")
    return organisation


def _check_walls(organisation: Organisation) -> None:
    """What the database itself says: the schema exists, comes first, and is seen with its own role."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_schema(), current_user")
        schema, role = cursor.fetchone()
    if (schema, role) != (organisation.schema_name, organisation.schema_name):
        raise TaskRefused(f"{organisation.schema_name} was entered and the database says {schema} as {role}")
