"""The worker's side of payments."""

from celery import shared_task

from kernel import clock
from tenant_apps.payments.operations import refund, sweep


@shared_task(name="payments.sweep")
def sweep_payments() -> None:
    sweep.sweep(at=clock.now())
    refund.send_refunds(at=clock.now())
