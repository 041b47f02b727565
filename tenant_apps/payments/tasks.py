"""The worker's side of payments."""

from celery import shared_task

from kernel import clock
from kernel.tasks import even_suspended
from tenant_apps.payments.operations import charging, refund, sweep, warning


@shared_task(name=even_suspended("payments.sweep"))
def sweep_payments() -> None:
    sweep.sweep(at=clock.now())
    refund.send_refunds(at=clock.now())


@shared_task(name=even_suspended("payments.refresh_refunds"))
def refresh_refunds() -> None:
    """Those that wait for money at the processor: the word of their end may be lost."""
    refund.refresh_pending(at=clock.now())


@shared_task(name="payments.instalments")
def follow_instalments() -> None:
    """Those who are to be told hear of it before their card is asked."""
    warning.warn(at=clock.now())
    charging.charge_due(at=clock.now())
    warning.tell_of_lapsed_grace(at=clock.now())
    sweep.ask_the_banks(at=clock.now())
