"""The worker's side of imports."""

from celery import shared_task

from kernel import clock
from tenant_apps.imports import running, tidying


@shared_task(name="imports.work")
def work() -> None:
    running.work(at=clock.now())


@shared_task(name="imports.tidy")
def tidy() -> None:
    tidying.tidy(at=clock.now())
