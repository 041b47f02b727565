"""The worker's side of reconciliation, with the processor and with the bank."""

from celery import shared_task

from kernel import clock
from kernel.tasks import even_suspended
from tenant_apps.accounting import reconciling
from tenant_apps.accounting.bank import matching


@shared_task(name=even_suspended("accounting.reconcile_recent"))
def reconcile_recent() -> None:
    at = clock.now()
    for _ in reconciling.reconcile_all(at=at, since=at - reconciling.RECENT):
        pass


@shared_task(name=even_suspended("accounting.reconcile_all"))
def reconcile_all() -> None:
    for _ in reconciling.reconcile_all(at=clock.now()):
        pass


@shared_task(name=even_suspended("accounting.match_bank"))
def match_bank() -> None:
    matching.match_all(at=clock.now())
