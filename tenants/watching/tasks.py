"""The rounds of who watches: each organisation's figures, and the faults that are told no more."""

from celery import shared_task

from kernel import clock
from kernel.tasks import even_suspended
from tenants.tasks import platform_task
from tenants.watching import faults, pulse


@shared_task(name=even_suspended("watching.take_pulse"))
def take_pulse() -> None:
    pulse.take(at=clock.now())


@platform_task
def forget_faults() -> None:
    faults.forget(at=clock.now())
